import assert from 'node:assert/strict';
import express from 'express';
import { describe, it } from 'mocha';
import request from 'supertest';
import { noReferrer, noStore, securityHeaders } from '../../server/platform/security-headers.ts';

describe('security headers', () => {
  const headersOf = async (tls: boolean, formTargets?: string[]) => {
    const app = express();
    app.use(securityHeaders(formTargets ? { tls, formTargets } : { tls }));
    app.get('/', noStore, (_req, res) => { res.send('page'); });
    app.get('/password/reset/:token', noReferrer, (_req, res) => { res.send('page'); });
    return { page: (await request(app).get('/')).headers, reset: (await request(app).get('/password/reset/x')).headers };
  };
  const policyOf = (text: string | undefined) => new Map((text ?? '').split(';').map((part) => {
    const [name = '', ...values] = part.trim().split(' ');
    return [name, values.join(' ')];
  }));

  it('let a page load its own scripts and styles, and nothing inline or from elsewhere', async () => {
    const policy = policyOf((await headersOf(false)).page['content-security-policy']);
    assert.deepEqual(Object.fromEntries(policy), {
      'default-src': `'none'`, 'script-src': `'self'`, 'style-src': `'self'`, 'img-src': `'self' data:`, 'font-src': `'self'`, 'connect-src': `'self'`,
      'manifest-src': `'self'`, 'form-action': `'self'`, 'frame-ancestors': `'none'`, 'base-uri': `'none'`, 'object-src': `'none'`,
    });
  });

  it('S1-89 forbid that the portal is shown in a frame', async () => {
    const { page } = await headersOf(false);
    assert.match(page['content-security-policy'] ?? '', /frame-ancestors 'none'/);
    assert.equal(page['x-frame-options'], 'DENY');
  });

  it('let forms lead to the payment gateway\'s own page', async () => {
    const { page } = await headersOf(false, ['https://checkout.stripe.com']);
    assert.equal(policyOf(page['content-security-policy']).get('form-action'), `'self' https://checkout.stripe.com`);
  });

  it('demand TLS for a year on all subdomains, but only where there is TLS', async () => {
    assert.equal((await headersOf(true)).page['strict-transport-security'], 'max-age=31536000; includeSubDomains');
    assert.equal((await headersOf(false)).page['strict-transport-security'], undefined);
  });

  it('A59 keep addresses from other sites, and tokens from all of them', async () => {
    const { page, reset } = await headersOf(false);
    assert.equal(page['referrer-policy'], 'strict-origin-when-cross-origin');
    assert.equal(reset['referrer-policy'], 'no-referrer');
  });

  it('A23 keep pages out of every cache', async () => {
    assert.equal((await headersOf(false)).page['cache-control'], 'no-store');
  });

  it('switch off guessing of types, foreign openers, unused devices and the name of the software', async () => {
    const { page } = await headersOf(false);
    assert.equal(page['x-content-type-options'], 'nosniff');
    assert.equal(page['cross-origin-opener-policy'], 'same-origin');
    assert.match(page['permissions-policy'] ?? '', /camera=\(\).*geolocation=\(\)/);
    assert.equal(page['x-powered-by'], undefined);
  });
});

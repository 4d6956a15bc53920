import assert from 'node:assert/strict';
import express, { type ErrorRequestHandler } from 'express';
import { describe, it } from 'mocha';
import request from 'supertest';
import { AppError } from '../../server/platform/errors.ts';
import { originWall, safeReturnPath } from '../../server/platform/origin.ts';

describe('the origin wall', () => {
  const onError: ErrorRequestHandler = (error, _req, res, _next) => void res.sendStatus(error instanceof AppError ? error.status : 500);
  const app = express().use(originWall, (_req, res) => void res.sendStatus(204)).use(onError);
  const statusOf = async (headers: Record<string, string>, method: 'post' | 'put' | 'delete' | 'get' | 'options' = 'post') =>
    (await request(app)[method]('/pay').set({ Host: 'acme.example.com:3000', ...headers })).status;

  for (const [title, headers, expected] of [
    ['passes a form of this host', { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://acme.example.com:3000' }, 204],
    ['passes what the person typed', { 'Sec-Fetch-Site': 'none' }, 204],
    ['passes a program that is no browser', {}, 204],
    ['passes an old browser\'s form of this host', { Origin: 'http://acme.example.com:3000' }, 204],
    ['passes it over TLS', { Origin: 'https://acme.example.com:3000' }, 204],
    ['passes it whatever the case of the host', { Host: 'ACME.example.com:3000', Origin: 'http://acme.example.com:3000' }, 204],
    ['A24 refuses another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['A24 refuses another site whatever its Origin says', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://acme.example.com:3000' }, 403],
    ['A24 refuses a sibling subdomain', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://other.example.com:3000' }, 403],
    ['A24 refuses a sibling subdomain of an old browser', { Origin: 'http://other.example.com:3000' }, 403],
    ['A24 refuses Origin null', { Origin: 'null' }, 403],
    ['A24 refuses another port', { Origin: 'http://acme.example.com:3001' }, 403],
    ['A24 refuses the host as user name', { Origin: 'http://acme.example.com:3000@evil.example' }, 403],
    ['A24 refuses the host as prefix', { Origin: 'http://acme.example.com:3000.evil.example' }, 403],
    ['A24 refuses another scheme', { Origin: 'chrome-extension://acme.example.com:3000' }, 403],
    ['A24 refuses two values', { 'Sec-Fetch-Site': 'same-origin, cross-site' }, 403],
    ['A24 refuses an unknown value', { 'Sec-Fetch-Site': 'SAME-ORIGIN' }, 403],
    ['A24 refuses a plain-text body of another site', { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'text/plain' }, 403],
  ] as const) {
    it(title, async () => assert.equal(await statusOf(headers), expected));
  }

  it('A24 holds for every method that may change something, and for no other', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const found = [await statusOf(headers, 'put'), await statusOf(headers, 'delete'), await statusOf(headers, 'get'), await statusOf(headers, 'options')];
    assert.deepEqual(found, [403, 403, 204, 204]);
  });

  it('A11 believes X-Forwarded-Host from no stranger', async () => {
    assert.equal(await statusOf({ 'X-Forwarded-Host': 'evil.example', Origin: 'http://evil.example' }), 403);
  });
});

describe('the path to return to', () => {
  const own = ['/', '/billing', '/invoices/INV-1042.pdf', '/billing/transactions?page=2&from=2026-01-01', '/calendar?next=/a//b', '/search?q=50%25+off', '/students/1:a@b', '/~me/(x)'];
  for (const path of own) it(`keeps ${path}`, () => assert.equal(safeReturnPath(path), path));

  const foreign = [
    '//evil.example', '///evil.example', '////evil.example', '/\\evil.example', '\\\\evil.example', '\\/evil.example', '/\\/evil.example',
    '/%5Cevil.example', '/%5cevil.example', '/%2Fevil.example', '/%2F%2Fevil.example', '/%2f%2fevil.example', '/%252F%252Fevil.example', '/a/%2e%2e//evil.example',
    'https://evil.example', 'https:evil.example', 'http:/evil.example', 'HTTPS:\\\\evil.example', 'http://acme.example.com@evil.example', '//acme.example.com@evil.example',
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'mailto:x@evil.example',
    '/\t/evil.example', '/\n/evil.example', '/\r\n/evil.example', '\t//evil.example', ' //evil.example', '/ /evil.example', '/\0/evil.example',
    '/%09/evil.example', '/%0a/evil.example', '/%0D%0ALocation:%20http://evil.example', '/%00', '/x\r\nSet-Cookie: a=b',
    '/.//evil.example', '/..//evil.example', '/a/..//evil.example', '/./x', '/../x', '/%2e%2e/x', '/.%2E/x',
    'evil.example', 'billing', './billing', '../billing', '?x', '#x', '', '.', '/#//evil.example', '/billing#x',
    '/\u2215evil.example', '/\uFF0F\uFF0Fevil.example', '\u2028//evil.example', '/\u202Egnp.x', '/\uD800', '@evil.example', ':80', '/a b', '/"onload=', '/<script>',
    `/${'a'.repeat(2000)}`, `/?${'a'.repeat(2000)}`,
  ];
  for (const path of foreign) it(`A20 refuses ${JSON.stringify(path.slice(0, 50))}`, () => assert.equal(safeReturnPath(path), '/'));

  it('A20 refuses what is no text', () => {
    for (const value of [undefined, null, 1, true, {}, [], ['/billing'], { toString: () => '/billing' }]) assert.equal(safeReturnPath(value), '/');
  });

  it('A20 keeps nothing that a browser would take to another host', () => {
    for (const path of own) assert.equal(new URL(safeReturnPath(path), 'http://acme.example.com').host, 'acme.example.com');
  });
});

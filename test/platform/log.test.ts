import assert from 'node:assert/strict';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { describe, it } from 'mocha';
import request from 'supertest';
import { AppError } from '../../server/platform/errors.ts';
import { createLog, requestLog } from '../../server/platform/log.ts';
import { allowMetrics, createMetrics, type Metrics } from '../../server/platform/metrics.ts';

interface Line {
  [name: string]: unknown;
}

function portal(metrics?: Metrics): { app: Express; text: () => string } {
  const written: string[] = [];
  const log = createLog('info', { write: (line: string) => void written.push(line) });
  const staff = express.Router().get('/accounts/:number', (_req, res) => { res.send('page'); });
  const app = express().use(requestLog(log, (req) => req.get('x-tenant')));
  if (metrics) app.use(metrics.timeRequests);
  app.get('/healthz', (_req, res) => { res.send('ok'); });
  app.get('/password/reset/:token', (_req, res) => { res.send('page'); });
  app.get('/readyz', () => { throw new AppError(503, 'no database'); });
  app.get('/broken', () => { throw Object.assign(new Error('boom'), { sql: 'select secret', cause: new Error('why') }); });
  app.use('/staff', staff).use('/t/:token', express.Router().get('/x', (_req, res) => { res.send('page'); }));
  return { app: app.use(onError), text: () => written.join('') };
}

const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  res.err = error as Error;
  res.sendStatus(error instanceof AppError ? error.status : 500);
};

describe('the request log', () => {
  it('writes one line with id, method, route pattern, tenant, status and time', async () => {
    const { app, text } = portal();
    const reply = await request(app).get('/staff/accounts/A-17').set('X-Tenant', 'acme');
    assert.equal(text().split('\n').length, 2);
    const { requestId, method, route, tenant, status, ms, level } = JSON.parse(text()) as Line;
    assert.deepEqual([method, route, tenant, status, level, typeof ms], ['GET', '/staff/accounts/:number', 'acme', 200, 30, 'number']);
    assert.equal(requestId, reply.headers['x-request-id']);
  });

  it('A30 16.2.5 never writes the address, its query, or a header', async () => {
    const { app, text } = portal();
    const send = (path: string) => request(app).get(path).set({
      Cookie: 'portal=s3cret', Authorization: 'Bearer s3cret', Referer: 'http://x/s3cret', 'X-Request-Id': 's3cret', Traceparent: 's3cret', 'User-Agent': 's3cret',
    });
    for (const path of ['/password/reset/s3cret', '/healthz?x=s3cret', '/none/s3cret', '/t/s3cret/x', '/broken?s3cret']) await send(path);
    assert.doesNotMatch(text(), /s3cret/);
    assert.match(text(), /"route":"\/password\/reset\/:token"/);
    assert.match(text(), /"route":"unmatched"/);
  });

  it('says why a request failed, without the statement or its values', async () => {
    const { app, text } = portal();
    await request(app).get('/broken');
    const { level, status, err } = JSON.parse(text()) as Line & { err: Line & { cause: Line } };
    assert.deepEqual([level, status, err.message, err.cause.message], [50, 500, 'boom', 'why']);
    assert.doesNotMatch(text(), /select secret/);
  });

  it('is quiet about probes that succeed, and not about those that fail', async () => {
    const { app, text } = portal();
    await request(app).get('/healthz');
    assert.equal(text(), '');
    await request(app).get('/readyz');
    assert.match(text(), /"route":"\/readyz".*no database/);
  });

  it('keeps the trace id of a caller that follows the standard', async () => {
    const { app, text } = portal();
    await request(app).get('/broken').set('Traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    assert.match(text(), /"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"/);
  });
});

describe('the log', () => {
  it('16.2.5 hides secrets wherever they stand in what is logged', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const secret = { password: 's3cret', token: 's3cret', cookie: 's3cret', authorization: 's3cret', 'set-cookie': 's3cret', _csrf: 's3cret' };
    log.info({ ...secret, body: secret, req: { headers: secret } }, 'something');
    assert.doesNotMatch(lines.join(''), /s3cret/);
    assert.match(lines.join(''), /something/);
  });

  it('A30 keeps a line a line, whatever is in it', () => {
    const lines: string[] = [];
    createLog('info', { write: (line: string) => void lines.push(line) }).info({ name: 'Ann\r\n{"level":60}\u001b[31m' }, 'a\nb');
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.trimEnd().includes('\n'), false);
    assert.equal(lines[0]?.includes('\u001b'), false);
  });
});

describe('the metrics', () => {
  it('time requests by route pattern and count payments and connections', async () => {
    const metrics = createMetrics();
    const { app } = portal(metrics);
    metrics.countPayment('sandbox', 'succeeded');
    metrics.watchPool('web', () => ({ open: 3, idle: 2, waiting: 1 }));
    await request(app).get('/password/reset/s3cret');
    const { text } = await request(express().use(metrics.page)).get('/');
    assert.match(text, /http_request_duration_seconds_count\{method="GET",route="\/password\/reset\/:token",status="200"\} 1/);
    assert.match(text, /payments_total\{gateway="sandbox",outcome="succeeded"\} 1/);
    assert.match(text, /db_pool_connections\{pool="web",state="waiting"\} 1/);
    assert.match(text, /nodejs_eventloop_lag_p99_seconds/);
    assert.doesNotMatch(text, /s3cret/);
  });

  for (const [title, list, headers, trust, expected] of [
    ['are shown to this machine', undefined, {}, false, 200],
    ['are shown to a listed network', ['127.0.0.0/16'], {}, false, 200],
    ['are hidden from everybody else', ['10.0.0.0/8', '::1'], {}, false, 404],
    ['are hidden from whom a proxy on this machine brings', undefined, { 'X-Forwarded-For': '203.0.113.9' }, true, 404],
    ['are hidden behind a proxy that nobody has declared', undefined, { 'X-Forwarded-For': '127.0.0.1' }, false, 404],
    ['are shown to a listed address behind a proxy', ['203.0.113.9'], { 'X-Forwarded-For': '203.0.113.9' }, true, 200],
    ['are shown to a listed IPv6 network', ['2001:db8::/32'], { 'X-Forwarded-For': '2001:db8::7' }, true, 200],
  ] as const) {
    it(`13.4.5 ${title}`, async () => {
      const app = express().set('trust proxy', trust ? 'loopback' : []);
      app.get('/metrics', allowMetrics(list), (_req, res) => { res.send('figures'); });
      assert.equal((await request(app.use(onError)).get('/metrics').set(headers)).status, expected);
    });
  }
});

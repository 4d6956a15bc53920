import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, before, describe, it } from 'mocha';
import { Client } from 'pg';
import request, { type Response } from 'supertest';
import { Unavailable } from '../../server/platform/errors.ts';
import { createSessionStore, type SessionStore } from '../../server/platform/session-store.ts';
import { copyDatabase, type TestDatabase } from '../support/database.ts';
import { sessionApp, signedCookie } from './session-app.ts';
import { freePort, isFrozen, noRedis, startRedis, steadily, type OwnRedis } from './store-servers.ts';

const quiet = { warn: () => undefined };

describe('a session store that fails', () => {
  let open: { sessions: SessionStore; server: Server } | undefined;
  afterEach(async () => {
    open?.server.close();
    await open?.sessions.close();
    open = undefined;
  });

  const serve = async (urls: { webUrl: string; redisUrl?: string }, log: { warn: () => undefined } = quiet) => {
    const sessions = await createSessionStore({ ...urls, log });
    const server = sessionApp(sessions.store).listen(0);
    await once(server, 'listening');
    open = { sessions, server };
    return open;
  };

  for (const [what, webUrl] of [
    ['refuses connections', 'postgres://portico@127.0.0.1:1/portico'],
    ['has lost its socket file', 'postgres://portico@/portico?host=/nonexistent'],
  ] as const) {
    it(`that ${what} answers 503 to a signed-in visitor, never "signed out"`, async () => {
      const { server, sessions } = await serve({ webUrl });
      const reply = await page(server, 'portal=s%3Aabc.UwD7bM%2BkGoyF');
      assert.equal(reply.status, 200, 'a forged cookie is no session and asks no store');
      assertUnavailable(await page(server, signedCookie('abc')));
      await assert.rejects(sessions.ping(), Unavailable);
    });
  }

  it('leaves pages without a session alone', async () => {
    const { server } = await serve({ webUrl: 'postgres://portico@127.0.0.1:1/portico' });
    assert.equal((await page(server, '')).body.signIn, 'nobody');
  });

  it('refuses a sign-in with 503 and leaves the browser\'s cookie as it is', async () => {
    const { server } = await serve({ webUrl: 'postgres://portico@127.0.0.1:1/portico' });
    const reply = await signIn(server);
    assertUnavailable(reply);
    assert.equal(reply.headers['set-cookie'], undefined);
  });

  describe('on PostgreSQL', () => {
    let postgres: TestDatabase;
    before(async () => { postgres = await copyDatabase(`portico_failures_${process.pid}`); });

    it('outlives the end of its idle connections', async () => {
      const lost = Promise.withResolvers<void>();
      const { server } = await serve(postgres, { warn: () => lost.resolve() as undefined });
      const cookie = cookieOf(await signIn(server));
      await asAdmin(postgres, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'portico_web' and datname = current_database()`);
      await lost.promise;
      assert.equal((await page(server, cookie)).body.signIn, 'ann');
    });

    it('answers everybody while the table is locked, and nobody is signed out after it', async () => {
      const { server } = await serve(postgres);
      const cookie = cookieOf(await signIn(server));
      const owner = new Client({ connectionString: postgres.ownerUrl });
      await owner.connect();
      await owner.query('begin; lock table app.sessions in access exclusive mode');
      for (const reply of await steadily(40, () => answerTo(server, cookie))) assertUnavailable(reply);
      await owner.query('rollback');
      await owner.end();
      assert.equal(await signedInAgain(server, cookie), 'ann');
    });
  });

  describe(noRedis ? `on Redis (skipped: ${noRedis})` : 'on Redis', () => {
    let redis: OwnRedis | undefined;
    before(function needsRedis() { if (noRedis) this.skip(); });
    afterEach(async () => {
      await redis?.stop();
      redis = undefined;
    });
    const start = async (port?: number) => (redis = await startRedis(port));

    it('F5 answers every request while it is frozen under steady traffic, and nobody is signed out after it', async () => {
      const own = await start();
      const { server } = await serve({ webUrl: '', redisUrl: own.url });
      const cookie = cookieOf(await signIn(server));
      own.child.kill('SIGSTOP');
      const replies = await steadily(40, () => answerTo(server, cookie));
      assert.ok(isFrozen(own), 'all answers came before it was woken');
      for (const reply of replies) assertUnavailable(reply);
      own.child.kill('SIGCONT');
      assert.equal(await signedInAgain(server, cookie), 'ann');
    });

    it('may be absent at the start: the portal starts, answers 503, and works once it is there', async () => {
      const port = await freePort();
      const { server, sessions } = await serve({ webUrl: '', redisUrl: `redis://127.0.0.1:${port}` });
      await assert.rejects(sessions.ping(), Unavailable);
      assertUnavailable(await signIn(server));
      await start(port);
      while ((await signIn(server)).status !== 303) await delay(20);
      await sessions.ping();
    });

    it('may be killed: 503 at once, and it is used again when it is back', async () => {
      const { url, stop } = await start();
      const { server } = await serve({ webUrl: '', redisUrl: url });
      const cookie = cookieOf(await signIn(server));
      await stop();
      for (const reply of await steadily(10, () => answerTo(server, cookie))) assertUnavailable(reply);
      await start(Number(new URL(url).port));
      while ((await signIn(server)).status !== 303) await delay(20);
    });

    it('closes even while it is frozen', async () => {
      const { url, child } = await start();
      const sessions = await createSessionStore({ webUrl: '', redisUrl: url, log: quiet });
      child.kill('SIGSTOP');
      await sessions.close();
    });
  });
});

/** Waits out the 503s of the breaker; a page that says "nobody" ends the wait at once. */
async function signedInAgain(server: Server, cookie: string): Promise<string> {
  for (;;) {
    const reply = await page(server, cookie);
    if (reply.status === 200) return reply.body.signIn as string;
    await delay(20);
  }
}

function assertUnavailable(reply: Response): void {
  assert.equal(reply.status, 503, reply.text);
  assert.match(reply.headers['retry-after'] ?? '', /^[1-9]/);
}

const page = (server: Server, cookie: string) => request(server).get('/').set('Host', 'acme.example.com').set('Cookie', cookie);
const answerTo = async (server: Server, cookie: string) => page(server, cookie);
const signIn = (server: Server) => request(server).post('/login').set('Host', 'acme.example.com').send('who=ann');

function cookieOf(reply: Response): string {
  assert.equal(reply.status, 303, reply.text);
  return String(reply.headers['set-cookie']).split(';')[0] ?? '';
}

async function asAdmin(postgres: TestDatabase, sql: string): Promise<void> {
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query(sql);
  await admin.end();
}

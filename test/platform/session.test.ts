import assert from 'node:assert/strict';
import type { Express } from 'express';
import { after, before, describe, it } from 'mocha';
import { Client } from 'pg';
import request, { type Response } from 'supertest';
import { createSessionStore, type SessionStore } from '../../server/platform/session-store.ts';
import { sessionsFor } from '../../server/platform/session.ts';
import { sessionApp } from './session-app.ts';
import { copyDatabase } from '../support/database.ts';
import { noRedis, startRedis } from './store-servers.ts';

const log = { warn: () => undefined };
const acme = 'acme.example.com';

interface Place {
  readonly webUrl: string;
  readonly redisUrl?: string | undefined;
  /** How many sessions the store holds. */
  readonly count: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

async function inPostgres(): Promise<Place> {
  const { webUrl } = await copyDatabase(`portico_sessions_${process.pid}`);
  const client = new Client({ connectionString: webUrl });
  await client.connect();
  return {
    webUrl,
    count: async () => Number((await client.query<{ count: number }>('select count(*) from app.sessions')).rows[0]?.count),
    stop: () => client.end(),
  };
}

async function inRedis(): Promise<Place> {
  const { createClient } = await import('redis');
  const own = process.env['TEST_REDIS_URL'] ? undefined : await startRedis();
  const redisUrl = own?.url ?? process.env['TEST_REDIS_URL'] ?? '';
  const client = createClient({ url: redisUrl });
  await client.connect();
  return {
    webUrl: 'postgres://nobody@127.0.0.1:1/none',
    redisUrl,
    count: async () => (await client.keys('portico:session:*')).length,
    stop: async () => {
      await client.close();
      await own?.stop();
    },
  };
}

const stores = [
  { name: 'PostgreSQL', open: inPostgres, missing: undefined },
  { name: 'Redis', open: inRedis, missing: process.env['TEST_REDIS_URL'] ? undefined : noRedis },
];

for (const { name, open, missing } of stores) {
  describe(missing ? `sessions in ${name} (skipped: ${missing})` : `sessions in ${name}`, () => {
    let place: Place;
    let sessions: SessionStore;
    let app: Express;

    before(async function prepare() {
      if (missing) return this.skip();
      place = await open();
      sessions = await createSessionStore({ ...place, log });
      app = sessionApp(sessions.store);
      return undefined;
    });
    after(async () => {
      await sessions?.close();
      await place?.stop();
    });

    it('answers a ping', async () => {
      await sessions.ping();
    });

    it('keeps who has signed in from one page to the next', async () => {
      const cookie = await signIn('ann');
      assert.equal((await page(cookie)).body.signIn, 'ann');
      assert.equal((await page(cookie)).body.signIn, 'ann');
    });

    it('stores nothing for a visitor who has not signed in, and sets no cookie', async () => {
      const had = await place.count();
      const reply = await page('');
      assert.deepEqual([reply.body.signIn, reply.body.csrf, reply.headers['set-cookie']], ['nobody', 'none', undefined]);
      assert.equal(await place.count(), had);
    });

    it('A8 the cookie from before a sign-in is worthless after it', async () => {
      const old = await signIn('ann');
      const fresh = await signIn('bob', old);
      assert.notEqual(fresh, old);
      assert.equal((await page(old)).body.signIn, 'nobody');
      assert.equal((await page(fresh)).body.signIn, 'bob');
    });

    it('A8 a session id of somebody else\'s making is never taken over', async () => {
      const reply = await post('/login', 'portal=s%3Achosen-by-another.c2lnbmF0dXJl').send('who=ann');
      assert.doesNotMatch(cookieOf(reply), /chosen-by-another/);
    });

    it('A9 the cookie is worthless after signing out, and the browser is told to drop it', async () => {
      const cookie = await signIn('ann');
      const had = await place.count();
      const reply = await post('/logout', cookie);
      assert.match(String(reply.headers['set-cookie']), /^portal=; Path=\/; Expires=Thu, 01 Jan 1970/);
      assert.equal(await place.count(), had - 1);
      assert.equal((await page(cookie)).body.signIn, 'nobody');
    });

    it('A10 a cookie of one tenant signs nobody in on another\'s host', async () => {
      const cookie = await signIn('ann');
      assert.equal((await request(app).get('/').set('Host', 'other.example.com').set('Cookie', cookie)).body.signIn, 'nobody');
    });

    it('keeps the staff and the portal session of one browser apart', async () => {
      const [portal, staff] = [await signIn('ann'), await signIn('owner', '', '/staff/login')];
      const both = `${portal}; ${staff}`;
      assert.deepEqual([await who('/', both), await who('/staff', both), await who('/STAFF', both)], ['ann', 'owner', 'owner']);
      await post('/logout', both);
      assert.deepEqual([await who('/', both), await who('/staff', both)], ['nobody', 'owner']);
    });

    it('a portal cookie is worthless under the name of the staff cookie', async () => {
      const cookie = await signIn('ann');
      assert.equal(await who('/staff', cookie.replace('portal=', 'staff=')), 'nobody');
    });

    it('A24 a form needs the token of its own session', async () => {
      const [ann, bob] = [await signIn('ann'), await signIn('bob')];
      const token = (await page(ann)).body.csrf as string;
      assert.match(token, /^[0-9a-f]{64}$/);
      assert.equal((await post('/account', ann).send({ _csrf: token }).type('form')).status, 200);
      for (const [cookie, body] of [[ann, ''], [ann, '_csrf='], [ann, `_csrf=${token}x`], [ann, `_csrf[]=${token}`], [bob, `_csrf=${token}`], ['', `_csrf=${token}`]] as const) {
        assert.equal((await post('/account', cookie).send(body).type('form')).status, 403, body);
      }
    });

    it('reading pages writes nothing to the store, and assets do not even read', async () => {
      const cookie = await signIn('ann');
      const calls = countCalls(sessions.store);
      await page(cookie);
      assert.deepEqual(calls, ['get']);
      await request(app).get('/assets/site.css').set('Cookie', cookie).set('Host', acme).expect('undefined');
      assert.deepEqual(calls, ['get']);
    });

    const page = (cookie: string) => request(app).get('/').set('Host', acme).set('Cookie', cookie);
    const post = (path: string, cookie: string) => request(app).post(path).set('Host', acme).set('Cookie', cookie);
    const who = async (path: string, cookie: string) => (await request(app).get(path).set('Host', acme).set('Cookie', cookie)).body.signIn as string;
    const signIn = async (person: string, cookie = '', path = '/login') => cookieOf(await post(path, cookie).send(`who=${person}`).expect(303));
  });
}

describe('session cookies', () => {
  let place: Place;
  let sessions: SessionStore;
  before(async () => {
    place = await inPostgres();
    sessions = await createSessionStore({ ...place, log });
  });
  after(async () => {
    await sessions.close();
    await place.stop();
  });

  it('are HttpOnly, SameSite=Lax, for the whole host and for no other', async () => {
    const reply = await request(sessionApp(sessions.store)).post('/login').set('Host', acme).send('who=ann');
    assert.match(String(reply.headers['set-cookie']), /^portal=s%3A[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('carry __Host- and Secure over TLS', async () => {
    const app = sessionApp(sessions.store, { secure: true });
    const reply = await request(app).post('/staff/login').set('Host', acme).set('X-Forwarded-Proto', 'https').send('who=owner');
    assert.match(String(reply.headers['set-cookie']), /^__Host-staff=s%3A[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('belong to the path: staff, portal, or none', () => {
    const found = ['/staff', '/Staff/login', '/staffing', '/', '/billing', '/assets/app.js', '/theme.css', '/healthz', '/hooks/stripe', '/assets'].map(sessionsFor);
    assert.deepEqual(found, ['staff', 'staff', 'portal', 'portal', 'portal', undefined, undefined, undefined, undefined, 'portal']);
  });
});

function cookieOf(reply: Response): string {
  return String(reply.headers['set-cookie']).split(';')[0] ?? '';
}

function countCalls(store: SessionStore['store']): string[] {
  const calls: string[] = [];
  for (const name of ['get', 'set', 'destroy'] as const) {
    const real = store[name] as (...args: unknown[]) => void;
    store[name] = (...args: unknown[]) => {
      calls.push(name);
      real.apply(store, args);
    };
  }
  return calls;
}

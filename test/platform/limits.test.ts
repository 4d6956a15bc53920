import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Client } from 'pg';
import { createClient } from 'redis';
import { TooMany } from '../../server/platform/errors.ts';
import { createLimits, limitTable, type LimitName, type Limits } from '../../server/platform/limits.ts';
import { copyDatabase } from '../support/database.ts';
import { isFrozen, noRedis, startRedis, steadily, type OwnRedis } from './store-servers.ts';

const log = { warn: () => undefined };
const { points } = limitTable.forms;

interface Place {
  readonly webUrl: string;
  readonly redisUrl?: string;
  /** Lets the time of this key run out. */
  readonly expire: (key: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const stores = [
  { name: 'PostgreSQL', missing: undefined, open: postgresPlace },
  { name: 'Redis', missing: noRedis, open: redisPlace },
];

for (const { name, missing, open } of stores) {
  describe(missing ? `limits in ${name} (skipped: ${missing})` : `limits in ${name}`, () => {
    let place: Place;
    let here: Limits;
    let there: Limits;
    before(async function prepare() {
      if (missing) return this.skip();
      place = await open();
      [here, there] = [await createLimits({ ...place, log }), await createLimits({ ...place, log })];
      return undefined;
    });
    after(async () => {
      await Promise.all([here?.close(), there?.close()]);
      await place?.stop();
    });

    it('let exactly so many pass when all come at once, to whichever process', async () => {
      const passed = await passing(points + 30, (index) => (index % 2 ? here : there), 'forms', 'crowd');
      assert.equal(passed, points);
    });

    it('say when to come back', async () => {
      await passing(points, () => here, 'forms', 'ann');
      await assert.rejects(() => here.take('forms', 'ann'), (error) =>
        error instanceof TooMany && error.retryAfterSeconds >= 1 && error.retryAfterSeconds <= limitTable.forms.seconds);
    });

    it('count each key and each limit apart', async () => {
      await passing(points, () => here, 'forms', 'flooded');
      await here.take('forms', 'another');
      await here.take('sign-in-tenant', 'flooded');
    });

    it('give a good try back', async () => {
      const most = limitTable['sign-in-address'].points;
      for (let tries = 0; tries < most + 10; tries += 1) {
        await here.take('sign-in-address', 'office');
        await here.giveBack('sign-in-address', 'office');
      }
      assert.equal(await passing(most + 10, () => here, 'sign-in-address', 'office'), most);
    });

    it('forget when their time is over', async () => {
      await passing(points + 1, () => there, 'forms', 'later');
      await place.expire('later');
      await here.take('forms', 'later');
    });
  });
}

describe('limits whose store fails', () => {
  it('are counted by this process alone when the store refuses', async () => {
    const limits = await createLimits({ webUrl: 'postgres://portico@127.0.0.1:1/portico', log });
    assert.equal(await passing(points + 5, () => limits, 'forms', 'ann'), points);
    await limits.close();
  });

  it('can be multiplied where everybody has one address', async () => {
    const limits = await createLimits({ webUrl: 'postgres://portico@127.0.0.1:1/portico', log, times: 2 });
    assert.equal(await passing(points * 2 + 5, () => limits, 'forms', 'ann'), points * 2);
    await limits.close();
  });

  describe(noRedis ? `on Redis (skipped: ${noRedis})` : 'on Redis', () => {
    let redis: OwnRedis;
    before(async function prepare() {
      if (noRedis) return this.skip();
      redis = await startRedis();
      return undefined;
    });
    after(() => redis?.stop());

    it('F5 are counted by this process alone while Redis is frozen: nobody waits for it to wake', async () => {
      const limits = await createLimits({ webUrl: '', redisUrl: redis.url, log });
      await limits.take('forms', 'ann');
      redis.child.kill('SIGSTOP');
      const taken = await steadily(40, () => limits.take('forms', 'ann'));
      assert.equal(await passing(points, () => limits, 'forms', 'ann'), points - taken.length);
      assert.ok(isFrozen(redis), 'all were counted before it was woken');
      redis.child.kill('SIGCONT');
      await limits.close();
    });
  });
});

async function passing(count: number, limits: (index: number) => Limits, name: LimitName, key: string): Promise<number> {
  const tries = Array.from({ length: count }, (_, index) => limits(index).take(name, key));
  const ends = await Promise.allSettled(tries);
  for (const end of ends) if (end.status === 'rejected') assert.ok(end.reason instanceof TooMany, String(end.reason));
  return ends.filter((end) => end.status === 'fulfilled').length;
}

async function postgresPlace(): Promise<Place> {
  const { webUrl } = await copyDatabase(`portico_limits_${process.pid}`);
  const expire = async (key: string) => {
    const client = new Client({ connectionString: webUrl });
    await client.connect();
    const { rowCount } = await client.query(`update app.limits set expire = expire - 60000 where key = 'forms:' || $1`, [key]);
    assert.equal(rowCount, 1);
    await client.end();
  };
  return { webUrl, expire, stop: () => Promise.resolve() };
}

async function redisPlace(): Promise<Place> {
  const { url, stop } = await startRedis();
  const expire = async (key: string) => {
    const client = createClient({ url });
    await client.connect();
    assert.equal(await client.pExpire(`portico:limit:forms:${key}`, -1), 1);
    await client.close();
  };
  return { webUrl: '', redisUrl: url, expire, stop };
}

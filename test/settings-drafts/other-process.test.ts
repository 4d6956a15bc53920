import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { Client } from 'pg';
import { testPortal } from '../support/portal.ts';
import { edit, ownedWorld } from '../support/staff-visit.ts';

interface Answer {
  readonly name: string | null;
  readonly version: number;
}

async function ask(process: ChildProcess, slug: string): Promise<Answer> {
  process.send(slug);
  const [answer] = (await once(process, 'message')) as [Answer];
  return answer;
}

describe('settings in several processes', () => {
  it('another process that has kept the organization shows the new settings as soon as they are published', async () => {
    const { database } = await testPortal();
    const { world, owner } = await ownedWorld('cloud');
    const other = fork(path.join(import.meta.dirname, 'other-process.ts'), [database.webUrl]);
    try {
      await once(other, 'message');
      assert.deepEqual(await ask(other, world.slug), { name: 'Nimbuswick Cloud', version: 1 });
      await edit(owner, 'portal', { 'portal.display_name': 'Heard' });
      assert.equal((await ask(other, world.slug)).version, 1);
      await edit(owner, 'portal', {}, 'publish');
      let answer = await ask(other, world.slug);
      for (let tries = 0; tries < 40 && answer.version === 1; tries += 1) {
        await wait(50);
        answer = await ask(other, world.slug);
      }
      assert.deepEqual(answer, { name: 'Heard', version: 2 });
    } finally {
      other.kill();
      await once(other, 'exit');
    }
  });

  it('a publication tells the other processes once, with the organization’s name; a saved draft tells them nothing', async () => {
    const { database } = await testPortal();
    const { world, owner } = await ownedWorld('cloud');
    const listener = new Client({ connectionString: database.webUrl });
    const heard: string[] = [];
    listener.on('notification', ({ payload }) => {
      if (payload === world.slug) heard.push(payload);
    });
    await listener.connect();
    try {
      await listener.query('listen tenant_changed');
      await edit(owner, 'portal', { 'portal.display_name': 'Told' });
      await listener.query('select 1');
      assert.deepEqual(heard, []);
      await edit(owner, 'portal', {}, 'publish');
      await listener.query('select 1');
      assert.deepEqual(heard, [world.slug]);
    } finally {
      await listener.end();
    }
  });
});

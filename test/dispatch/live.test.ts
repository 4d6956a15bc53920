import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { Client } from 'pg';
import { testPortal } from '../support/portal.ts';
import { makeAccount, makeStaff, password, signedInFamily, sql, type World } from '../support/world.ts';
import { makeVisit } from '../visits/making.ts';

/** An open stream of a page, over real HTTP. */
class Stream {
  text = '';
  readonly answer: IncomingMessage;
  readonly ended: Promise<unknown>;
  constructor(answer: IncomingMessage) {
    this.answer = answer;
    this.ended = once(answer, 'close');
    answer.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }
  get changes(): number {
    return this.text.split('event: changed').length - 1;
  }
  async until(changes: number): Promise<void> {
    while (this.changes < changes) await Promise.race([once(this.answer, 'data'), this.ended.then(() => assert.fail('the stream has ended'))]);
  }
}

describe('open pages', () => {
  const server = createServer();
  let port = 0;
  before(async () => {
    server.on('request', (await testPortal()).app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(() => void (server.closeAllConnections(), server.close()));

  async function signIn({ slug }: World, login: string, door: string): Promise<string> {
    const body = new URLSearchParams({ login, password });
    const headers = { Host: `${slug}.localhost:3000`, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' };
    const { request } = await import('node:http');
    const asked = request({ port, host: '127.0.0.1', path: door, method: 'POST', headers });
    asked.end(body.toString());
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    return (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
  }

  async function open({ slug }: World, path: string, cookie: string): Promise<Stream> {
    const [answer] = (await once(get({ port, host: '127.0.0.1', path, headers: { Host: `${slug}.localhost:3000`, Accept: 'text/event-stream', Cookie: cookie } }), 'response')) as [IncomingMessage];
    return new Stream(answer);
  }

  it('S4-38 hear of a change that any process makes, customers of their own account alone, staff of all', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    const other = await signedInFamily('fieldservice');
    await makeStaff(world);
    const { number } = await makeVisit(world, accountId);
    const neighbour = await makeVisit(world, await makeAccount(world));
    const foreign = await makeVisit(other.world, other.accountId);
    const page = await open(world, '/services/changes', await signIn(world, 'maria@example.test', '/login'));
    const board = await open(world, '/staff/dispatch/changes', await signIn(world, 'owner@example.test', '/staff/login'));
    assert.deepEqual([page.answer.statusCode, page.answer.headers['content-type'], page.answer.headers['cache-control']], [200, 'text/event-stream', 'no-store, no-transform']);
    const move = (text: string) => `update app.visits set status = 'scheduled', starts_at = now(), ends_at = now() + interval '1 hour' where number = '${text}'`;
    await sql(other.world, move(foreign.number));
    await sql(world, move(neighbour.number));
    await board.until(1);
    // Another process: a connection of its own, behind the same wall.
    const client = new Client({ connectionString: (await testPortal()).database.webUrl });
    await client.connect();
    await client.query(`begin; select app.enter('${world.id}', null, 'system', false); ${move(number)}; commit`);
    await client.end();
    await Promise.all([page.until(1), board.until(2)]);
    assert.deepEqual([page.changes, board.changes], [1, 2]);
    assert.doesNotMatch(page.text, new RegExp(number));
    page.answer.destroy();
    board.answer.destroy();
  });

  it('S4-38 end when their sign-in ends; without one, or as a page, there is none', async () => {
    const { world } = await signedInFamily('fieldservice');
    const cookie = await signIn(world, 'maria@example.test', '/login');
    const page = await open(world, '/services/changes', cookie);
    assert.equal(page.answer.statusCode, 200);
    await sql(world, 'update app.sign_ins set ended_at = now()');
    await page.ended;
    assert.equal((await open(world, '/services/changes', cookie)).answer.statusCode, 303);
    assert.equal((await open(world, '/services/changes', '')).answer.statusCode, 303);
  });

  it('S4-38 one sign-in keeps six open at most', async () => {
    const { world } = await signedInFamily('fieldservice');
    const cookie = await signIn(world, 'maria@example.test', '/login');
    const pages: Stream[] = [];
    for (let at = 0; at < 7; at += 1) pages.push(await open(world, '/services/changes', cookie));
    assert.deepEqual(pages.map(({ answer }) => answer.statusCode), [200, 200, 200, 200, 200, 200, 204]);
    for (const { answer } of pages) answer.destroy();
  });
});

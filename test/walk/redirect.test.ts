import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { Client } from 'pg';
import { testPortal } from '../support/portal.ts';
import { visit } from '../support/visitor.ts';
import { password, signedInFamily } from '../support/world.ts';

describe('a redirect', () => {
  it('is not sent before the session is kept: a browser follows it on its headers alone', async () => {
    const { app, database } = await testPortal();
    const { accountId, world } = await signedInFamily('studio');
    const visitor = await visit(world.slug);
    const signedIn = await visitor.post('/login', { login: 'maria@example.test', password });
    const cookie = (signedIn.headers['set-cookie'] as unknown as string[]).map((line) => line.split(';')[0]).join('; ');
    const page = await visitor.get('/');
    const server = http.createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const lock = new Client({ connectionString: database.webUrl });
    await lock.connect();
    try {
      await lock.query('begin');
      await lock.query('select sid from app.sessions for update');
      const body = new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '', account: accountId }).toString();
      const answer = send((server.address() as AddressInfo).port, `${world.slug}.localhost:3000`, cookie, body);
      assert.equal(await Promise.race([answer.then(() => 'an answer'), wait(400, 'nothing yet')]), 'nothing yet');
      await lock.query('rollback');
      const { statusCode, headers } = await answer;
      assert.deepEqual([statusCode, headers.location], [303, '/']);
    } finally {
      await lock.end();
      server.closeAllConnections();
      server.close();
    }
  });
});

/** Resolves with the headers. */
async function send(port: number, host: string, cookie: string, body: string): Promise<IncomingMessage> {
  const headers = { host, cookie, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length, 'sec-fetch-site': 'same-origin' };
  const request = http.request({ port, host: '127.0.0.1', method: 'POST', path: '/account/choice', headers }).end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

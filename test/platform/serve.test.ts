import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { StartError } from '../../server/config.ts';
import { serve } from '../../server/platform/serve.ts';

describe('web server', () => {
  const slow = async () => {
    const served = await serve((_request, response) => { setTimeout(() => response.end('done'), 200); }, { port: 0, host: '127.0.0.1' });
    const agent = new Agent({ keepAlive: true });
    const { port } = served.server.address() as AddressInfo;
    return { ...served, agent, port, ask: () => get(port, agent) };
  };

  it('says in a sentence that the port is taken', async () => {
    const { port, drain } = await slow();
    await assert.rejects(serve(() => undefined, { port, host: '127.0.0.1' }), (error) => error instanceof StartError && error.message === `Port ${port} is in use: stop the other program, or set PORT to a free one.`);
    await drain();
  });

  it('lets every request in hand end, closes its connection and takes no new one', async () => {
    const { drain, ask, agent, port } = await slow();
    await ask();
    const inHand = Array.from({ length: 20 }, () => ask());
    await delay(50);
    const drained = drain();
    await assert.rejects(get(port), /ECONNREFUSED/);
    for (const answer of await Promise.all(inHand)) assert.deepEqual([answer.statusCode, answer.headers.connection], [200, 'close']);
    await drained;
    agent.destroy();
  });

  it('does not wait for a client that keeps its connection open', async () => {
    const { drain, ask, agent } = await slow();
    await ask();
    const began = Date.now();
    await drain();
    assert.ok(Date.now() - began < 1_000);
    agent.destroy();
  });

  it('cuts what is not done in time', async () => {
    const served = await serve(() => undefined, { port: 0, host: '127.0.0.1' });
    const { port } = served.server.address() as AddressInfo;
    const hanging = assert.rejects(get(port), /socket hang up|ECONNRESET/);
    await delay(50);
    await served.drain(100);
    await hanging;
  });
});

async function get(port: number, agent?: Agent): Promise<IncomingMessage> {
  const [response] = await once(request({ port, host: '127.0.0.1', agent }).end(), 'response') as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

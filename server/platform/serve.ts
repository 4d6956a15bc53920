import { once } from 'node:events';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { StartError } from '../config.ts';

// An import of it would load fetch and WebSocket, too: 20 ms and 3 MB of a start.
const { createServer } = process.getBuiltinModule('node:http');

export type Served = {
  readonly server: Server;
  /** Takes no new connections, lets every request in hand end, and cuts what is left after forceAfterMs. */
  readonly drain: (forceAfterMs?: number) => Promise<void>;
};

/** Listens; throws StartError when the port is taken or forbidden. */
export async function serve(handler: RequestListener, { port, host }: { port: number; host?: string }): Promise<Served> {
  const server = createServer({ connectionsCheckingInterval: 5_000 }, handler);
  server.headersTimeout = 15_000;
  server.requestTimeout = 120_000;
  // Longer than a proxy keeps its side open, so that it is never we who close under its next request.
  server.keepAliveTimeout = 65_000;
  const open = new Set<ServerResponse>();
  const state = { draining: false };
  server.prependListener('request', (_request, response) => {
    if (state.draining) response.setHeader('connection', 'close');
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  await listen(server, port, host);
  return { server, drain: (forceAfterMs = 15_000) => { state.draining = true; return drain(server, open, forceAfterMs); } };
}

/** Throws StartError now when the port cannot be had: better before a long start than after it. */
export async function demandFreePort({ port, host }: { port: number; host?: string }): Promise<void> {
  const probe = createServer();
  await listen(probe, port, host);
  await new Promise((closed) => probe.close(closed));
}

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  server.listen({ port, host });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartError(`Port ${port} is in use: stop the other program, or set PORT to a free one.`);
    if (code === 'EACCES') throw new StartError(`Port ${port} needs more rights than this user has: set PORT to one from 1024 on.`);
    throw error;
  }
}

/**
 * http's own close() cuts idle connections at once, and with them requests that are on their way or not read yet;
 * and without that it never ends while clients keep asking. So: listen no more, say "close" in every answer, cut the idle ones a little later.
 */
async function drain(server: Server, open: Set<ServerResponse>, forceAfterMs: number): Promise<void> {
  const closed = once(server, 'close');
  NetServer.prototype.close.call(server);
  for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
  const from = Date.now() + 300;
  const idle = setInterval(() => { if (Date.now() > from) server.closeIdleConnections(); }, 50);
  const force = setTimeout(() => server.closeAllConnections(), forceAfterMs);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
}

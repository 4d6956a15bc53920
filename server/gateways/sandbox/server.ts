import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import express, { type NextFunction, type Request, type Response } from 'express';
import { ZodError } from 'zod';
import { sandboxApi } from './api.ts';
import { Mismatch } from './charges.ts';
import { openLedger } from './ledger.ts';
import { sandboxPages } from './page.ts';

export interface SandboxOptions {
  /** 0 takes any free port. */
  port: number;
  /** One sandbox at a time may use it. */
  dataDir: string;
  host?: string;
  /** Where a browser reaches the hosted page, when that is not where it listens. */
  publicUrl?: string;
  /** Hosts that a payer may be sent back to, with all their subdomains. */
  allowReturn?: readonly string[];
  slowMs?: number;
  /** How long bank money is under way. */
  bankMs?: number;
  /** The clock of the world outside, for tests. */
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
}

export interface Sandbox {
  readonly url: string;
  readonly close: () => Promise<void>;
  /** Kept when its record can no longer be written. It answers 500 from then on; a new one on the same folder knows the truth. */
  readonly broken: Promise<Error>;
}

/** Starts the sandbox gateway in this process. It knows again what an earlier one on the same folder has answered. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { slowMs = 3000, bankMs = 5000, now = Date.now, pause = pauseUnheld, allowReturn = ['localhost'] } = options;
  const ledger = await openLedger(options.dataDir);
  const bank = { ledger, slowMs, bankMs, now, pause };
  const place = { allowReturn, url: () => options.publicUrl ?? addressOf(server) };
  const app = express();
  app.disable('x-powered-by');
  app.use(sandboxPages(bank), sandboxApi(bank, place), answerError);
  const server = createServer(app);
  await listen(server, options).catch(async (error: unknown) => {
    await ledger.close();
    throw error;
  });
  return {
    url: addressOf(server),
    broken: ledger.broken,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      // `broken` has told of a record that cannot be written; the lines have to be cut all the same.
      await ledger.close().catch(() => undefined);
      // Silent and slow charges would keep their lines open for ever.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Does not keep the process alive: a slow charge is no reason to stay. */
function pauseUnheld(ms: number): Promise<void> {
  return setTimeout(ms, undefined, { ref: false });
}

function listen(server: Server, { port, host = '127.0.0.1' }: SandboxOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken: choose another one, or 0 for any.`) : error);
    });
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Says nothing about the request: a body that cannot be parsed may hold a card number. */
function answerError(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) return next(error);
  const status = error instanceof Mismatch ? 409 : error instanceof ZodError ? 400 : ((error as { status?: number }).status ?? 500);
  if (status >= 500) process.stderr.write(`sandbox gateway: ${(error as Error).message}\n`);
  res.status(status).json({ error: status === 409 ? 'this key belongs to another request' : 'refused' });
}

async function runProgram(): Promise<void> {
  const { values } = parseArgs({ options: {
    'port': { type: 'string', default: '0' }, 'data': { type: 'string' }, 'host': { type: 'string', default: '127.0.0.1' },
    'public-url': { type: 'string' }, 'allow-return': { type: 'string', multiple: true, default: ['localhost'] },
    'slow-ms': { type: 'string', default: '3000' }, 'bank-ms': { type: 'string', default: '5000' },
  } });
  if (!values.data) throw new Error('Say where to keep the record: --data DIR.');
  if (process.env['NODE_ENV'] === 'production' && process.env['SANDBOX_IN_PRODUCTION'] !== 'true') {
    throw new Error('The sandbox gateway takes test numbers only. Set SANDBOX_IN_PRODUCTION=true to run it in production all the same.');
  }
  const sandbox = await startSandbox({
    port: Number(values.port), dataDir: values.data, host: values.host, allowReturn: values['allow-return'],
    slowMs: Number(values['slow-ms']), bankMs: Number(values['bank-ms']), ...(values['public-url'] ? { publicUrl: values['public-url'] } : {}),
  });
  // 'disconnect' comes when the process that forked this one has gone, however it went.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => void sandbox.close().then(() => process.exit(0), () => process.exit(1)));
  // Only a new start knows the truth again: whoever runs this program starts it anew.
  void sandbox.broken.then((error) => fail(error));
  process.stdout.write(`sandbox gateway ${sandbox.url}\n`);
}

function fail(error: Error): never {
  process.stderr.write(`sandbox gateway: ${error.message}\n`);
  process.exit(1);
}

if (import.meta.main) runProgram().catch(fail);

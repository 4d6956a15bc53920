import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';

export interface OpenSandbox {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

type Settings = Pick<Config, 'production' | 'sandboxInProduction' | 'sandboxUrl' | 'dataDir' | 'baseDomain'>;

/** The sandbox gateway that runs elsewhere, or else one beside the portal; in production none, unless it is asked for. */
export async function openSandbox(config: Settings, log: Pick<Logger, 'error'>): Promise<OpenSandbox> {
  const stop = () => Promise.resolve();
  // A name that never resolves: whoever charges there learns that the gateway cannot be reached.
  if (config.production && !config.sandboxInProduction) return { url: 'http://sandbox.invalid', stop };
  if (config.sandboxUrl) return { url: config.sandboxUrl, stop };
  return startChild(config, log);
}

/** In a process of its own, so that a kill of the portal cannot make it forget a charge. It comes back when it dies. */
async function startChild(config: Settings, log: Pick<Logger, 'error'>): Promise<OpenSandbox> {
  let { child, url } = await launch(config, '0');
  let stopping = false;
  const watch = () => child.once('exit', () => {
    if (!stopping) void comeBack();
  });
  const comeBack = async () => {
    log.error('the sandbox gateway ended and is started again');
    await delay(500, undefined, { ref: false });
    if (stopping) return;
    ({ child, url } = await launch(config, new URL(url).port));
    watch();
  };
  watch();
  return {
    url,
    stop: async () => {
      stopping = true;
      await end(child);
    },
  };
}

/** In a session of its own: Ctrl-C must not stop it while the portal still has charges in hand. Without the portal it ends by itself. */
async function launch({ dataDir, baseDomain }: Settings, port: string): Promise<{ child: ChildProcess; url: string }> {
  const program = path.join(import.meta.dirname, 'sandbox-server.ts');
  const child = fork(program, ['--port', port, '--data', path.join(dataDir, 'sandbox'), '--allow-return', baseDomain],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => { throw new Error('the sandbox gateway did not start'); });
  const [line] = await Promise.race([once(child.stdout!, 'data'), ended]) as [Buffer];
  ended.catch(() => undefined);
  return { child, url: line.toString().trim().replace('sandbox gateway ', '') };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(force);
}

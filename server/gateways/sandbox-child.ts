import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

type Options = {
  readonly dataDir: string;
  /** The payer's browser is sent back to this domain and its subdomains only. */
  readonly baseDomain: string;
  readonly log: Pick<Logger, 'error'>;
};

export type SandboxChild = { readonly url: string; readonly stop: () => Promise<void> };

/** Runs the sandbox gateway beside the portal, so that a kill of the portal cannot make it forget a charge. It comes back when it dies. */
export async function startSandboxChild(options: Options): Promise<SandboxChild> {
  let { child, url } = await launch(options, '0');
  let stopping = false;
  const watch = () => child.once('exit', () => {
    if (!stopping) void comeBack();
  });
  const comeBack = async () => {
    options.log.error('the sandbox gateway ended and is started again');
    await delay(500, undefined, { ref: false });
    if (stopping) return;
    ({ child, url } = await launch(options, new URL(url).port));
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
async function launch({ dataDir, baseDomain }: Options, port: string): Promise<{ child: ChildProcess; url: string }> {
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

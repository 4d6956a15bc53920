import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChargeRequest } from '../../../server/gateways/gateway.ts';
import { sandboxGateway } from '../../../server/gateways/sandbox/sandbox.ts';
import { startSandbox, type SandboxOptions } from '../../../server/gateways/sandbox/server.ts';

export const program = fileURLToPath(new URL('../../../server/gateways/sandbox/server.ts', import.meta.url));

/** Every sandbox and folder that one test file has made, to be ended together. */
export class Sandboxes {
  readonly #ends: (() => Promise<unknown>)[] = [];

  async folder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'portico-sandbox-'));
    this.#ends.unshift(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  /** In this process, with waits and a clock of the test's choice. */
  async start(options: Partial<SandboxOptions> = {}) {
    const dataDir = options.dataDir ?? (await this.folder());
    const { url, close } = await startSandbox({ port: 0, dataDir, ...options });
    const end = onceOnly(close);
    this.#ends.unshift(end);
    return { url, dataDir, close: end, gateway: sandboxGateway(url) };
  }

  /** As a process of its own, which a test may kill. */
  async spawn(options: { dataDir?: string; arguments?: string[] } = {}) {
    const dataDir = options.dataDir ?? (await this.folder());
    // Forked: it ends by itself when the test run is killed.
    const child = fork(program, ['--data', dataDir, ...(options.arguments ?? [])], { silent: true });
    const output: string[] = [];
    child.stderr!.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    const lines = createInterface(child.stdout!).on('line', (line) => output.push(line));
    const exited = once(child, 'exit');
    const kill = onceOnly(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    this.#ends.unshift(kill);
    const [line] = (await once(lines, 'line')) as [string];
    const url = line.replace('sandbox gateway ', '');
    return { url, line, dataDir, output, kill, exited, gateway: sandboxGateway(url) };
  }

  async end(): Promise<void> {
    const failures: unknown[] = [];
    // One that fails must not keep the others running.
    for (const end of this.#ends.splice(0)) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

export function aCharge(overrides: Partial<ChargeRequest> = {}): ChargeRequest {
  return { key: crypto.randomUUID(), tenantId: 'tenant-1', amountCents: 12_000, currency: 'USD', token: 'test_visa', description: 'INV-1042', ...overrides };
}

export async function chargesAt(url: string): Promise<{ key: string; outcome: string; amountCents: number; refundedCents: number }[]> {
  return (await fetch(`${url}/charges`)).json() as never;
}

/** Everything that the sandbox has written in its folder. */
export async function recordIn(dataDir: string): Promise<string> {
  const files = await readdir(dataDir);
  return (await Promise.all(files.map((file) => readFile(path.join(dataDir, file), 'utf8')))).join('\n');
}

export async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 5));
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

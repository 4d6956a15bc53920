import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { birthOf, hasEnded } from '../../server/platform/processes.ts';

const folder = path.resolve('var/bench/running');
const own = path.join(folder, String(process.pid));

/** Writes down what this run has started: a kill -9 of it leaves that behind. */
export function noteStarted(pid: number): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(own, `${pid} ${birthOf(pid)}\n`);
}

export function forgetStarted(): void {
  rmSync(own, { force: true });
}

/** Ends what runs that are gone have left behind. A pid that was given to another process since is left alone. */
export async function endLeftovers(say: (line: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true });
  noteStarted(process.pid);
  for (const file of readdirSync(folder).map((name) => path.join(folder, name))) {
    const [owner, ...left] = readFileSync(file, 'utf8').trim().split('\n').map((line) => ({ pid: Number(line.split(' ')[0]), birth: line.split(' ')[1] }));
    if (!owner || birthOf(owner.pid) === owner.birth) continue;
    const living = left.filter(({ pid, birth }) => birthOf(pid) === birth);
    for (const { pid } of living) process.kill(pid, 'SIGINT');
    for (const { pid } of living) await hasEnded(pid, 10_000);
    if (living.length) say(`${living.length} processes of a run that was killed have been ended.`);
    rmSync(file);
  }
}

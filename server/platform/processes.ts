import { spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // Nobody reaps orphans in a container without an init: a zombie answers the signal, but is dead.
  return process.platform !== 'linux' || statusOf(pid)?.[0] !== 'Z';
}

/** Tells a process from a later one that was given the same pid; undefined when there is none. */
export function birthOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const status = statusOf(pid);
  return status?.[0] === 'Z' ? undefined : status?.[19];
}

export function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  return readOrNothing(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
}

/** Waits for the process to end; false when the time is over first. */
export async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(25)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

/** However this process ends (but for a kill -9), the child is told to end too. */
export function tieToUs(child: ChildProcess): void {
  const end = () => { child.kill('SIGINT'); };
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

/** The fields after the program's name, which may itself hold spaces and brackets: state first, start time at 19. */
function statusOf(pid: number): string[] | undefined {
  return readOrNothing(`/proc/${pid}/stat`)?.replace(/^.*\) /s, '').split(' ');
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from './places.ts';
import { noteStarted } from './leftovers.ts';

export interface RunningRedis {
  readonly url: string;
  /** Asked of itself: /proc counts in ticks of 10 ms, and a second of our load costs it less than one. */
  readings(): Promise<{ cpuUs: number; calls: number }>;
  stop(): Promise<void>;
}

/** Undefined where no redis-server is installed. */
export async function startRedis(): Promise<RunningRedis | undefined> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const failed = once(child, 'error').then(() => true);
  if (await Promise.race([failed, delay(500, false)]) || child.pid === undefined) return undefined;
  noteStarted(child.pid);
  const url = `redis://127.0.0.1:${port}`;
  const client = await createClient({ url }).on('error', () => undefined).connect();
  return {
    url,
    readings: async () => ({ cpuUs: cpuIn(await client.info('cpu')), calls: callsIn(await client.info('commandstats')) }),
    stop: async () => {
      client.destroy();
      child.kill();
      await once(child, 'exit');
    },
  };
}

function cpuIn(info: string): number {
  return ['used_cpu_sys', 'used_cpu_user'].reduce((sum, name) => sum + Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]) * 1e6, 0);
}

/** But for what is not done for a request: our own questions, greetings and signs of life. */
function callsIn(info: string): number {
  const counted = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].filter(([, name = '']) => !/^(info|ping|hello|client|command|config)\b/.test(name));
  return counted.reduce((sum, [, , calls]) => sum + Number(calls), 0);
}

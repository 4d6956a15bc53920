import { setTimeout as delay } from 'node:timers/promises';
import { openPlaces, type Places } from './places.ts';
import { exactly } from './gates.ts';
import { cpuOf, memoryOf, serveVariant } from './processes.ts';
import type { Report } from './report.ts';
import { median, ratioOf } from './statistics.ts';

/** Who starts, and with what. Redis is no part of the gate: a portal needs none. */
const starters = {
  bare: { what: 'a bare Express + Sequelize app that only listens', file: 'bare', redis: false },
  portico: { what: 'Portico, built, as npm start starts it in production', file: 'started', redis: false },
  withRedis: { what: 'the same with Redis', file: 'started', redis: true },
} as const;
type Name = keyof typeof starters;
const names = Object.keys(starters) as Name[];

/** From spawn to listening, in turns; all with the flags of npm start and a compile cache that an earlier start has filled. */
export async function startupReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const places = await openPlaces('small', say);
  await import('../../server/tasks/build.ts');
  const times: Record<Name, number[]> = { bare: [], portico: [], withRedis: [] };
  const work: Record<Name, number[]> = { bare: [], portico: [], withRedis: [] };
  const memory: Record<Name, number[]> = { bare: [], portico: [], withRedis: [] };
  for (const name of names) await start(name, places);
  for (let turn = 0; turn < (isSmall ? 5 : 9); turn += 1) {
    for (const name of turn % 2 ? names : names.toReversed()) {
      const { ms, cpuMs, megabytes } = await start(name, places);
      times[name].push(ms);
      work[name].push(cpuMs);
      memory[name].push(megabytes);
    }
    say(`start-up, turn ${turn + 1}: bare ${Math.round(times.bare.at(-1) ?? 0)} ms, Portico ${Math.round(times.portico.at(-1) ?? 0)} ms`);
  }
  return {
    title: 'Start-up',
    gates: [
      { name: 'start to listening, of a bare Express + Sequelize app', value: ratioOf(times.portico, times.bare), gate: 1.5, aim: 1.2, better: 'less' },
      { name: 'memory two seconds after the start, MB', value: exactly(median(memory.portico)), gate: 140, aim: 120, better: 'less' },
    ],
    tables: [{
      title: 'From spawn to listening', head: ['what', 'median ms', 'processor ms', 'MB two seconds later'],
      rows: names.map((name) => [starters[name].what, String(Math.round(median(times[name]))), String(Math.round(median(work[name]))), String(Math.round(median(memory[name])))]),
      chart: { kind: 'bars', column: 1, label: 'ms' },
    }],
    notes: ['In turns; Portico from what `npm run build` has made of it, which npm start and the Docker image run; the flags of npm start and NODE_COMPILE_CACHE on all, filled before. The database stands and is migrated; Portico looks at that, too. On a busy machine believe processor time.'],
  };
}

/** Two seconds after the start, with Redis where there is one; a first start fills the compile cache. */
export async function idleMemory(places: Places): Promise<number> {
  await import('../../server/tasks/build.ts');
  await start('withRedis', places);
  return (await start('withRedis', places)).megabytes;
}

async function start(name: Name, places: Places): Promise<{ ms: number; cpuMs: number; megabytes: number }> {
  const { file, redis } = starters[name];
  const served = await serveVariant(file, { ...places, redisUrl: redis ? places.redisUrl : undefined }, places.webUrl);
  const cpuMs = cpuOf(served.pid) / 1000;
  await delay(2_000);
  const megabytes = memoryOf(served.pid);
  await served.stop();
  return { ms: served.startMs, cpuMs, megabytes };
}

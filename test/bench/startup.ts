import { openPlaces } from './places.ts';
import { exactly } from './gates.ts';
import { memoryOf, serveVariant } from './processes.ts';
import type { Report } from './report.ts';
import { median, ratioOf } from './statistics.ts';

/** From spawn to listening, in turns; both with a compile cache that an earlier start has filled. */
export async function startupReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const places = await openPlaces('small', say);
  const times = { bare: [] as number[], product: [] as number[] };
  const memory: number[] = [];
  for (let turn = -1; turn < (isSmall ? 5 : 9); turn += 1) {
    for (const name of turn % 2 ? (['bare', 'product'] as const) : (['product', 'bare'] as const)) {
      const served = await serveVariant(name, places, places.webUrl);
      // The first of each fills the cache.
      if (turn >= 0) times[name].push(served.startMs);
      if (turn >= 0 && name === 'product') memory.push(memoryOf(served.pid));
      await served.stop();
    }
    say(`start-up, turn ${turn + 1}: ${turn < 0 ? 'compiled' : `bare ${Math.round(times.bare.at(-1) ?? 0)} ms, Portico ${Math.round(times.product.at(-1) ?? 0)} ms`}`);
  }
  return {
    title: 'Start-up',
    gates: [
      { name: 'start to listening, of a bare Express + Sequelize app', value: ratioOf(times.product, times.bare), gate: 1.5, aim: 1.2, better: 'less' },
      { name: 'memory just started, MB', value: exactly(median(memory)), gate: 140, aim: 120, better: 'less' },
    ],
    tables: [{ title: 'From spawn to listening', head: ['what', 'median ms'], rows: [['a bare Express + Sequelize app that only listens', String(Math.round(median(times.bare)))], ['Portico', String(Math.round(median(times.product)))]] }],
    notes: ['In turns; NODE_COMPILE_CACHE on both, filled before. The database stands and is migrated.'],
  };
}

import { openPlaces } from './places.ts';
import { runPages } from './run-pages.ts';
import { seed } from './seed.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const isSmall = process.argv.includes('--small');
const size = isSmall ? { tenants: 20, accounts: 100, invoices: 24, log: 2_000 } : { tenants: 200, accounts: 500, invoices: 24, log: 5_000 };
const effort = isSmall ? { warmUp: 600, rotations: 4, seconds: 1 } : { warmUp: 3_000, rotations: 8, seconds: 2 };

const places = await openPlaces(isSmall ? 'small' : 'whole', say);
try {
  await seed(places, size, say);
  const run = await runPages(places, size, effort, say);
  say(JSON.stringify(run.idleMb));
} finally {
  await places.stop();
}

import { isNoisy, pageGates } from './gates.ts';
import { openPlaces } from './places.ts';
import { pageTables, type Report } from './report.ts';
import { runPages } from './run-pages.ts';
import { seed } from './seed.ts';

export async function pagesReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const size = isSmall ? { tenants: 20, accounts: 100, invoices: 24, log: 2_000 } : { tenants: 200, accounts: 500, invoices: 24, log: 5_000 };
  const effort = isSmall ? { warmUp: 1_200, rotations: 4, seconds: 1 } : { warmUp: 3_000, rotations: 8, seconds: 2 };
  const places = await openPlaces(isSmall ? 'small' : 'whole', say);
  await seed(places, size, say);
  const run = await runPages(places, size, effort, say);
  const notes = [
    `${size.tenants} organizations x ${size.accounts} accounts x ${size.invoices} invoices, 16 connections, 2,000 people signed in, ${effort.rotations} turns of ${effort.seconds} s each; medians.`,
    ...(isNoisy(run) ? ['Noisy: (b) differed from itself by more than 1.4 times between its quartiles, so the machine did other things meanwhile.'] : []),
  ];
  return { title: isSmall ? 'Pages (small)' : 'Pages', gates: pageGates(run), tables: pageTables(run), notes };
}

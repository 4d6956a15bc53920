import { isNoisy, pageGates } from './gates.ts';
import { pageTables, type Report } from './report.ts';
import { runPages } from './run-pages.ts';
import { openSeeded } from './seed.ts';

export async function pagesReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const size = isSmall ? { tenants: 20, accounts: 100, invoices: 24, log: 2_000 } : { tenants: 200, accounts: 500, invoices: 24, log: 5_000 };
  const effort = isSmall ? { warmUp: 400, rotations: 3, seconds: 0.5 } : { warmUp: 20_000, rotations: 8, seconds: 2 };
  const places = await openSeeded(isSmall ? 'small' : 'whole', size, say);
  const run = await runPages(places, size, effort, say);
  const notes = [
    `${size.tenants} organizations x ${size.accounts} accounts x ${size.invoices} invoices, 16 connections, 2,000 people signed in, ${effort.rotations} turns of ${effort.seconds} s each; medians.`,
    ...(isNoisy(run) ? ['Noisy: (b) differed from itself by more than 1.4 times between its quartiles, so the machine did other things meanwhile.'] : []),
  ];
  return { title: isSmall ? 'Pages (small)' : 'Pages', gates: pageGates(run), tables: pageTables(run), notes };
}

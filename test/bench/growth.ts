import { cpuOf, exactly, type Gate } from './gates.ts';
import { measure, warm, type Ask } from './load.ts';
import { serveVariant } from './processes.ts';
import type { Report, Table } from './report.ts';
import { openSeeded, type Size } from './seed.ts';
import { makeSessions, type People } from './sessions.ts';
import { median } from './statistics.ts';

interface Step {
  readonly label: string;
  readonly size: Size;
}

interface Growth {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly pages: Readonly<Record<string, (people: People) => Ask[]>>;
  /** How much dearer the last step may be than the first. */
  readonly gate: number;
}

/** What one page costs while one thing grows: CPU, which a neighbour disturbs less than time. */
export async function growthReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const tables: Table[] = [];
  const gates: Gate[] = [];
  for (const growth of growths(isSmall)) {
    const costs = await costsOf(growth, isSmall, say);
    for (const page of Object.keys(growth.pages)) {
      const [first, last] = [costs[0]?.[page] ?? Number.NaN, costs.at(-1)?.[page] ?? Number.NaN];
      gates.push({ name: `${page}, ${growth.title}`, value: exactly(last / first), gate: growth.gate, aim: 1.1, better: 'less' });
    }
    tables.push({ title: growth.title, head: ['page, CPU us a request', ...growth.steps.map(({ label }) => label)], rows: Object.keys(costs[0] ?? {}).map((page) => [page, ...costs.map((cost) => String(Math.round(cost[page] ?? Number.NaN)))]), chart: { kind: 'lines', label: `CPU us a request, by ${growth.title}` } });
  }
  return { title: isSmall ? 'Growth (small)' : 'Growth', gates, tables, notes: ['App, database and Redis together, microseconds of processor time a request; medians.'] };
}

async function costsOf(growth: Growth, isSmall: boolean, say: (line: string) => void): Promise<Record<string, number>[]> {
  const costs: Record<string, number>[] = [];
  for (const { label, size } of growth.steps) {
    const places = await openSeeded(`growth-${[size.tenants, size.accounts, size.invoices, size.log].join('-')}`, size, say);
    const people = await makeSessions(places, size);
    const product = await serveVariant('product', places, places.webUrl);
    const cost: Record<string, number> = {};
    for (const [page, asksOf] of Object.entries(growth.pages)) {
      const asks = asksOf(people);
      await warm(product, asks, isSmall ? 600 : 2_000);
      const slices = [];
      for (let turn = 0; turn < (isSmall ? 3 : 6); turn += 1) slices.push(await measure(product, asks, isSmall ? 1 : 2, places));
      cost[page] = median(slices.map(cpuOf));
      cost[`${page}, database alone`] = median(slices.map(({ databaseUs }) => databaseUs));
    }
    say(`${growth.title}, ${label}: ${Object.entries(cost).map(([page, us]) => `${page} ${Math.round(us)} us`).join(', ')}`);
    costs.push(cost);
    await product.stop();
    await places.stop();
  }
  return costs;
}

const asCustomer = (path: string) => ({ customers }: People): Ask[] => customers.map(({ headers }) => ({ path, headers }));
const asOwner = (path: string) => ({ owners }: People): Ask[] => owners.map(({ headers }) => ({ path, headers }));

function growths(isSmall: boolean): Growth[] {
  const [tenants, accounts, invoices, lines] = isSmall ? [200, 2_000, 10_000, 100_000] : [5_000, 20_000, 100_000, 1_000_000];
  return [
    { title: 'organizations', gate: 1.3, pages: { home: asCustomer('/'), 'invoice list': asCustomer('/invoices') }, steps: [10, tenants].map((many) => ({ label: many.toLocaleString('en'), size: { tenants: many, accounts: accounts / many, invoices: 24, log: 10 } })) },
    { title: 'invoices of an account', gate: 2, pages: { home: asCustomer('/'), 'invoice list': asCustomer('/invoices'), statement: asCustomer('/billing/statement') }, steps: [10, 1_000, invoices].map((many) => ({ label: many.toLocaleString('en'), size: { tenants: 1, accounts: 10, invoices: many, log: 10 } })) },
    { title: 'lines of the portal log', gate: 2, pages: { 'portal log': asOwner('/staff/reports/portal-log') }, steps: [10_000, lines].map((many) => ({ label: many.toLocaleString('en'), size: { tenants: 1, accounts: 100, invoices: 2, log: many } })) },
  ];
}

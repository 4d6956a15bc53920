import { cpuOf, type Gate } from './gates.ts';
import { measure, warm, type Ask, type Slice } from './load.ts';
import { asAdmin, type Places } from './places.ts';
import { serveVariant, type Served } from './processes.ts';
import type { Report, Table } from './report.ts';
import { openSeeded, type Size } from './seed.ts';
import { makeSessions, type People } from './sessions.ts';
import { median, ratioOf } from './statistics.ts';

interface Step {
  readonly label: string;
  readonly size: Size;
}

type Asking = (people: People, places: Places) => Ask[] | Promise<Ask[]>;

interface Growth {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly pages: Readonly<Record<string, Asking>>;
  /** How much dearer the last step may be than the first. */
  readonly gate: number;
}

/** What one page costs while one thing grows: CPU, which a neighbour disturbs less than time. */
export async function growthReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const tables: Table[] = [];
  const gates: Gate[] = [];
  for (const growth of growths(isSmall)) {
    const slices = await slicesOf(growth, isSmall, say);
    for (const [page, steps] of Object.entries(slices)) gates.push({ name: `${page}, ${growth.title}`, value: ratioOf((steps.at(-1) ?? []).map(cpuOf), (steps[0] ?? []).map(cpuOf)), gate: growth.gate, aim: 1.1, better: 'less' });
    tables.push(tableOf(growth, slices));
  }
  return { title: isSmall ? 'Growth (small)' : 'Growth', gates, tables, notes: ['App, database and Redis together, microseconds of processor time a request; medians. All sizes are up together and take turns; a ratio is the largest against the smallest, turn by turn.'] };
}

function tableOf({ title, steps }: Growth, slices: PageSlices): Table {
  const row = (name: string, of: readonly Slice[][], value: (slice: Slice) => number) => [name, ...of.map((step) => String(Math.round(median(step.map(value)))))];
  const rows = Object.entries(slices).flatMap(([page, of]) => [row(page, of, cpuOf), row(`${page}, database alone`, of, ({ databaseUs }) => databaseUs)]);
  return { title, head: ['page, CPU us a request', ...steps.map(({ label }) => label)], rows, chart: { kind: 'lines', label: `CPU us a request, by ${title}` } };
}

/** Of each page the slices of each step. */
type PageSlices = Record<string, Slice[][]>;

interface Stand {
  readonly places: Places;
  readonly people: People;
  readonly product: Served;
}

async function slicesOf(growth: Growth, isSmall: boolean, say: (line: string) => void): Promise<PageSlices> {
  const stands: Stand[] = [];
  for (const { size } of growth.steps) {
    const places = await openSeeded(`growth-${[size.tenants, size.accounts, size.invoices, size.log].join('-')}`, size, say);
    stands.push({ places, people: await makeSessions(places, size), product: await serveVariant('product', places, places.webUrl) });
  }
  const slices: PageSlices = {};
  for (const [page, asksOf] of Object.entries(growth.pages)) {
    const steps = (slices[page] = await inTurns(stands, asksOf, isSmall));
    say(`${page}, ${growth.title}: ${steps.map((step, at) => `${growth.steps[at]?.label} ${Math.round(median(step.map(cpuOf)))} us`).join(', ')}`);
  }
  for (const { product, places } of stands) {
    await product.stop();
    await places.stop();
  }
  return slices;
}

/** In an order that is reversed every second time. */
async function inTurns(stands: readonly Stand[], asksOf: Asking, isSmall: boolean): Promise<Slice[][]> {
  const steps = await Promise.all(stands.map(async ({ places, people, product }) => ({ places, product, asks: await asksOf(people, places), slices: [] as Slice[] })));
  for (const { product, asks } of steps) await warm(product, asks, isSmall ? 600 : 2_000);
  for (let turn = 0; turn < (isSmall ? 5 : 8); turn += 1) {
    for (const { product, asks, places, slices } of turn % 2 ? steps.toReversed() : steps) slices.push(await measure(product, asks, isSmall ? 1 : 2, places));
  }
  return steps.map(({ slices }) => slices);
}

const asCustomer = (path: string) => ({ customers }: People): Ask[] => customers.map(({ headers }) => ({ path, headers }));
const asOwner = (path: string) => ({ owners }: People): Ask[] => owners.map(({ headers }) => ({ path, headers }));

/** Half of the account's invoices are newer than the first one on the page. */
async function inTheMiddle({ customers }: People, { adminUrl }: Places): Promise<Ask[]> {
  const text = `select account_id, issued_on || '_' || id as after from (
    select *, row_number() over newest as at, count(*) over (partition by account_id) as of from app.invoices window newest as (partition by account_id order by issued_on desc, id desc)) i where at = of / 2`;
  const found = await asAdmin(adminUrl, async (client) => (await client.query<{ account_id: string; after: string }>(text)).rows);
  const cursors = new Map(found.map(({ account_id: account, after }) => [account, after]));
  return customers.map(({ accountId, headers }) => ({ path: `/invoices?after=${cursors.get(accountId)}`, headers }));
}

function growths(isSmall: boolean): Growth[] {
  const [tenants, accounts, invoices, lines] = isSmall ? [200, 2_000, 10_000, 100_000] : [5_000, 20_000, 100_000, 1_000_000];
  return [
    { title: 'organizations', gate: 1.3, pages: { home: asCustomer('/'), 'invoice list': asCustomer('/invoices') }, steps: [10, tenants].map((many) => ({ label: many.toLocaleString('en'), size: { tenants: many, accounts: accounts / many, invoices: 24, log: 10 } })) },
    { title: 'invoices of an account', gate: 2, pages: { home: asCustomer('/'), 'invoice list': asCustomer('/invoices'), 'invoice list, in its middle': inTheMiddle, history: asCustomer('/billing/transactions'), statement: asCustomer('/billing/statement') }, steps: [10, 1_000, invoices].map((many) => ({ label: many.toLocaleString('en'), size: { tenants: 1, accounts: 10, invoices: many, log: 10 } })) },
    { title: 'lines of the portal log', gate: 2, pages: { 'portal log': asOwner('/staff/reports/portal-log') }, steps: [10_000, lines].map((many) => ({ label: many.toLocaleString('en'), size: { tenants: 1, accounts: 100, invoices: 2, log: many } })) },
  ];
}

import autocannon from 'autocannon';
import { writeInvoices } from './import-job.ts';
import { enrolAll, rowsOfImport, sizeOfJobs } from './jobs.ts';
import type { Gate } from './gates.ts';
import { measure, sharedOut, warm, type Ask, type Slice } from './load.ts';
import { asAdmin, inCopy, type Places } from './places.ts';
import { numberOf, pages } from './pages.ts';
import { serveVariant, type Served } from './processes.ts';
import { writeRatio, type Report } from './report.ts';
import { openSeeded, password } from './seed.ts';
import { headersOf, makeSessions, type People, type Session } from './sessions.ts';
import { median, ratioOf } from './statistics.ts';
import { startSandbox, startWorker } from './worker.ts';

const watched = ['home', 'invoice list', 'ticket list', 'statement'];
const signInsPerSecond = 50;

/** How pages answer while an import and an autopay run go on and people sign in by the dozen, all on one database. */
export async function stormReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const size = sizeOfJobs(isSmall);
  const places = await inCopy(await openSeeded(isSmall ? 'jobs-small' : 'jobs', size, say));
  await enrolAll(places);
  const people = await makeSessions(places, size);
  const product = await serveVariant('product', places, places.webUrl);
  const asks = new Map(pages.filter(({ name }) => watched.includes(name)).map((page) => [page.name, people.customers.map((session): Ask => ({ path: page.path(session), headers: session.headers }))]));
  for (const some of asks.values()) await warm(product, some, isSmall ? 400 : 2_000);
  const [turns, seconds] = isSmall ? [3, 2] : [6, 5];
  const quiet = await watch(product, asks, places, turns, seconds);
  const storm = await startStorm(places, product, people, rowsOfImport(isSmall));
  const meanwhile = await watch(product, asks, places, turns, seconds);
  const went = await storm.stop();
  say(went);
  await product.stop();
  await places.stop();
  return asReport(isSmall, quiet, meanwhile, went);
}

type Watched = ReadonlyMap<string, readonly Slice[]>;

async function watch(product: Served, asks: ReadonlyMap<string, readonly Ask[]>, places: Places, turns: number, seconds: number): Promise<Watched> {
  const slices = new Map<string, Slice[]>([...asks.keys()].map((page) => [page, []]));
  for (let turn = 0; turn < turns; turn += 1) for (const [page, some] of asks) slices.get(page)?.push(await measure(product, some, seconds, places));
  return slices;
}

/** Goes on until it is stopped; says then what it has done. */
async function startStorm(places: Places, product: Served, people: People, rows: number): Promise<{ stop(): Promise<string> }> {
  const [payer, importer] = [await startWorker(places, { sandboxUrl: await startSandbox(places) }), await startWorker(places, {})];
  const began = performance.now();
  let imported = 0;
  const importing = (async () => {
    for (let turn = 1; ; turn += 1) imported += (await importer.carryOut({ slug: 'bench-2', work: 'import', file: await writeInvoices(places, rows, `storm-${turn}`) })).done;
  })();
  const paying = (async () => {
    for (const slug of ['bench-1', 'bench-3', 'bench-4']) await payer.carryOut({ slug, work: 'autopay' });
  })();
  let failure: unknown;
  for (const work of [importing, paying]) work.catch((error: unknown) => (failure ??= error));
  const door = startSigningIn(product, people.customers);
  return {
    stop: async () => {
      const { asked, admitted } = await door.stop();
      const paid = await asAdmin(places.adminUrl, async (client) => (await client.query<{ n: string }>(`select count(*) as n from app.autopay_charges where result = 'paid'`)).rows[0]?.n);
      const seconds = (performance.now() - began) / 1000;
      if (failure) throw failure;
      for (const worker of [payer, importer]) worker.stop();
      return `Meanwhile, in ${seconds.toFixed(0)} s: ${paid} accounts charged by autopay, ${imported.toLocaleString('en')} invoices of files that had ended imported, ${asked} sign-ins asked for, ${admitted} of them admitted; the others were asked to come back in a moment.`;
    },
  };
}

/** Good passwords, each from an address of its own, in all organizations in turn. */
function startSigningIn(product: Served, customers: readonly Session[]): { stop(): Promise<{ asked: number; admitted: number }> } {
  const requests = customers.map(({ slug, accountId }, at) => ({
    method: 'POST', path: '/login',
    headers: { ...headersOf(slug), 'x-forwarded-for': `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ login: `client${numberOf(accountId)}@example.test`, password }).toString(),
  }));
  const sending = autocannon({ url: product.url, connections: 25, duration: 3_600, overallRate: signInsPerSecond, ...sharedOut(requests, 25) });
  return {
    stop: async () => {
      sending.stop();
      const result = await sending;
      return { asked: result.requests.total, admitted: result['3xx'] };
    },
  };
}

function asReport(isSmall: boolean, quiet: Watched, meanwhile: Watched, went: string): Report {
  const middle = (slices: readonly Slice[] | undefined, of: (slice: Slice) => number) => median((slices ?? []).map(of));
  const tails = [...meanwhile].map(([page, slices]) => ({ page, slices, tail: ratioOf(slices.map(({ p99 }) => p99), slices.map(({ p50 }) => p50)) }));
  return {
    title: isSmall ? 'Storm (small)' : 'Storm',
    gates: tails.map(({ page, tail }): Gate => ({ name: `${page}, p99 of p50 in the storm`, value: tail, gate: 5, aim: 4, better: 'less' })),
    tables: [{
      title: 'Pages', head: ['page', 'quiet: requests/s', 'p50 ms', 'p99 ms', 'in the storm: requests/s', 'p50 ms', 'p99 ms', 'p99 of p50'],
      rows: tails.map(({ page, slices, tail }) => [page, ...[quiet.get(page), slices].flatMap((some) => [middle(some, ({ perSecond }) => perSecond), middle(some, ({ p50 }) => p50), middle(some, ({ p99 }) => p99)]).map((value) => value.toFixed(0)), writeRatio(tail)]),
      chart: { kind: 'bars', column: 6, label: 'p99 in the storm, ms' },
    }],
    notes: [went, '16 connections that never pause ask for each page, as without the storm: what is left of the processors is theirs.'],
  };
}

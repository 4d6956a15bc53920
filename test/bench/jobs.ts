import { exactly, type Gate } from './gates.ts';
import { importTurn, type ImportTurn } from './import-job.ts';
import { asAdmin, inCopy, type Places } from './places.ts';
import { serveVariant } from './processes.ts';
import type { Report } from './report.ts';
import { openSeeded } from './seed.ts';
import { median, ratioOf } from './statistics.ts';
import { startSandbox, startWorker, type Order, type Work } from './worker.ts';

export const sizeOfJobs = (isSmall: boolean) => ({ tenants: 4, accounts: isSmall ? 1_000 : 10_000, invoices: 6, log: 1_000 });
export const rowsOfImport = (isSmall: boolean) => (isSmall ? 10_000 : 100_000);
export const workedFor = 'bench-1';

/** The work behind the pages: each piece in a worker process of its own, on a fresh copy of the database. */
export async function jobsReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const places = await openSeeded(isSmall ? 'jobs-small' : 'jobs', sizeOfJobs(isSmall), say);
  const told = (name: string, work: Work) => {
    say(`${name}: ${work.done.toLocaleString('en')} in ${work.seconds.toFixed(1)} s (app ${work.appSeconds.toFixed(1)} s, database ${work.databaseSeconds.toFixed(1)} s, at most ${work.peakMb} MiB)`);
    return work;
  };
  const turns: ImportTurn[] = [];
  while (turns.length < 3) {
    turns.push(await importTurn(places, workedFor, rowsOfImport(isSmall)));
    const { work, bareCopy, fullCopy } = turns.at(-1)!;
    told(`import of invoices, against ${bareCopy.toFixed(2)} s and ${fullCopy.toFixed(2)} s of COPY`, work);
  }
  const sandboxUrl = await startSandbox(places);
  const autopay = told('autopay', await inFresh(places, { sandboxUrl }, [{ slug: workedFor, work: 'autopay' }], enrolAll));
  const smtpUrl = (await serveVariant('post-office', places, places.webUrl)).url.replace('http:', 'smtp:');
  const queued: Order = { slug: workedFor, work: 'queue mail', many: isSmall ? 1_000 : 10_000 };
  const mail = told('mail', await inFresh(places, { smtpUrl }, [queued, { slug: workedFor, work: 'send mail' }]));
  return asReport(isSmall, turns, autopay, mail);
}

/** Works the orders off in turn and measures the last one. */
async function inFresh(places: Places, peers: { sandboxUrl?: string; smtpUrl?: string }, orders: readonly Order[], prepare: (places: Places) => Promise<void> = async () => undefined): Promise<Work> {
  const copy = await inCopy(places);
  await prepare(copy);
  const worker = await startWorker(copy, peers);
  try {
    let work: Work | undefined;
    for (const order of orders) work = await worker.carryOut(order);
    return work!;
  } finally {
    worker.stop();
    await copy.stop();
  }
}

/** Everybody, as if they had enrolled themselves. */
export async function enrolAll(places: Places): Promise<void> {
  await asAdmin(places.adminUrl, async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(`update app.accounts a set autopay = true, autopay_method_id = m.id from app.payment_methods m where (m.tenant_id, m.account_id) = (a.tenant_id, a.id)`);
    await client.query('vacuum analyze app.accounts');
  });
}

function asReport(isSmall: boolean, turns: readonly ImportTurn[], autopay: Work, mail: Work): Report {
  const of = (part: (turn: ImportTurn) => number) => turns.map(part);
  const seconds = of(({ work }) => work.seconds);
  const against = (what: string, part: (turn: ImportTurn) => number) => [what, median(of(part)).toFixed(2), `${(median(seconds) / median(of(part))).toFixed(1)} x`];
  const peak = Math.max(...of(({ work }) => work.peakMb));
  const gates: Gate[] = [
    { name: 'import, time of COPY of all rows that it writes', value: ratioOf(seconds, of(({ fullCopy }) => fullCopy)), gate: 8, aim: 4, better: 'less' },
    { name: 'import, most memory, MiB', value: exactly(peak), gate: 512, aim: 300, better: 'less' },
  ];
  const [imported] = turns.toSorted((one, other) => one.work.seconds - other.work.seconds).slice(Math.floor(turns.length / 2));
  const rows = [['import of invoices', imported!.work], ['autopay, accounts charged', autopay], ['mails', mail]] as const;
  return {
    title: isSmall ? 'Jobs (small)' : 'Jobs', gates,
    tables: [
      {
        title: 'One worker', head: ['what', 'done', 'seconds', 'a second', 'app CPU us each', 'database CPU us each', 'most memory MiB'],
        rows: rows.map(([name, work]) => [name, String(work.done), work.seconds.toFixed(1), (work.done / work.seconds).toFixed(0), each(work.appSeconds, work), each(work.databaseSeconds, work), String(work.peakMb)]),
        chart: { kind: 'bars', column: 3, label: 'done in a second' },
      },
      {
        title: 'The import against COPY', head: ['what', 'median s', 'import against it'],
        rows: [
          against('COPY of the file into a table without an index', ({ bareCopy }) => bareCopy),
          against('COPY of the invoices into a table with the checks and indexes of the product', ({ invoicesCopy }) => invoicesCopy),
          against('COPY of all rows that the import writes (invoices, journals, both legs, sums of the days and months) into such tables', ({ fullCopy }) => fullCopy),
        ],
      },
    ],
    notes: ['Each on a fresh copy of the database, by one worker process in production mode; PostgreSQL does not flush to the disk. The sandbox gateway and the mail server are processes of their own, and not in the figures.'],
  };
}

const each = (seconds: number, { done }: Work) => ((seconds * 1e6) / done).toFixed(0);

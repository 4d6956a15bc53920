import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { asAdmin, type Places } from './places.ts';
import { escape, stateOf, writeCell, writeMoney, type Figures, type List, type Row } from './figures.ts';
import { cutPage, looks, type PageKit, type PageName, type SampleRow } from './kit.ts';
import { invoiceColumns, paymentColumns, ticketColumns, visitColumns } from './columns.ts';
import { numberOf } from './pages.ts';
import type { Served } from './processes.ts';
import { headersOf, type Session } from './sessions.ts';

const paths: Readonly<Record<PageName, string>> = { home: '/', invoices: '/invoices', 'sign-in': '/login' };

/** Asks the product for one of each page in each look and leaves them, cut, where the yardsticks read them. */
export async function writeKits(product: Served, places: Places, customers: readonly Session[]): Promise<void> {
  const kits: Record<string, Partial<Record<PageName, PageKit>>> = {};
  for (let at = 1; at <= looks; at += 1) {
    const session = customers.find(({ slug, accountId }) => slug === `bench-${at}` && isLate(accountId));
    if (!session) throw new Error(`nobody is signed in on bench-${at}`);
    kits[session.slug] = Object.fromEntries(await Promise.all((['home', 'invoices', 'sign-in'] as const).map(async (page) => [page, await sample(page, product, places, session)] as const)));
  }
  writeFileSync(path.join(places.folder, 'kits.json'), JSON.stringify(kits));
  const { headers } = await ask(product, paths.home, customers[0]?.headers ?? {});
  writeFileSync(path.join(places.folder, 'headers.json'), JSON.stringify(Object.fromEntries(Object.entries(headers).filter(([name]) => isOfAll(name)))));
}

/** Headers that are the same for each page and asker. */
export const isOfAll = (name: string): boolean => !/^(date|connection|keep-alive|content-type|content-length|set-cookie|x-request-id)$/.test(name);

export async function ask(served: Served, address: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; html: string; headers: IncomingHttpHeaders }> {
  // fetch() would choose the Host itself.
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(`${served.url}${address}`, { headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ status: res.statusCode ?? 0, html: Buffer.concat(parts).toString(), headers: res.headers }));
    }).on('error', reject).end();
  });
}

/** What the database says of an account. `invoices`: all of them, newest first. */
export interface Truth extends Omit<Figures, 'lists'> {
  readonly invoices: readonly Row[];
  readonly payments: readonly Row[];
  readonly visits: readonly Row[];
  readonly tickets: readonly Row[];
}

export function truthOf(places: Places, session: Session): Promise<Truth> {
  const all = (columns: string, table: string, order: string, condition = '') => `(select coalesce(jsonb_agg(one), '[]') from (select ${columns} from app.${table} x
    where x.tenant_id = a.tenant_id and x.account_id = a.id ${condition} order by ${order}) one)`;
  return asAdmin(places.adminUrl, async (client) => {
    const { rows: [truth] } = await client.query<Truth>(`
      select a.name as account, c.first_name || ' ' || c.last_name as person, c.email, t.zone,
             (select coalesce(sum(total_cents - paid_cents), 0)::int from app.invoices i where i.tenant_id = a.tenant_id and i.account_id = a.id) as "openCents",
             ${all(invoiceColumns, 'invoices', 'issued_on desc, id desc')} as invoices,
             ${all(paymentColumns, 'payments', 'created_at desc')} as payments,
             ${all(visitColumns, 'visits', 'starts_at', `and status = 'scheduled'`)} as visits,
             ${all(ticketColumns, 'tickets', 'id desc', `and state = 'open'`)} as tickets
        from app.accounts a join app.tenants t on t.id = a.tenant_id join app.contacts c on (c.tenant_id, c.account_id) = (a.tenant_id, a.id) where a.tenant_id = $1 and a.id = $2`, [session.tenantId, session.accountId]);
    if (!truth) throw new Error(`no account ${session.accountId}`);
    return truth;
  });
}

/** Every fifth account of the seed is late. */
const isLate = (accountId: string): boolean => numberOf(accountId) % 5 === 0;

async function sample(page: PageName, product: Served, places: Places, session: Session): Promise<PageKit> {
  const { status, html } = await ask(product, paths[page], page === 'sign-in' ? headersOf(session.slug) : session.headers);
  if (status !== 200) throw new Error(`${session.slug}${paths[page]} answered ${status}`);
  const truth = await truthOf(places, session);
  return cutPage({
    page, html,
    values: page === 'sign-in' ? {} : { account: escape(truth.account), person: escape(truth.person), email: escape(truth.email), balance: writeMoney(truth.openCents) },
    rows: page === 'sign-in' ? [] : rowsOf(truth),
  });
}

function rowsOf(truth: Truth): SampleRow[] {
  const today = new Date().toISOString().slice(0, 10);
  const as = (list: List, rows: readonly Row[], names: readonly string[]) => rows.map((row) => ({
    list, state: stateOf(row, today), values: { ...Object.fromEntries(names.map((name) => [name, writeCell(row, name, truth.zone)])), number: row.number },
  }));
  return [
    ...as('late', truth.invoices, ['total', 'dueSoon']), ...as('newest', truth.invoices, ['total', 'issuedOn', 'dueOn']), ...as('payments', truth.payments, ['total', 'issuedOn']),
    ...as('visits', truth.visits, ['title', 'resource', 'when']), ...as('tickets', truth.tickets, ['category', 'body', 'createdAt', 'asked']),
  ];
}

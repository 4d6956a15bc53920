import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { asAdmin, type Places } from './places.ts';
import { escape, shapeOf, stateOf, writeCell, type Figures, type List, type Row } from './figures.ts';
import { cutPage, lookOf, looks, type PageKit, type PageName, type SampleRow } from './kit.ts';
import { invoiceColumns, paymentColumns, ticketColumns, visitColumns } from './columns.ts';
import type { Served } from './processes.ts';
import { headersOf, type Session } from './sessions.ts';

const paths: Readonly<Record<PageName, string>> = { home: '/', invoices: '/invoices', 'sign-in': '/login' };

/** Asks the product for one of each page in each look and shape and leaves them, cut, where the yardsticks read them. */
export async function writeKits(product: Served, places: Places, customers: readonly Session[]): Promise<void> {
  const kits: Record<string, Record<PageName, Record<string, PageKit>>> = {};
  for (const session of customers.filter(({ slug }) => slug === lookOf(slug))) {
    const kit = (kits[session.slug] ??= { 'home': {}, 'invoices': {}, 'sign-in': {} });
    const truth = await truthOf(places, session);
    for (const page of ['home', 'invoices', 'sign-in'] as const) kit[page][shapeOf(listsOf(page, truth))] ??= await sample(page, product, session, truth);
  }
  if (Object.keys(kits).length < looks) throw new Error('somebody has to be signed in on each of the first organizations');
  writeFileSync(path.join(places.folder, 'kits.json'), JSON.stringify(kits));
  const { headers } = await ask(product, paths.home, customers[0]?.headers ?? {});
  writeFileSync(path.join(places.folder, 'headers.json'), JSON.stringify(Object.fromEntries(Object.entries(headers).filter(([name]) => isOfAll(name)))));
}

/** The lists that a page shows, as far as it shows them. */
export function listsOf(page: PageName, { invoices, payments, visits, tickets }: Truth): Figures['lists'] {
  if (page === 'sign-in') return {};
  if (page === 'invoices') return { newest: invoices.slice(0, 25) };
  const late = invoices.filter((row) => stateOf(row) === 'late').toReversed();
  return {
    tasks: [...late.slice(0, 5), ...tickets.filter(({ waitsFor }) => waitsFor === 'customer')].slice(0, 8),
    newest: invoices.filter((row) => !late.includes(row)).slice(0, 5), payments: payments.slice(0, 3), visits: visits.slice(0, 4), tickets: tickets.slice(0, 5),
  };
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
export interface Truth extends Pick<Figures, 'organization' | 'account' | 'person' | 'email' | 'zone' | 'openCents'> {
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
      select t.name as organization, a.name as account, c.first_name || ' ' || c.last_name as person, c.email, t.zone,
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

async function sample(page: PageName, product: Served, session: Session, truth: Truth): Promise<PageKit> {
  const { status, html } = await ask(product, paths[page], page === 'sign-in' ? headersOf(session.slug) : session.headers);
  if (status !== 200) throw new Error(`${session.slug}${paths[page]} answered ${status}`);
  const { organization, account, person, email } = truth;
  const values = page === 'sign-in' ? { organization } : { organization, account, person, email };
  const escaped = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escape(value)]));
  return cutPage({ page, html, values: { ...escaped, slug: session.slug }, rows: rowsOf(listsOf(page, truth), truth.zone) });
}

const cells: Readonly<Record<List, readonly string[]>> = {
  tasks: ['total', 'dueSoon', 'category'], newest: ['total', 'issuedOn', 'dueOn', 'issuedIso', 'dueIso'], payments: ['total', 'issuedOn', 'issuedIso'],
  visits: ['title', 'resource', 'when'], tickets: ['category', 'body', 'createdAt', 'asked'],
};

function rowsOf(lists: Figures['lists'], zone: string): SampleRow[] {
  return Object.entries(lists).flatMap(([list, rows]) => rows.map((row) => {
    const values = Object.fromEntries(cells[list as List].map((name) => [name, writeCell(row, name, zone)]));
    return { list: list as List, state: stateOf(row), values: { ...values, number: row.number } };
  }));
}

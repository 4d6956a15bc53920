import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { asAdmin, type Places } from './places.ts';
import { escape, stateOf, writeDay, writeMoney, type Invoice } from './figures.ts';
import { cutPage, looks, type PageKit, type PageName } from './kit.ts';
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
  const [first] = customers;
  const { headers } = await ask(product, paths.home, first?.headers ?? {});
  const security = Object.entries(headers).filter(([name]) => !/^(date|connection|keep-alive|content-.*|set-cookie|x-request-id|cache-control)$/.test(name) || name === 'content-security-policy');
  writeFileSync(path.join(places.folder, 'headers.json'), JSON.stringify(Object.fromEntries(security)));
}

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

export interface Truth {
  readonly account: string;
  readonly person: string;
  readonly email: string;
  readonly openCents: number;
  readonly invoices: readonly Invoice[];
}

/** What the database says of an account: newest invoice first. */
export function truthOf(places: Places, session: Session): Promise<Truth> {
  return asAdmin(places.adminUrl, async (client) => {
    const { rows: [truth] } = await client.query<Truth>(`
      select a.name as account, c.first_name || ' ' || c.last_name as person, c.email,
             (select coalesce(sum(total_cents - paid_cents), 0)::int from app.invoices i where i.tenant_id = a.tenant_id and i.account_id = a.id) as "openCents",
             (select jsonb_agg(jsonb_build_object('number', number, 'totalCents', total_cents, 'paidCents', paid_cents, 'issuedOn', issued_on, 'dueOn', due_on) order by issued_on desc)
                from app.invoices i where i.tenant_id = a.tenant_id and i.account_id = a.id) as invoices
        from app.accounts a join app.contacts c on (c.tenant_id, c.account_id) = (a.tenant_id, a.id) where a.tenant_id = $1 and a.id = $2`, [session.tenantId, session.accountId]);
    if (!truth) throw new Error(`no account ${session.accountId}`);
    return truth;
  });
}

/** Every fifth account of the seed is late. */
const isLate = (accountId: string): boolean => (Number.parseInt(accountId.slice(-12), 16) / 200_000) % 5 === 0;

async function sample(page: PageName, product: Served, places: Places, session: Session): Promise<PageKit> {
  const { status, html } = await ask(product, paths[page], page === 'sign-in' ? headersOf(session.slug) : session.headers);
  if (status !== 200) throw new Error(`${session.slug}${paths[page]} answered ${status}`);
  const truth = await truthOf(places, session);
  const today = new Date().toISOString().slice(0, 10);
  return cutPage({
    page, html,
    values: page === 'sign-in' ? {} : { account: escape(truth.account), person: escape(truth.person), email: escape(truth.email), balance: writeMoney(truth.openCents) },
    invoices: truth.invoices.map((invoice) => ({ number: invoice.number, state: stateOf(invoice, today), total: writeMoney(invoice.totalCents), issuedOn: writeDay(invoice.issuedOn), dueOn: writeDay(invoice.dueOn) })),
  });
}

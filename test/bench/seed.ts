import type { Client } from 'pg';
import { closeDatabase, connectTo } from '../../server/platform/database.ts';
import { hashPassword } from '../../server/passwords/hash-password.ts';
import { createTenant, readPack } from '../../server/tenancy/create-tenant.ts';
import { asAdmin, type Places } from './places.ts';

/** How many organizations, accounts of each, and invoices of each account. */
export interface Size {
  readonly tenants: number;
  readonly accounts: number;
  readonly invoices: number;
  /** Lines in each organization's portal log. */
  readonly log: number;
}

/** What everybody in the benchmark's portals signs in with. */
export const password = 'the benchmark knows it';

/** Fills an empty database, once: organizations by the product's own verb from the packs in turn, the rest in sets with ids that can be computed. */
export async function seed(places: Places, size: Size, say: (line: string) => void): Promise<void> {
  const done = await asAdmin(places.adminUrl, async (client) => (await client.query('select from app.tenants')).rowCount);
  if (done) return;
  say(`Filling the database: ${size.tenants} organizations x ${size.accounts} accounts x ${size.invoices} invoices.`);
  connectTo(places.webUrl);
  for (let at = 1; at <= size.tenants; at += 1) await createTenant({ slug: `bench-${at}`, settings: { ...readPack(packs[at % packs.length] ?? 'studio'), ...everythingOn } });
  await closeDatabase();
  const hash = await hashPassword(password);
  await asAdmin(places.adminUrl, (client) => fill(client, size, hash));
  say('Filled.');
}

// Packs that have the pages which are measured.
const packs = ['studio', 'lawncare', 'cloud', 'fieldservice'];
const everythingOn = { 'payments.gateway': 'sandbox', 'login.identifier': 'email', 'login.staff_two_factor': 'optional' } as const;

async function fill(client: Client, size: Size, hash: string): Promise<void> {
  // One by one the triggers would check and sum ten million rows; what they would have made is made below in sets.
  await client.query(`set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '512MB'`);
  await client.query(`create temp table tenant as select id, row_number() over (order by length(slug), slug)::int as t from app.tenants where slug like 'bench-%'`);
  await client.query(ids);
  for (const statement of statements) await client.query(statement.replaceAll(':accounts', String(size.accounts)).replaceAll(':invoices', String(size.invoices)).replaceAll(':log', String(size.log)).replaceAll(':hash', client.escapeLiteral(hash)));
  await client.query('vacuum (analyze, freeze)');
}

/** Ids near each other for rows near each other, as version 7 gives them. */
const ids = `create function pg_temp.key(kind int, t int, a int, k int default 0) returns uuid language sql immutable as
  $$ select (lpad(to_hex(kind), 8, '0') || '-' || lpad(to_hex(t), 4, '0') || '-7000-8000-' || lpad(to_hex(a::bigint * 200000 + k), 12, '0'))::uuid $$`;

const each = `tenant cross join generate_series(1, :accounts) a`;
const eachInvoice = `${each} cross join generate_series(1, :invoices) k`;
const cents = `(2000 + (a * 37 + k * 911) % 30000)`;
/** The newest is of this month, each other one a month older. */
const issued = `(date_trunc('month', current_date) - make_interval(months => :invoices - k))::date`;
/** Two of three accounts have paid all but their two newest; every fifth is late. */
const isPaid = `k <= :invoices - 2 - (case when a % 5 = 0 then 1 else 0 end)`;
/** A payment pays two invoices that follow each other. */
const pair = `(k + 1) / 2`;

const statements = [
  `insert into app.accounts (tenant_id, id, number, name, opened_on, address1, city, region, postal_code)
     select id, pg_temp.key(1, t, a), 'A-' || a, (array['Bestie', 'Nowak', 'García', 'Okafor', 'Lindqvist', 'Álvarez', 'Tanaka', 'O''Brien'])[1 + a % 8] || ' ' || a,
            current_date - 900, a || ' Main Street', 'Springfield', 'OH', '45501' from ${each}`,
  `insert into app.logins (tenant_id, id, login_id, email, password_hash, password_changed_at)
     select id, pg_temp.key(2, t, a), 'client' || a || '@example.test', 'client' || a || '@example.test', :hash, now() from ${each}`,
  `insert into app.contacts (tenant_id, id, account_id, login_ref, first_name, last_name, email, is_primary, is_billing)
     select id, pg_temp.key(3, t, a), pg_temp.key(1, t, a), pg_temp.key(2, t, a), 'Maria', 'Client ' || a, 'client' || a || '@example.test', true, true from ${each}`,
  `insert into app.staff_users (tenant_id, id, email, name, role, password_hash) select id, pg_temp.key(4, t, 1), 'owner@example.test', 'The owner', 'owner', :hash from tenant`,
  `insert into app.payment_methods (tenant_id, id, account_id, gateway, token, kind, brand, last4, exp_month, exp_year, is_default)
     select id, pg_temp.key(5, t, a), pg_temp.key(1, t, a), 'sandbox', 'test_visa:' || a, 'card', 'Visa', '4242', 12, 2034, true from ${each}`,
  `insert into app.invoices (tenant_id, id, account_id, number, status, issued_on, due_on, currency, total_cents, paid_cents, memo, sent_at)
     select id, pg_temp.key(6, t, a, k), pg_temp.key(1, t, a), 'INV-' || (a::bigint * 200000 + k), 'sent', ${issued}, ${issued} + 14, 'USD', ${cents},
            case when ${isPaid} then ${cents} else 0 end, 'Season ' || k, ${issued} from ${eachInvoice}`,
  `insert into app.invoice_lines (tenant_id, id, account_id, invoice_id, position, description, amount_cents)
     select id, pg_temp.key(7, t, a, k), pg_temp.key(1, t, a), pg_temp.key(6, t, a, k), 1, 'Services of month ' || k, ${cents} from ${eachInvoice}`,
  `insert into app.payments (tenant_id, id, account_id, number, state, amount_cents, currency, method_id, method_label, gateway, paid_on, created_at, settled_at)
     select id, pg_temp.key(8, t, a, ${pair}), pg_temp.key(1, t, a), 'PAY-' || (a::bigint * 200000 + ${pair}), 'succeeded', sum(${cents}), 'USD', pg_temp.key(5, t, a), 'Visa •••• 4242', 'sandbox',
            max(${issued}) + 10, max(${issued}) + 10, max(${issued}) + 10 from ${eachInvoice} where ${isPaid} group by id, t, a, ${pair}`,
  `insert into app.allocations (tenant_id, account_id, invoice_id, payment_id, amount_cents, applied_at, created_at)
     select id, pg_temp.key(1, t, a), pg_temp.key(6, t, a, k), pg_temp.key(8, t, a, ${pair}), ${cents}, ${issued} + 10, ${issued} + 10 from ${eachInvoice} where ${isPaid}`,
  `insert into app.journals (tenant_id, id, account_id, kind, source_id, currency, posted_on, memo)
     select id, pg_temp.key(9, t, a, k), pg_temp.key(1, t, a), 'invoice', pg_temp.key(6, t, a, k), 'USD', ${issued}, 'INV-' || (a::bigint * 200000 + k) from ${eachInvoice}`,
  `insert into app.journals (tenant_id, id, account_id, kind, source_id, currency, posted_on, memo)
     select tenant_id, ('0000000a' || substr(id::text, 9))::uuid, account_id, 'payment', id, 'USD', paid_on, number from app.payments`,
  `insert into app.ledger_entries (tenant_id, journal_id, account_id, ledger, amount_cents, currency, posted_on)
     select tenant_id, ('00000009' || substr(id::text, 9))::uuid, account_id, leg, case leg when 'receivable' then total_cents else -total_cents end, 'USD', issued_on
       from app.invoices cross join unnest(array['receivable', 'revenue']) leg`,
  `insert into app.ledger_entries (tenant_id, journal_id, account_id, ledger, amount_cents, currency, posted_on)
     select tenant_id, ('0000000a' || substr(id::text, 9))::uuid, account_id, leg, case leg when 'cash' then amount_cents else -amount_cents end, 'USD', paid_on
       from app.payments cross join unnest(array['cash', 'receivable']) leg`,
  `insert into app.ledger_days (tenant_id, account_id, ledger, currency, posted_on, amount_cents)
     select tenant_id, account_id, ledger, currency, posted_on, sum(amount_cents) from app.ledger_entries group by 1, 2, 3, 4, 5`,
  `insert into app.portal_log (tenant_id, at, kind, message, account_id, account_name, contact_id, contact_name, contact_email, login_id)
     select id, now() - make_interval(mins => n * 7), (array['sign-in', 'payment', 'password', 'profile'])[1 + n % 4],
            (array['Login successful', 'Payment made', 'Password changed', 'Address changed'])[1 + n % 4] || ' (' || n || ')',
            pg_temp.key(1, t, a), 'Client ' || a, pg_temp.key(3, t, a), 'Maria Client ' || a, 'client' || a || '@example.test', 'client' || a || '@example.test'
       from tenant cross join generate_series(1, :log) n cross join lateral (select 1 + n % :accounts as a) of`,
  `insert into app.counters (tenant_id, name, value) select id, name, 9000000000 from tenant cross join unnest(array['accounts', 'invoices', 'payments', 'credits', 'refunds']) name
     on conflict (tenant_id, name) do update set value = excluded.value`,
];

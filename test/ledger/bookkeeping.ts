import { randomUUID } from 'node:crypto';
import { postJournal, type JournalKind, type Leg } from '../../server/ledger/post-journal.ts';
import { run } from '../../server/platform/database.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import type { World } from '../support/world.ts';

/** What an account owes and pays, written with its journals as an import writes it. Each function is one transaction and gives an id. */
export interface Book {
  readonly world: World;
  readonly accountId: string;
}

interface Columns {
  readonly number?: string;
  readonly on?: string;
  readonly cents?: number;
  readonly currency?: string;
}
const draw = () => randomUUID().slice(0, 8);

export function sendInvoice({ world, accountId }: Book, given: Columns & { dueOn?: string | null } = {}): Promise<string> {
  const { number = `INV-${draw()}`, on = '2026-10-01', cents = 8500, currency = 'USD', dueOn = null } = given;
  return withTenant(world.id, async () => {
    const id = await insert('invoices', { account_id: accountId, number, issued_on: on, due_on: dueOn, currency, total_cents: cents, status: 'sent', sent_at: new Date() });
    await insert('invoice_lines', { account_id: accountId, invoice_id: id, position: 1, description: 'Tuition', amount_cents: cents });
    await post(accountId, 'invoice', id, { number, on, currency }, { receivable: cents, revenue: -cents });
    return id;
  });
}

/** Money that has come: what stands in `paid` (cents by invoice id) is applied, the rest waits as a prepayment. */
export function receive({ world, accountId }: Book, given: Columns & { paid?: Readonly<Record<string, number>> } = {}): Promise<string> {
  const { number = `PAY-${draw()}`, on = '2026-10-10', cents = 5000, currency = 'USD', paid = {} } = given;
  const left = cents - sum(Object.values(paid));
  return withTenant(world.id, async () => {
    const id = await insert('payments', { account_id: accountId, number, state: 'succeeded', amount_cents: cents, unapplied_cents: left, currency, method_kind: 'check', paid_on: on, settled_at: new Date() });
    for (const [invoiceId, part] of Object.entries(paid)) await apply({ accountId, on, from: { payment_id: id } }, invoiceId, part);
    await post(accountId, 'payment', id, { number, on, currency }, { cash: cents, receivable: left - cents, prepayment: -left });
    return id;
  });
}

/** A credit; what stands in `used` (cents by invoice id) is applied on the same day. */
export function giveCredit({ world, accountId }: Book, given: Columns & { used?: Readonly<Record<string, number>> } = {}): Promise<string> {
  const { number = `CR-${draw()}`, on = '2026-10-12', cents = 2000, currency = 'USD', used = {} } = given;
  return withTenant(world.id, async () => {
    const id = await insert('credits', { account_id: accountId, number, issued_on: on, currency, amount_cents: cents, balance_cents: cents - sum(Object.values(used)) });
    await post(accountId, 'credit', id, { number, on, currency }, { revenue: cents, credit: -cents });
    for (const [invoiceId, part] of Object.entries(used)) {
      const allocation = await apply({ accountId, on, from: { credit_id: id } }, invoiceId, part);
      await post(accountId, 'apply', allocation, { number, on, currency }, { credit: part, receivable: -part });
    }
    return id;
  });
}

/** Puts a part of a credit or prepayment on an invoice, in a step of its own. */
export function applyLater({ world, accountId }: Book, from: { credit: string } | { payment: string }, given: { invoiceId: string; cents: number; on: string; currency: string }): Promise<string> {
  const { invoiceId, cents, on, currency } = given;
  const [table, ledger, column, id] = 'credit' in from ? (['credits', 'credit', 'balance_cents', from.credit] as const) : (['payments', 'prepayment', 'unapplied_cents', from.payment] as const);
  return withTenant(world.id, async () => {
    const allocation = await apply({ accountId, on, from: 'credit' in from ? { credit_id: id } : { payment_id: id } }, invoiceId, cents);
    const [source] = await run<{ number: string }>(`update app.${table} set ${column} = ${column} - $2 where id = $1 returning number`, [id, cents]);
    await post(accountId, 'apply', allocation, { number: source?.number ?? '', on, currency }, { [ledger]: cents, receivable: -cents });
    return allocation;
  });
}

/** Takes such a part off again. */
export function takeOffLater({ world, accountId }: Book, from: { credit: string } | { payment: string }, given: { allocation: string; invoiceId: string; cents: number; on: string; currency: string }): Promise<void> {
  const { allocation, invoiceId, cents, on, currency } = given;
  const [table, ledger, column, id] = 'credit' in from ? (['credits', 'credit', 'balance_cents', from.credit] as const) : (['payments', 'prepayment', 'unapplied_cents', from.payment] as const);
  return withTenant(world.id, async () => {
    await run('update app.allocations set reversed_at = $2 where id = $1', [allocation, noon(on)]);
    await run('update app.invoices set paid_cents = paid_cents - $2 where id = $1', [invoiceId, cents]);
    const [source] = await run<{ number: string }>(`update app.${table} set ${column} = ${column} + $2 where id = $1 returning number`, [id, cents]);
    await post(accountId, 'correction', allocation, { number: source?.number ?? '', on, currency }, { [ledger]: -cents, receivable: cents });
  });
}

/** On the invoice's own day. */
export function takeInvoiceBack({ world, accountId }: Book, id: string, { number, on, cents, currency }: Required<Columns>): Promise<void> {
  return withTenant(world.id, async () => {
    await run(`update app.invoices set status = 'void', voided_at = now() where id = $1`, [id]);
    await post(accountId, 'invoice_void', id, { number, on, currency }, { receivable: -cents, revenue: cents });
  });
}

async function apply({ accountId, on, from }: { accountId: string; on: string; from: Readonly<Record<string, string>> }, invoiceId: string, cents: number): Promise<string> {
  const id = await insert('allocations', { account_id: accountId, invoice_id: invoiceId, amount_cents: cents, applied_at: noon(on), created_at: noon(on), ...from });
  await run('update app.invoices set paid_cents = paid_cents + $2 where id = $1', [invoiceId, cents]);
  return id;
}

async function post(accountId: string, kind: JournalKind, sourceId: string, { number, on, currency }: { number: string; on: string; currency: string }, legs: Readonly<Partial<Record<Leg['ledger'], number>>>): Promise<void> {
  const sides = Object.entries(legs).map(([ledger, amountCents]) => ({ ledger: ledger as Leg['ledger'], amountCents }));
  await postJournal({ accountId, kind, sourceId, currency, postedOn: on, memo: number, legs: sides });
}

async function insert(table: string, columns: Readonly<Record<string, unknown>>): Promise<string> {
  const names = Object.keys(columns);
  const [row] = await run<{ id: string }>(
    `insert into app.${table} (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id`, Object.values(columns));
  return row?.id ?? '';
}

const noon = (day: string) => new Date(`${day}T17:00:00Z`);
const sum = (cents: readonly number[]) => cents.reduce((total, part) => total + part, 0);

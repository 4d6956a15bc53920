import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

/** In one currency, in cents. */
interface Sum {
  readonly currency: string;
  readonly openCents: number;
  readonly payableCents: number;
  readonly pastDueCents: number;
  readonly count: number;
}

/** `sums` and `next` are empty where the contact may not see the money. */
export interface Property extends CustomerAccount {
  readonly address: string;
  readonly sums: readonly Sum[];
  readonly next: { readonly dueOn: string; readonly currency: string; readonly openCents: number } | null;
}

type Row = Pick<Property, 'address' | 'sums' | 'next'> & { readonly id: string } & Record<string, unknown>;

/** One statement for all of them. The wall shows it the money of those only where the contact may see it. */
export async function readProperties(accounts: readonly CustomerAccount[], site: Site): Promise<Property[]> {
  const rows = await read<Row>('properties', text, [accounts.map(({ id }) => id), site.today()]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return accounts.map((account) => ({ ...account, address: '', sums: [], next: null, ...found.get(account.id) }));
}

/** Of the others, the one that has something to pay, those late first: for whoever pays one property after the other. */
export async function nextToPay({ id }: CustomerAccount, accounts: readonly CustomerAccount[], site: Site): Promise<Property | undefined> {
  const others = accounts.filter((other) => other.id !== id && other.mayPay);
  if (others.length === 0) return undefined;
  const owing = (await readProperties(others, site)).filter(({ sums }) => sums.some(({ payableCents }) => payableCents > 0));
  return owing.toSorted((one, other) => Number(isLate(other)) - Number(isLate(one)))[0];
}

const isLate = ({ sums }: Property) => sums.some(({ pastDueCents }) => pastDueCents > 0);

/** Over all of them, per currency. */
export function sumProperties(properties: readonly Property[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const one of properties.flatMap(({ sums: found }) => found)) sums.set(one.currency, add(sums.get(one.currency), one));
  return [...sums.values()].toSorted((a, b) => a.currency.localeCompare(b.currency));
}

function add(sum: Sum | undefined, one: Sum): Sum {
  if (!sum) return one;
  return {
    currency: one.currency, count: sum.count + one.count, openCents: sum.openCents + one.openCents,
    payableCents: sum.payableCents + one.payableCents, pastDueCents: sum.pastDueCents + one.pastDueCents,
  };
}

const left = '(i.total_cents - i.paid_cents)';
const isPayable = `not exists (select from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
    where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and p.state = 'processing')`;
const text = `with open as (select i.account_id, i.currency, i.due_on, ${left} as cents, ${isPayable} as is_payable
    from app.visible_invoices i where i.account_id = any($1::uuid[]) and i.paid_cents < i.total_cents)
  select a.id, concat_ws(', ', a.address1, a.address2, a.city) as address,
    (select coalesce(jsonb_agg(sums order by currency), '[]') from (
       select currency, count(*)::int as count, sum(cents)::bigint as "openCents", coalesce(sum(cents) filter (where is_payable), 0)::bigint as "payableCents",
              coalesce(sum(cents) filter (where is_payable and due_on < $2::date), 0)::bigint as "pastDueCents"
         from open where account_id = a.id group by currency) sums) as sums,
    (select jsonb_build_object('dueOn', due_on, 'currency', currency, 'openCents', sum(cents)::bigint)
       from open where account_id = a.id and is_payable and due_on >= $2::date group by due_on, currency order by due_on, currency limit 1) as next
  from app.accounts a where a.id = any($1::uuid[])`;

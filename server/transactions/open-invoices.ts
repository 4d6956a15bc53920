import { read } from '../platform/database.ts';

/** An invoice as it stood at the end of a day, with what had been applied to it by then. */
export interface OpenInvoice {
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly totalCents: number;
  readonly openCents: number;
  readonly parts: readonly { readonly kind: 'payment' | 'credit'; readonly number: string; readonly on: string; readonly amountCents: number }[];
}

/** How old what is owed is at the end of a day: not due yet, then by days past the due date. */
export interface Ageing {
  readonly currentCents: number;
  readonly to30Cents: number;
  readonly to60Cents: number;
  readonly to90Cents: number;
  readonly over90Cents: number;
}

export interface Standing {
  readonly accountId: string;
  readonly currency: string;
  readonly on: string;
  readonly today: string;
  readonly zone: string;
}

export const mostOpen = 200;

/**
 * The invoices that were open at the end of the day, the oldest due first: all that were not due for more than 90 days, and of
 * the older ones those that are open to this day. What other old ones made is the rest of the balance.
 */
export function listOpen(standing: Standing): Promise<OpenInvoice[]> {
  const [name, text] = isNow(standing) ? ['open-now', openText(openNow)] : ['open-then', openText(openThen)];
  return read<OpenInvoice & Record<string, unknown>>(name, text, [standing.accountId, standing.currency, standing.on, standing.zone]);
}

export type Younger = Omit<Ageing, 'over90Cents'>;

/** How old what is owed is, but for the oldest part. */
export async function readYounger(standing: Standing): Promise<Younger> {
  const [name, text] = isNow(standing) ? ['ageing-now', ageingText(openNow)] : ['ageing-then', ageingText(openThen)];
  const [sums] = await read<Younger & Record<string, number>>(name, text, [standing.accountId, standing.currency, standing.on, standing.zone]);
  return sums ?? { currentCents: 0, to30Cents: 0, to60Cents: 0, to90Cents: 0 };
}

/** The five parts always sum to `owedCents`. */
export function ageingOf(younger: Younger, owedCents: number): Ageing {
  const { currentCents, to30Cents, to60Cents, to90Cents } = younger;
  return { currentCents, to30Cents, to60Cents, to90Cents, over90Cents: owedCents - currentCents - to30Cents - to60Cents - to90Cents };
}

/** From today on nothing that is applied has to be left out, so that the open invoices of now are the ones. */
function isNow({ on, today }: Standing): boolean {
  return on >= today;
}

/** The day on which the ledger says that an allocation was applied: by a step of its own, or with its payment. */
const appliedOn = `coalesce((select j.posted_on from app.journals j where j.kind = 'apply' and j.source_id = a.id), (select j.posted_on from app.journals j where j.kind = 'payment' and j.source_id = a.payment_id))`;

const columns = 'i.id, i.number, i.issued_on, i.due_on, i.total_cents';
const own = 'from app.visible_invoices i where i.account_id = $1 and i.currency = $2';
/** The sum keeps the list's index away, which holds the whole history and which the planner may think as good as the short one of what is open. */
const ownOpen = `${own} and i.issued_on + 0 <= $3::date and i.paid_cents < i.total_cents`;
const openNow = `select ${columns}, i.paid_cents ${ownOpen} and $4::text is not null`;
/** With terms of up to 92 days, what was due 90 days before the day or later was issued at most 182 days before it. Other terms are a short index of their own. */
const openThen = `select * from (
    select c.*, coalesce((select sum(a.amount_cents) from ${applied('c')}), 0)::bigint as paid_cents from (
      select ${columns} ${own} and i.issued_on between $3::date - 182 and $3::date and i.due_on >= $3::date - 90 and i.due_on - i.issued_on <= 92
      union all select ${columns} ${own} and i.issued_on + 0 <= $3::date and (i.due_on is null or i.due_on - i.issued_on > 92) and (i.due_on is null or i.due_on >= $3::date - 90)
      union all select ${columns} ${ownOpen} and i.due_on < $3::date - 90) c) i
  where i.paid_cents < i.total_cents`;

/**
 * What had been applied to the invoice by the end of the day: from the day on which the ledger says so until it was taken back. What
 * is left after a part was taken back is a new allocation that keeps the old one's time: it counts from the day on which it was made.
 */
function applied(invoice: string): string {
  return `app.allocations a where a.invoice_id = ${invoice}.id and a.applied_at is not null and ${appliedOn} <= $3::date
       and (greatest(a.applied_at, a.created_at) at time zone $4)::date <= $3::date and (a.reversed_at is null or (a.reversed_at at time zone $4)::date > $3::date)`;
}

function openText(open: string): string {
  return `select i.number, i.issued_on as "issuedOn", i.due_on as "dueOn", i.total_cents as "totalCents", i.total_cents - i.paid_cents as "openCents", (
      select coalesce(jsonb_agg(part order by part."on"), '[]') from (
        select case when a.credit_id is null then 'payment' else 'credit' end as kind, ${appliedOn} as "on", a.amount_cents as "amountCents",
               coalesce((select m.number from app.payments m where m.id = a.payment_id), (select c.number from app.credits c where c.id = a.credit_id)) as number
          from ${applied('i')}) part) as parts
    from (${open} order by due_on nulls last, issued_on, id limit ${mostOpen}) i order by i.due_on nulls last, i.issued_on, i.id`;
}

function ageingText(open: string): string {
  const due = (from: number, to: number) => `coalesce(sum(total_cents - paid_cents) filter (where $3::date - due_on between ${from} and ${to}), 0)::bigint`;
  return `select coalesce(sum(total_cents - paid_cents) filter (where due_on is null or due_on >= $3::date), 0)::bigint as "currentCents",
      ${due(1, 30)} as "to30Cents", ${due(31, 60)} as "to60Cents", ${due(61, 90)} as "to90Cents" from (${open}) i`;
}

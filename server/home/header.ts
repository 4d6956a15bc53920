import { jsonRows } from '../platform/json-rows.ts';

/** Money in cents; days are ISO days; `lastInvoice` is a number as people read it. */
export interface HeaderFigures {
  readonly open: readonly { readonly currency: string; readonly openCents: number; readonly payableCents: number; readonly pastDueCents: number; readonly pastDueSince: string | null }[];
  readonly next: { readonly dueOn: string; readonly currency: string; readonly openCents: number } | null;
  readonly lastPaid: { readonly amountCents: number; readonly currency: string; readonly paidOn: string } | null;
  readonly lastInvoice: string | null;
}

const left = '(total_cents - paid_cents)';

/** Scalar JSON for HeaderFigures, beside `open` (openInvoices): `$1` the account, `$2` today, `$3` the organization's zone. What is being paid is open, but neither late nor next. */
export const headerSql = `
  json_build_object(
    'open', ${jsonRows(`
      select currency, sum(${left})::bigint as "openCents", coalesce(sum(${left}) filter (where state <> 'being-paid'), 0)::bigint as "payableCents",
             coalesce(sum(${left}) filter (where state = 'past-due'), 0)::bigint as "pastDueCents", min(due_on) filter (where state = 'past-due') as "pastDueSince"
        from open group by currency order by currency`)},
    'next', (select json_build_object('dueOn', due_on, 'currency', currency, 'openCents', sum(${left})::bigint) from open
              where state in ('open', 'partly-paid') and due_on is not null group by due_on, currency order by due_on, currency limit 1),
    'lastPaid', (select json_build_object('amountCents', amount_cents - refunded_cents, 'currency', currency,
                   'paidOn', coalesce(paid_on, (coalesce(settled_at, created_at) at time zone $3)::date))
                   from (select amount_cents, refunded_cents, currency, paid_on, settled_at, created_at from app.payments where account_id = $1 and state in ('succeeded', 'partially_refunded') order by created_at desc, id desc limit 1) last),
    'lastInvoice', (select number from app.visible_invoices where account_id = $1 order by issued_on desc, id desc limit 1))`;

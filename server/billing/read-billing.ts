import { enrolmentSql, type Enrolment } from '../autopay/enrolment.ts';
import { monthsSql, type Month } from '../charts/months.ts';
import { headerSql, type HeaderFigures } from '../home/header.ts';
import { openInvoices } from '../invoices/invoice.ts';
import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

/** What is owed, apart from it the prepayments that wait, per currency, and whether autopay is on. */
export interface Standing {
  readonly header: HeaderFigures;
  readonly prepaid: readonly { readonly currency: string; readonly prepaymentCents: number }[];
  readonly autopay: Enrolment;
  readonly months: readonly Month[];
}

export async function readStanding(account: CustomerAccount, site: Site): Promise<Standing | undefined> {
  const [row] = await read<Standing & Record<string, unknown>>('billing-standing', standingSql, [account.id, site.today(), site.zone, site.gateway, site.currency]);
  return row;
}

const prepaidSql = `select coalesce(jsonb_agg(jsonb_build_object('currency', currency, 'prepaymentCents', cents) order by currency), '[]')
    from (select currency, -sum(amount_cents)::bigint as cents from app.ledger_months where account_id = $1 and ledger = 'prepayment' group by currency having sum(amount_cents) < 0) waiting`;

const standingSql = `with ${openInvoices} select ${headerSql} as header, (${prepaidSql}) as prepaid, (${enrolmentSql({ of: 'app.accounts a where a.id = $1', today: '$2', gateway: '$4' })}) as autopay,
  (select jsonb_agg(months) from (${monthsSql({ day: '$2', currency: '$5', account: '$1' })}) months) as months`;

export interface Activity {
  readonly kind: 'invoice' | 'payment' | 'credit';
  readonly number: string;
  readonly on: string;
  readonly amountCents: number;
  readonly currency: string;
  /** Of the kind's own states; 'void' of a credit that counts no more. */
  readonly state: string;
}

/** The last ten things that happened to the account's money, newest first: each kind gives its own ten by index, then the ten newest of those. */
export function readActivity(account: CustomerAccount): Promise<Activity[]> {
  return read<Activity & Record<string, unknown>>(
    'recent-activity',
    `select kind, number, day as "on", amount_cents as "amountCents", currency, state from (
       (select 'invoice' as kind, number, issued_on as day, total_cents as amount_cents, currency, 'sent' as state, id
          from app.visible_invoices where account_id = $1 order by issued_on desc, id desc limit 10)
       union all
       (select 'payment', number, paid_on, amount_cents, currency, state, id from app.payments where account_id = $1 order by paid_on desc, id desc limit 10)
       union all
       (select 'credit', number, issued_on, amount_cents, currency, case when voided_at is null then 'given' else 'void' end, id
          from app.credits where account_id = $1 order by issued_on desc, id desc limit 10)) newest
     order by day desc, id desc limit 10`,
    [account.id],
  );
}

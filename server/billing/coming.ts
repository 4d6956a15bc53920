import { enrolmentSql } from '../autopay/enrolment.ts';
import { nextRunSql, plannedSql } from '../autopay/forecast.ts';
import { jsonRows } from '../platform/json-rows.ts';
import type { ByAutopay } from '../tenancy/feature.ts';

const planned = plannedSql({ invoices: `open i where i.state <> 'being-paid'`, day: nextRunSql('$2'), retryDays: '$5::int[]' });

/** OFFSET 0 keeps the day of each charge from being worked out at every place where it is named. Where the organization has no autopay, `$5` is null and nothing is charged. */
const charged = `select p.number, p.currency, p.cents, is_charged as "isCharged", case when is_charged then p.charge_on else p.due_on end as "on"
          from account a, (${planned} offset 0) p, lateral (select a.autopay and $5::int[] is not null and p.charge_on is not null and not p.is_skipped as is_charged) how
         where is_charged or p.due_on >= $2::date`;

const byHand = `select number, currency, total_cents - paid_cents as cents, false as "isCharged", due_on as "on" from open where state <> 'being-paid' and due_on >= $2::date`;

const due = (rows: string) => `select "on", "isCharged", currency, sum(cents)::bigint as "amountCents", count(*)::int as count, min(number) as number
    from (${rows}) coming group by 1, 2, 3 order by 1, 2, 3 limit 5`;

const waiting = `select number, amount_cents as "amountCents", currency from confirming order by created_at, id`;

const panel = (rows: string, autopay: string) => `json_build_object('due', ${jsonRows(due(rows))}, 'autopay', ${autopay}, 'confirming', ${jsonRows(waiting)})`;

/**
 * For the home page: which payments are being confirmed, what autopay will charge, and what becomes due and has to be paid by hand, the nearest first; and how autopay
 * stands. Parameters as for panels.
 */
export const comingSql: ByAutopay = {
  on: panel(charged, `case when $5::int[] is not null then (${enrolmentSql({ of: 'account a', today: '$2', gateway: '$4' })}) end`),
  off: panel(byHand, 'null'),
};

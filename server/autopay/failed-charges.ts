import { jsonRows } from '../platform/json-rows.ts';
import type { Feature } from '../tenancy/feature.ts';

interface Failed {
  readonly currency: string;
  readonly amountCents: number;
  readonly lastOn: string;
}

/** What autopay has tried to charge in vain and is still open. */
export const failedCharges: NonNullable<Feature['tasks']> = {
  sql: {
    off: `'[]'::json`,
    on: jsonRows(`
          select i.currency, sum(i.total_cents - i.paid_cents)::bigint as "amountCents", max(tried.last_on) as "lastOn"
            from account a, open i, lateral (select max(run_on) as last_on from app.autopay_tries r where (r.tenant_id, r.invoice_id) = (i.tenant_id, i.id)) tried
           where a.autopay and tried.last_on is not null group by i.currency order by i.currency`),
  },
  list: (found, { t, formats }) =>
    (found as readonly Failed[]).map(({ currency, amountCents, lastOn }) => ({
      text: t('autopay.task-failed'),
      note: t('autopay.task-failed-note', { day: formats.nearDate(lastOn) }),
      amount: formats.money(amountCents, currency),
      button: t('autopay.task-button'),
      path: '/billing/autopay',
      isUrgent: true,
    })),
};

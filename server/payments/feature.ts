import { reconcilePayments } from '../payment-attempts/reconcile-payments.ts';
import { globally } from '../platform/database.ts';
import { jsonRows } from '../platform/json-rows.ts';
import { enqueue } from '../platform/queue.ts';
import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { paymentRecordRoutes, paymentRoutes } from './routes.ts';

export const paymentsFeature: Feature = {
  key: 'payments',
  money: 'see',
  tab: { path: '/payments', icon: 'credit-card', label: (t) => t('payments.title') },
  panel: {
    stage: 'new',
    label: (t) => t('payments.title'),
    view: 'payments/panel',
    sql: jsonRows(`select number, paid_on as "paidOn", state, amount_cents as "amountCents", currency from app.payments
                    where account_id = $1 order by paid_on desc, id desc limit 3`),
  },
  customer: paymentRoutes,
  jobs: (outside) => ({
    'reconcile-payments': async ({ tenantId = '' }) => void (await reconcilePayments(outside, tenantId)),
    'reconcile-payments-everywhere': () => enqueueForEachTenant('reconcile-payments'),
  }),
  clock: [{ job: 'reconcile-payments-everywhere', cron: '*/5 * * * *' }],
};

/** One payment under Billing, for organizations that show no Payments tab. */
export const paymentRecordsFeature: Feature = {
  key: 'payment-records',
  money: 'see',
  isOn: (site) => site.gateway !== 'none' || site.hasTab('billing'),
  customer: paymentRecordRoutes,
};

/** For whoever starts the server: what a crash has left open is repaired by the queue first, and the start waits for no organization. */
export function reconcileSoon(): Promise<void> {
  return globally(() => enqueue('reconcile-payments-everywhere', {}, { key: 'reconcile everywhere' }));
}

import { enqueue } from '../platform/queue.ts';
import type { Feature } from '../tenancy/feature.ts';
import { listTenants } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { reconcilePayments } from './reconcile-payments.ts';
import { paymentRecordRoutes, paymentRoutes } from './routes.ts';

export const paymentsFeature: Feature = {
  key: 'payments',
  money: 'see',
  tab: { path: '/payments', icon: 'credit-card', label: (t) => t('payments.title') },
  panel: {
    stage: 'new',
    label: (t) => t('payments.title'),
    view: 'payments/panel',
    sql: `select coalesce(jsonb_agg(newest), '[]') from (
            select number, paid_on as "paidOn", state, amount_cents as "amountCents", currency from app.payments
             where account_id = $1 order by paid_on desc, id desc limit 3) newest`,
  },
  customer: paymentRoutes,
  jobs: (outside) => ({
    'reconcile-payments': async ({ tenantId = '' }) => void (await reconcilePayments(outside, tenantId)),
    'reconcile-payments-everywhere': reconcileEverywhere,
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

/** One job per organization. The clock starts it, and so may whoever starts the server: what a crash has left open is repaired first. */
export async function reconcileEverywhere(): Promise<void> {
  for (const { id } of await listTenants()) await withTenant(id, () => enqueue('reconcile-payments', { tenantId: id }, { key: `reconcile ${id}` }));
}

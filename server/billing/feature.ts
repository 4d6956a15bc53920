import { billedAndPaid } from '../charts/months.ts';
import { listPayable } from '../checkout/payable-invoices.ts';
import { readRules } from '../payment-attempts/payment-rules.ts';
import { isUndecided, type PaymentState } from '../payments/payment.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { comingSql } from './coming.ts';
import { readActivity, readStanding } from './read-billing.ts';

export const billingFeature: Feature = {
  key: 'billing',
  money: 'see',
  tab: { path: '/billing', icon: 'wallet2', label: (t) => t('billing.title') },
  panel: { stage: 'next', label: (t) => t('billing.next'), view: 'billing/panel', sql: comingSql },
  customer: [get('/billing', showBilling)],
};

async function showBilling(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const [standing, unpaid, activity, rules] = await together(
    () => readStanding(req.account, site),
    () => listPayable(req.account, site.today()),
    () => readActivity(req.account),
    () => readRules(req.account.id, site),
  );
  const undecided = activity.find(({ kind, state }) => kind === 'payment' && state !== 'processing' && state !== 'awaiting_customer' && isUndecided(state as PaymentState));
  return page('billing/billing', { title: site.tabLabel('billing') ?? req.t('billing.title'), header: standing?.header, unpaid, activity, undecided, autopay: site.hasAutopay ? standing?.autopay : undefined, rules, prepaid: standing?.prepaid ?? [], chart: billedAndPaid(req, standing?.months ?? [], site.currency) });
}

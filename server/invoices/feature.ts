import { jsonRows } from '../platform/json-rows.ts';
import type { Feature } from '../tenancy/feature.ts';
import { columnsBeside } from './invoice.ts';
import { invoiceRoutes } from './routes.ts';

export const invoicesFeature: Feature = {
  key: 'invoices',
  money: 'see',
  tab: { path: '/invoices', icon: 'receipt', label: (t) => t('invoices.title') },
  panel: {
    stage: 'new',
    label: (t) => t('invoices.title'),
    view: 'invoices/panel',
    // What is past due stands among the tasks.
    sql: jsonRows(`select ${columnsBeside} from app.visible_invoices i
                    where i.account_id = $1 and (i.paid_cents >= i.total_cents or i.due_on is null or i.due_on >= $2::date)
                    order by i.issued_on desc, i.id desc limit 5`),
  },
  customer: invoiceRoutes,
};

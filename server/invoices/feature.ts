import type { Feature } from '../tenancy/feature.ts';
import { invoiceColumns } from './invoice.ts';
import { invoiceRoutes } from './routes.ts';

export const invoicesFeature: Feature = {
  key: 'invoices',
  tab: { path: '/invoices', icon: 'receipt', label: (t) => t('invoices.title') },
  panel: {
    view: 'invoices/panel',
    sql: `select jsonb_build_object(
            'pastDue', (select coalesce(jsonb_agg(late), '[]') from (select ${invoiceColumns} from app.visible_invoices i
              where i.account_id = $1 and i.paid_cents < i.total_cents and i.due_on < $2::date order by i.due_on, i.id limit 5) late),
            'newest', (select coalesce(jsonb_agg(newest), '[]') from (select ${invoiceColumns} from app.visible_invoices i
              where i.account_id = $1 and (i.paid_cents >= i.total_cents or i.due_on is null or i.due_on >= $2::date)
              order by i.issued_on desc, i.id desc limit 5) newest))`,
  },
  customer: invoiceRoutes,
};

import type { Feature } from '../tenancy/feature.ts';
import { invoiceColumns } from './invoice.ts';
import { invoiceRoutes } from './routes.ts';

export const invoicesFeature: Feature = {
  key: 'invoices',
  tab: { path: '/invoices', icon: 'receipt', label: (t) => t('invoices.title') },
  panel: {
    view: 'invoices/panel',
    sql: `select coalesce(jsonb_agg(newest), '[]') from (select ${invoiceColumns} from app.visible_invoices i
           where i.account_id = $1 order by i.issued_on desc, i.id desc limit 5) newest`,
  },
  customer: invoiceRoutes,
};

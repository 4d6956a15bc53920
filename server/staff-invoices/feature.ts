import type { Feature } from '../tenancy/feature.ts';
import { staffInvoiceRoutes } from './routes.ts';

export const staffInvoicesFeature: Feature = {
  key: 'staff-invoices',
  staffLink: { path: '/staff/invoices', icon: 'receipt', label: (t) => t('staff-invoices.title'), area: 'invoices' },
  staff: staffInvoiceRoutes,
};

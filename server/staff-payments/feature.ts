import type { Feature } from '../tenancy/feature.ts';
import { deskRoutes } from './desk.ts';
import { staffPaymentRoutes } from './routes.ts';

export const staffPaymentsFeature: Feature = {
  key: 'staff-payments',
  staff: [...staffPaymentRoutes, ...deskRoutes],
  staffLink: { path: '/staff/payments', icon: 'cash-stack', label: (t) => t('staff-payments.title'), area: 'invoices' },
};

import { fileJob } from '../exports/make-file.ts';
import type { Feature } from '../tenancy/feature.ts';
import { deskRoutes } from './desk.ts';
import { makePaymentsCsv } from './payments-export.ts';
import { staffPaymentRoutes } from './routes.ts';

export const staffPaymentsFeature: Feature = {
  key: 'staff-payments',
  staff: [...staffPaymentRoutes, ...deskRoutes],
  jobs: (outside) => ({ 'export-payments-csv': fileJob(outside, makePaymentsCsv) }),
  staffLink: { path: '/staff/payments', icon: 'cash-stack', label: (t) => t('staff-payments.title'), area: 'invoices' },
};

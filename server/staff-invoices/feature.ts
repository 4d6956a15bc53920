import { fileJob } from '../exports/make-file.ts';
import type { Feature } from '../tenancy/feature.ts';
import { makeInvoicesCsv } from './invoices-export.ts';
import { findByNumber } from './search.ts';
import { staffInvoiceRoutes } from './routes.ts';

export const staffInvoicesFeature: Feature = {
  key: 'staff-invoices',
  staffLink: { path: '/staff/invoices', icon: 'receipt', label: (t) => t('staff-invoices.title'), area: 'invoices' },
  staff: staffInvoiceRoutes,
  jobs: (outside) => ({ 'export-invoices-csv': fileJob(outside, makeInvoicesCsv) }),
  search: { label: (t) => t('staff-search.numbers'), area: 'invoices', find: findByNumber },
};

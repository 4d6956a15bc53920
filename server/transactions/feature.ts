import { fileJob } from '../exports/make-file.ts';
import type { Feature } from '../tenancy/feature.ts';
import { makeHistoryCsv, makeHistoryPdf } from '../history-files/history-exports.ts';
import { transactionRoutes } from './routes.ts';

export const transactionsFeature: Feature = {
  key: 'transactions',
  money: 'see',
  isOn: (site) => site.hasTab('billing'),
  customer: transactionRoutes,
  jobs: (outside) => ({ 'export-history-csv': fileJob(outside, makeHistoryCsv), 'export-history-pdf': fileJob(outside, makeHistoryPdf) }),
};

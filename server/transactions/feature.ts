import type { Feature } from '../tenancy/feature.ts';
import { transactionRoutes } from './routes.ts';

export const transactionsFeature: Feature = {
  key: 'transactions',
  isOn: (site) => site.hasTab('billing'),
  customer: transactionRoutes,
};

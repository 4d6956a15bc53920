import type { Feature } from '../tenancy/feature.ts';
import { statementRoutes } from './routes.ts';

export const statementsFeature: Feature = {
  key: 'statements',
  isOn: (site) => site.hasTab('billing') && site.givesStatements,
  customer: statementRoutes,
};

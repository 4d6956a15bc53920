import { fileJob } from '../exports/make-file.ts';
import type { Feature } from '../tenancy/feature.ts';
import { statementRoutes } from './routes.ts';
import { makeStatementPdf } from './statement-export.ts';

export const statementsFeature: Feature = {
  key: 'statements',
  money: 'see',
  isOn: (site) => site.hasTab('billing') && site.givesStatements,
  customer: statementRoutes,
  jobs: (outside) => ({ 'export-statement-pdf': fileJob(outside, makeStatementPdf) }),
};

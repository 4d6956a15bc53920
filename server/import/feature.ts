import type { Feature } from '../tenancy/feature.ts';
import { importRoutes } from './routes.ts';

export const importFeature: Feature = {
  key: 'import',
  staffLink: { path: '/staff/import', icon: 'upload', label: (t) => t('import.title'), area: 'import' },
  staff: importRoutes,
};

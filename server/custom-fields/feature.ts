import type { Feature } from '../tenancy/feature.ts';
import { accountPart, contactPart, deskRoutes } from './at-desk.ts';
import { definitionRoutes } from './edit.ts';
import { ownFieldRoutes } from './own.ts';

export const customFieldsFeature: Feature = {
  key: 'custom-fields',
  customer: ownFieldRoutes,
  staff: [...definitionRoutes, ...deskRoutes],
  staffLink: { path: '/staff/custom-fields', icon: 'input-cursor-text', label: (t) => t('custom-fields.title'), area: 'settings' },
  accountParts: [accountPart],
  contactParts: [contactPart],
};

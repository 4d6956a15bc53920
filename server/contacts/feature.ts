import type { Feature } from '../tenancy/feature.ts';
import { billingContactRoutes } from './billing-contacts.ts';
import { newEmailRoutes } from './new-email.ts';
import { staffContactRoutes } from './staff.ts';

export const contactsFeature: Feature = { key: 'contacts', public: newEmailRoutes, customer: billingContactRoutes, staff: staffContactRoutes };

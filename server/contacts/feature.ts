import type { Feature } from '../tenancy/feature.ts';
import { billingContactRoutes } from './billing-contacts.ts';
import { newEmailRoutes, unconfirmedEmail } from './new-email.ts';
import { staffContactRoutes } from './staff.ts';

export const contactsFeature: Feature = { key: 'contacts', tasks: unconfirmedEmail, public: newEmailRoutes, customer: billingContactRoutes, staff: staffContactRoutes };

import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { securityRoutes } from './security.ts';

export const accountsFeature: Feature = {
  key: 'account',
  tab: { path: '/account', icon: 'person', label: (t) => t('accounts.title'), always: true },
  customer: [get('/account', showAccount), ...securityRoutes('customer')],
  staff: securityRoutes('staff'),
};

function showAccount(req: CustomerRequest): Reply {
  return page('accounts/account', { title: req.t('accounts.title') });
}

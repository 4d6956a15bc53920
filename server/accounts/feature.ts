import type { Feature } from '../tenancy/feature.ts';
import { accountPage } from './account-page.ts';
import { detailRoutes } from './details.ts';
import { emailRoutes } from './email.ts';
import { textConsentRoutes } from './text-consent.ts';
import { usernameRoutes } from './username.ts';

export const accountsFeature: Feature = {
  key: 'account',
  tab: { path: '/account', icon: 'person', label: (t) => t('accounts.title'), always: true },
  customer: [accountPage, ...detailRoutes, ...emailRoutes, ...usernameRoutes, ...textConsentRoutes],
};

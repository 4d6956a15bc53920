import type { Feature } from '../tenancy/feature.ts';
import { openRoutes, ownRoutes } from './ask.ts';
import { inboxRoutes } from './inbox.ts';

export const contactUsFeature: Feature = {
  key: 'contact-us',
  isOn: (site) => site.hasContactForm,
  public: openRoutes,
  customer: ownRoutes,
  staff: inboxRoutes,
  staffLink: { path: '/staff/inbox', icon: 'inbox', label: (t) => t('contact-us.inbox'), area: 'inbox' },
};

import { findByNumber, listRoutes } from '../staff-tickets/lists.ts';
import { deskRoutes } from '../staff-tickets/routes.ts';
import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { sweepLooseFiles } from '../ticket-files/keep-files.ts';
import { replyRoutes } from '../ticket-replies/routes.ts';
import { customerRoutes } from './customer.ts';
import { openPanel, waitingTasks } from './panel.ts';
import { submitRoutes } from './submit.ts';

const submitFeature: Feature = { key: 'submit-tickets', isOn: (site) => site.maySubmitTickets, customer: submitRoutes };

const ticketsFeature: Feature = {
  key: 'tickets',
  tab: { path: '/tickets', icon: 'chat-left-dots', label: (t) => t('tickets.title') },
  customer: customerRoutes,
  staff: [...listRoutes, ...replyRoutes, ...deskRoutes],
  staffLink: { path: '/staff/tickets', icon: 'chat-left-dots', label: (t) => t('tickets.title'), area: 'tickets' },
  accountTab: { path: '/tickets', label: (t) => t('tickets.title'), area: 'tickets' },
  search: { label: (t) => t('tickets.title'), area: 'tickets', find: findByNumber },
  tasks: waitingTasks,
  jobs: (outside) => ({
    'sweep-ticket-files': ({ tenantId = '' }) => sweepLooseFiles(outside, tenantId),
    'sweep-ticket-files-everywhere': () => enqueueForEachTenant('sweep-ticket-files'),
  }),
  clock: [{ job: 'sweep-ticket-files-everywhere', cron: '27 8 * * *' }],
};

/** S4-12: the panel of the home page has a switch of its own. */
const openTicketsFeature: Feature = { key: 'open-tickets', isOn: (site) => site.showsOpenTickets, panel: openPanel };

export const ticketFeatures: readonly Feature[] = [submitFeature, ticketsFeature, openTicketsFeature];

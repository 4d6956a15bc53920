import { post } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import { requestCardPayment } from './request-card.ts';
import { taskRoutes } from './routes.ts';

export const staffTasksFeature: Feature = {
  key: 'staff-tasks',
  money: 'pay',
  isOn: (site) => site.gateway !== 'none' && site.draftClientsAskStaff,
  customer: [post('/billing/card-payment-request', requestCardPayment)],
  staff: taskRoutes,
  staffLink: { path: '/staff/tasks', icon: 'list-task', label: (t) => t('staff-tasks.title'), area: 'accounts' },
};

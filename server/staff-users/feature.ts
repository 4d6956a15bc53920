import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { roleRoutes } from './roles.ts';
import { listStaff } from './staff-user.ts';

export const staffUsersFeature: Feature = {
  key: 'staff-users',
  staffLink: { path: '/staff/people', icon: 'person-badge', label: (t) => t('staff-users.title'), area: 'staff' },
  staff: [get('/staff/people', showStaff, { area: 'staff' }), ...roleRoutes],
};

export async function showStaff(req: StaffRequest): Promise<Reply> {
  return page('staff-users/list', { title: req.t('staff-users.title'), people: await listStaff() });
}

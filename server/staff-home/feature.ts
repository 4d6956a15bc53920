import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { readFigures } from './figures.ts';

export const staffHomeFeature: Feature = {
  key: 'staff-home',
  staffLink: { path: '/staff', icon: 'house', label: (t) => t('staff-home.title'), area: 'home' },
  staff: [get('/staff', showStaffHome, { area: 'home' })],
};

async function showStaffHome(req: StaffRequest): Promise<Reply> {
  const may = { accounts: mayEnter(req.staff, 'accounts'), invoices: mayEnter(req.staff, 'invoices') };
  return page('staff-home/home', { title: req.t('staff-home.title'), ...(await readFigures(req.tenant.site.today(), may)) });
}

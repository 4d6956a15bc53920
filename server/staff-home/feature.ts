import { readSteps } from '../getting-started/facts.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { billedAndPaid } from '../charts/months.ts';
import { groupLines, readFigures } from './figures.ts';

export const staffHomeFeature: Feature = {
  key: 'staff-home',
  staffLink: { path: '/staff', icon: 'house', label: (t) => t('staff-home.title'), area: 'home' },
  staff: [get('/staff', showStaffHome, { area: 'home' })],
};

async function showStaffHome(req: StaffRequest): Promise<Reply> {
  const may = { accounts: mayEnter(req.staff, 'accounts'), invoices: mayEnter(req.staff, 'invoices'), tickets: mayEnter(req.staff, 'tickets') && req.tenant.site.hasTab('tickets') };
  const { site } = req.tenant;
  const figures = await readFigures({ today: site.today(), currency: site.currency }, may);
  const { name, email } = req.staff;
  // Until an owner has said a name, the part of the address before the @ stands for it: nobody wants to be greeted so.
  const greeted = name === email.split('@')[0] ? '' : name;
  const chart = figures.months ? billedAndPaid(req, figures.months, site.currency) : undefined;
  const steps = mayEnter(req.staff, 'settings') ? await readSteps(site) : null;
  return page('staff-home/home', { title: req.t('staff-home.title'), begin: steps?.isHidden ? null : steps, ...figures, activity: figures.activity && groupLines(figures.activity), greeted, chart });
}

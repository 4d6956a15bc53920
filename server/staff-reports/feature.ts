import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Translate } from '../platform/text.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import { logPath } from '../staff-log/routes.ts';
import { mailPath } from '../staff-messages/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';

const area = 'accounts';

export const staffReportsFeature: Feature = {
  key: 'staff-reports',
  staffLink: { path: '/staff/reports', icon: 'journal-text', label: titleOf, area },
  staff: [get('/staff/reports', showReports, { area })],
};

/** S1-36: "Family Reports", in the organization's own word. */
function titleOf(t: Translate): string {
  const title = t('staff-reports.title');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

function showReports({ t, tenant, staff }: StaffRequest): Reply {
  const reports = [
    { path: logPath, icon: 'journal-text', title: t('staff-log.title', { portal: tenant.site.typeLabel }), text: t('staff-reports.log-text'), area },
    { path: mailPath, icon: 'envelope', title: t('staff-messages.title'), text: t('staff-reports.mail-text'), area },
  ];
  return page('staff-reports/reports', { title: titleOf(t), reports: reports.filter((report) => mayEnter(staff, report.area)) });
}

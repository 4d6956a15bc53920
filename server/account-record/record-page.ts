import { NotFound } from '../platform/errors.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findAccount, type AccountRecord } from './account-record.ts';
import { readParts } from './record-parts.ts';

export const pathOf = (number: string): string => `/staff/accounts/${encodeURIComponent(number)}`;

export async function demandAccount(req: StaffRequest): Promise<AccountRecord> {
  const account = await findAccount(String(req.params['number']).slice(0, 100));
  if (!account) throw new NotFound('no such account');
  return account;
}

/** What 'account-record/record-head' draws above every tab of an account: who it is, the tabs, the actions. For routes of Feature.accountTab, too. */
export async function recordFrame(req: StaffRequest, record: AccountRecord) {
  const parts = req.features.flatMap(({ accountParts = [] }) => accountParts);
  const own = [
    { path: '', label: req.t('staff-accounts.tab-summary'), area: 'accounts' },
    { path: '/contacts', label: req.t('staff-accounts.tab-contacts'), area: 'accounts' },
    { path: '/billing', label: req.t('staff-accounts.tab-billing'), area: 'invoices' },
  ];
  const joined = req.features.flatMap(({ accountTab }) => (accountTab ? [{ path: accountTab.path, label: accountTab.label(req.t), area: accountTab.area }] : []));
  const tabs = [...own, ...joined, { path: '/misc', label: req.t('staff-accounts.tab-misc'), area: 'accounts' }];
  return {
    record,
    recordTabs: tabs.filter(({ area }) => mayEnter(req.staff, area)).map(({ path, label }) => ({ label, href: `${pathOf(record.number)}${path}`, current: req.path.split('/').slice(4).join('/') === path.slice(1) })),
    recordActions: await readParts(req, parts, 'actions', record),
  };
}

/** The parts that features add below what stands on a tab. */
export function recordParts(req: StaffRequest, place: 'summary' | 'contacts' | 'misc', record: AccountRecord) {
  return readParts(req, req.features.flatMap(({ accountParts = [] }) => accountParts), place, record);
}

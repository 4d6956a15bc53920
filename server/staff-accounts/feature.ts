import { z } from 'zod';
import { listContacts } from '../contacts/contact.ts';
import { NotFound } from '../platform/errors.ts';
import { text } from '../platform/forms.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findAccount, listAccounts, type Cursor } from './account-record.ts';

export const staffAccountsFeature: Feature = {
  key: 'staff-accounts',
  staffLink: { path: '/staff/accounts', icon: 'people', label: (t) => t('staff-accounts.title'), area: 'accounts' },
  staff: [get('/staff/accounts', showAccounts, { area: 'accounts' }), get('/staff/accounts/:number', showAccount, { area: 'accounts' })],
};

async function showAccounts(req: StaffRequest): Promise<Reply> {
  const { q = '', after } = query.safeParse(req.query).data ?? {};
  const { rows, next } = await listAccounts(q, after);
  return page('staff-accounts/list', { title: req.t('staff-accounts.title'), rows, search: q, next: next ? `${next.id} ${next.name}` : '' });
}

async function showAccount(req: StaffRequest): Promise<Reply> {
  const account = await findAccount(String(req.params['number']).slice(0, 100));
  if (!account) throw new NotFound('no such account');
  return page('staff-accounts/account', { title: account.name, record: account, contacts: await listContacts(account.id) });
}

const query = z.object({
  q: text(100).optional().catch(undefined),
  after: z.string().max(2000).regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} /).transform(cursorOf).optional().catch(undefined),
});

/** '<id> <name>' of the last row of the page before. */
function cursorOf(given: string): Cursor {
  return { id: given.slice(0, 36), name: given.slice(37) };
}

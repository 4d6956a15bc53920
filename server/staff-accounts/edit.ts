import { z } from 'zod';
import { recordEvent } from '../account-record/record-events.ts';
import { demandAccount, pathOf, recordFrame } from '../account-record/record-page.ts';
import { readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { signChanges } from '../staff-contacts/save-contact.ts';
import { compareVersions } from '../staff-contacts/two-versions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { accountColumns, accountForm, createAccount, newAccountForm, readAccountVersion, saveAccount } from './account-form.ts';

const area = 'accounts';

/** After a save that came too late: both versions, field by field. */
async function showEdit(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const version = await readAccountVersion(record.number);
  if (!version || !req.errors?.['revision']) return page('staff-accounts/edit', { title: record.name, ...(await recordFrame(req, record)), ...version });
  const mine = accountForm.safeParse(req.body).data ?? version.values;
  const versions = await compareVersions({ accountId: record.id, shown: Number(req.typed?.['revision']) || version.revision }, { mine, theirs: version.values, columns: accountColumns });
  return page('staff-contacts/two-versions', { title: req.t('staff-contacts.two-versions'), back: `${pathOf(record.number)}/edit`, name: record.name, words: 'staff-accounts', revision: version.revision, kept: mine, ...versions });
}

async function save(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const { revision, ...values } = readForm(accountForm.extend({ revision: z.coerce.number('forms.wrong').int('forms.wrong').positive('forms.wrong').max(2 ** 31 - 1, 'forms.wrong') }), req.body, req.t);
  await signChanges(req.staff.name);
  if (!(await saveAccount(record.id, revision, values))) refuse('revision', req.t('staff-contacts.changed-meanwhile'));
  setFlash(req, 'success', req.t('contacts.saved'));
  return seeOther(pathOf(record.number));
}

function showNew(req: StaffRequest): Reply {
  return page('staff-accounts/new', { title: req.t('staff-accounts.new'), openedOn: req.tenant.site.today() });
}

async function create(req: StaffRequest): Promise<Reply> {
  const form = readForm(newAccountForm, req.body, req.t);
  const made = await createAccount(form);
  if (!made) refuse('number', req.t('staff-accounts.number-taken'));
  await recordEvent({ accountId: made.id, name: form.name, kind: 'added', staffName: req.staff.name });
  setFlash(req, 'success', req.t('staff-accounts.created', { name: form.name }));
  return seeOther(`${pathOf(made.number)}/contacts/new`);
}

export const editRoutes = [
  get('/staff/accounts/new', showNew, { area }),
  post('/staff/accounts', create, { area, page: showNew }),
  get('/staff/accounts/:number/edit', showEdit, { area }),
  post('/staff/accounts/:number/edit', save, { area, page: showEdit }),
];

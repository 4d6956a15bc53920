import type { z } from 'zod';
import { addressForm, nameForm, phonesForm } from '../contacts/detail-forms.ts';
import { readDetails, saveDetails, type Changeable, type ContactDetails } from '../contacts/details.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { mailChange, noteChange } from '../own-changes/note-change.ts';
import { propose } from '../pending-changes/pending-change.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { endConsent } from './text-consent.ts';

const groups = { name: nameForm, phones: phonesForm, address: addressForm } as const satisfies Record<string, z.ZodType<Partial<Changeable>>>;
type Group = keyof typeof groups;

/** S4-51, C-7: a page per group, for those that the organization lets people change. */
export const detailRoutes = (Object.keys(groups) as Group[]).flatMap((group) => {
  const show = async (req: CustomerRequest) => page('accounts/details', { title: req.t(`accounts.edit-${group}`), group, details: await ownDetails(req, group) });
  return [get(`/account/${group}`, show), post(`/account/${group}`, (req: CustomerRequest) => save(req, group), { page: show })];
});

async function save(req: CustomerRequest, group: Group): Promise<Reply> {
  const details = await ownDetails(req, group);
  const wanted = readForm<z.ZodType<Partial<Changeable>>>(groups[group], req.body, req.t);
  if (req.tenant.site.profile(group) === 'approve') return ask(req, group, details, wanted);
  const changed = await saveDetails(details, wanted);
  if (changed.length) await tell(req, group, details, changed);
  // Consent was given for one number: a new one has not agreed to anything.
  const ended = changed.includes('cellPhone') && (await endConsent(req));
  setFlash(req, ended ? 'warning' : 'success', req.t(ended ? 'accounts.texts-ended' : changed.length ? 'accounts.saved' : 'accounts.nothing-changed'));
  return seeOther('/account');
}

/** Nothing changes before staff have agreed. */
async function ask(req: CustomerRequest, group: Group, details: ContactDetails, wanted: Partial<Changeable>): Promise<Reply> {
  const isNew = (Object.keys(wanted) as (keyof Changeable)[]).some((name) => wanted[name] !== details[name]);
  if (isNew) {
    await propose({ accountId: req.account.id, contactId: req.account.contactId }, group, wanted);
    await recordPortalLog({ kind: 'profile-change-asked', message: `${logWords[group]}: change asked for by UserID: ${req.person.loginId}`, loginRef: req.person.loginRef, accountId: req.account.id, contactId: req.account.contactId });
  }
  setFlash(req, isNew ? 'info' : 'success', req.t(isNew ? 'pending-changes.sent' : 'accounts.nothing-changed'));
  return seeOther('/account');
}

async function tell(req: CustomerRequest, group: Group, before: ContactDetails, changed: readonly (keyof Changeable)[]): Promise<void> {
  const after = await readDetails(before.id);
  const side = (of: ContactDetails | undefined) => Object.fromEntries(changed.map((name) => [name, of?.[name] ?? '']));
  const token = await noteChange(req, { kind: 'profile-changed', message: `${logWords[group]} changed by UserID: ${req.person.loginId}` }, { kind: 'details', before: side(before), after: side(after) });
  await mailChange(req, `own-changes.mail-${group}`, token);
}

const logWords: Readonly<Record<Group, string>> = { name: 'Name', phones: 'Phone numbers', address: 'Address' };

async function ownDetails(req: CustomerRequest, group: Group): Promise<ContactDetails> {
  const details = ['edit', 'approve'].includes(req.tenant.site.profile(group)) ? await readDetails(req.account.contactId) : undefined;
  if (!details) throw new NotFound(`${group} may not be changed`);
  return details;
}

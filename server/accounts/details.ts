import type { z } from 'zod';
import { addressForm, nameForm, phonesForm } from '../contacts/detail-forms.ts';
import { readDetails, saveDetails, type Changeable, type ContactDetails } from '../contacts/details.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { mailChange, noteChange } from '../own-changes/note-change.ts';
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
  const changed = await saveDetails(details, readForm<z.ZodType<Partial<Changeable>>>(groups[group], req.body, req.t));
  if (changed.length) await tell(req, group, details, changed);
  // Consent was given for one number: a new one has not agreed to anything.
  const ended = changed.includes('cellPhone') && (await endConsent(req));
  setFlash(req, ended ? 'warning' : 'success', req.t(ended ? 'accounts.texts-ended' : changed.length ? 'accounts.saved' : 'accounts.nothing-changed'));
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
  const details = req.tenant.site.profile(group) === 'edit' ? await readDetails(req.account.contactId) : undefined;
  if (!details) throw new NotFound(`${group} may not be changed`);
  return details;
}

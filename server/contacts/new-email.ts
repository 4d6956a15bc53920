import { addressIn, mailTo, secretLink } from '../links/link-mail.ts';
import { doorRoutes, type Door } from '../links/door.ts';
import { drop } from '../links/carried-token.ts';
import { endLinks, issueLink, useLink, type Link } from '../links/link.ts';
import { keepChange, type NewChange } from '../own-changes/change.ts';
import { notMeBlocks } from '../own-changes/note-change.ts';
import { endSignIns } from '../passwords/set-password.ts';
import { run } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { signInOf } from '../platform/session.ts';
import { recordLine, recordPortalLog } from '../portal-log/portal-log.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { CustomerRequest, PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { ContactDetails } from './details.ts';

const path = '/email/confirm';

/** S4-50, S0-27: sends a link to the new address. Nothing changes before its reader has confirmed it. In the current transaction. */
export async function askForNewEmail(req: CustomerRequest, contact: ContactDetails, email: string): Promise<void> {
  const { hoursOf, displayName } = req.tenant.site;
  const name = `${contact.firstName} ${contact.lastName}`.trim();
  const token = await issueLink({ kind: 'new_email', email, owner: { contactId: contact.id, loginRef: contact.loginRef }, hours: hoursOf.reset });
  await mailTo(req, { name, email, locale: req.person.locale, accountId: req.account.id, contactId: contact.id }, (t) => ({
    type: 'New Email Address',
    subject: t('contacts.mail-new-subject'),
    blocks: [
      { text: t('contacts.mail-new-text', { name, account: req.account.name, portal: displayName }) },
      secretLink(req, t('contacts.mail-new-link'), path, token),
      { text: t('contacts.mail-new-hours', { count: hoursOf.reset }) },
      { text: t('contacts.mail-new-ignore') },
    ],
  }));
  await recordPortalLog({ kind: 'email-change-asked', message: `New email address to be confirmed: ${email}`, loginRef: req.person.loginRef, accountId: req.account.id, contactId: contact.id });
}

const door: Door = {
  kind: 'new_email',
  path,
  show: (req, link) => page('contacts/confirm-email', { title: req.t('contacts.confirm-title'), action: path, email: link.email }),
  use: confirm,
};

async function confirm(req: PublicRequest, _link: Link, token: string): Promise<Reply> {
  const here = signInOf(req, req.tenant.id) ?? null;
  const isDone = await withTenant(req.tenant.id, async () => {
    const used = await useLink('new_email', token);
    if (used) await follow(req, used, here);
    return used !== null;
  }).catch((error: unknown) => refuseTaken(req, error));
  if (!isDone) return seeOther(path);
  drop(req, 'new_email');
  return seeOther('/email/changed');
}

export const newEmailRoutes = [
  get('/email/changed', (req) => page('contacts/email-changed', { title: req.t('contacts.changed-title'), isSignedIn: signInOf(req, req.tenant.id) !== undefined })),
  ...doorRoutes(door),
];

/** A new address that still waits for its link to be opened. */
export const unconfirmedEmail: NonNullable<Feature['tasks']> = {
  sql: `array_to_json(array(select email from app.links
         where contact_id = $6 and kind = 'new_email' and used_at is null and replaced_at is null and expires_at > now()))`,
  list: (found, { t }) => (found as readonly string[]).map((email) => ({ text: t('contacts.task-confirm', { email }), note: t('contacts.task-confirm-note') })),
};

interface Change {
  readonly old: string | null;
  readonly name: string;
  readonly accountId: string;
  readonly loginRef: string | null;
  readonly locale: string | null;
  readonly loginId: string | null;
  readonly loginEmail: string | null;
}

/** The person's contacts that had the old address, and its login where that had it, too; then everything that the old address could still open ends. */
async function follow(req: PublicRequest, link: Link, here: string | null): Promise<void> {
  const { email, contactId } = link;
  const [change] = await run<Change & Record<string, unknown>>(
    `select c.email as old, concat_ws(' ', c.first_name, c.last_name) as name, c.account_id as "accountId", c.login_ref as "loginRef", l.locale, l.login_id as "loginId", l.email as "loginEmail"
       from app.contacts c left join app.logins l on l.id = c.login_ref where c.id = $1 for update of c`,
    [contactId],
  );
  if (!change) return;
  await run('update app.contacts set email = $2 where id = $1 or (login_ref = $3 and lower(email) = lower($4))', [contactId, email, change.loginRef, change.old]);
  if (change.loginRef) await moveLogin(req, change.loginRef, change.old, email, here);
  const logId = await recordLine({ kind: 'email-changed', message: `Email changed from ${change.old ?? '(none)'} to ${email}`, loginRef: change.loginRef ?? undefined, accountId: change.accountId, contactId: contactId ?? undefined });
  const token = await keepChange(req.outside, { kind: 'email', ...change, contactId: contactId ?? '', logId, ...(await bothSides(change, email)) });
  if (change.old) await tellOldAddress(req, change, contactId ?? undefined, token);
}

/** What the login was called, and what it is called by now. */
async function bothSides({ old, loginRef, loginId, loginEmail }: Change, email: string): Promise<Pick<NewChange, 'before' | 'after'>> {
  const [now] = await run<{ loginId: string; loginEmail: string | null }>('select login_id as "loginId", email as "loginEmail" from app.logins where id = $1', [loginRef]);
  return { before: { email: old, loginId, loginEmail }, after: { email, loginId: now?.loginId ?? null, loginEmail: now?.loginEmail ?? null } };
}

async function moveLogin(req: PublicRequest, loginRef: string, old: string | null, email: string, here: string | null): Promise<void> {
  await run(
    `update app.logins set email = case when email is null or lower(email) = lower($2) then $3 else email end,
            login_id = case when $4 and lower(login_id) = lower($2) then $3 else login_id end where id = $1`,
    [loginRef, old, email, req.tenant.site.identifier !== 'username'],
  );
  await endSignIns(loginRef, here);
  await endLinks(loginRef);
}

async function tellOldAddress(req: PublicRequest, { old, name, locale, accountId }: Change, contactId: string | undefined, token: string): Promise<void> {
  const { site } = req.tenant;
  await mailTo(req, { name, email: old ?? '', locale, accountId, contactId }, (t) => ({
    type: 'Sign-in Security',
    subject: t('contacts.mail-old-subject'),
    blocks: [{ text: t('contacts.mail-old-text', { portal: site.displayName }) }, ...notMeBlocks(req, t, token), { link: site.displayName, url: addressIn(req, '/login') }],
  }));
}

/** Somebody else has that address as a user id. Only who reads the address is told. */
function refuseTaken(req: PublicRequest, error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error;
  return refuse('', req.t('contacts.email-taken'));
}

import { queueMail } from '../messages/mail.ts';
import { read, run } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { AccountRecord } from '../account-record/account-record.ts';
import type { ContactValues } from '../staff-contacts/contact-form.ts';
import { addContact } from '../staff-contacts/save-contact.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';
import { endSignIns } from '../passwords/set-password.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** A member of staff among the contacts of an account, to test its portal (S1-78). */
export interface TestContact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly loginRef: string;
  readonly loginId: string;
  readonly staffId: string;
  readonly staffName: string;
  readonly reason: string;
  readonly until: string;
  readonly isOver: boolean;
  readonly hasPassword: boolean;
}

/** S1-78, S1-84: with the own address, whoever else has it, and with a login of its own. It ends by the database's clock. Returns the contact's id. */
export async function addTestContact(req: StaffRequest, account: AccountRecord, form: ContactValues, reason: string): Promise<string> {
  const { staff, tenant } = req;
  if (form.email.toLowerCase() !== staff.email.toLowerCase()) refuse('email', req.t('support.not-your-address', { email: staff.email }));
  if (account.stage === 'lead' || account.stage === 'closed') refuse('', req.t('support.no-portal'));
  const id = await addContact(account.id, { ...form, isPrimary: false, isBilling: false, mayPickUp: false, massEmailOptOut: true, maySignIn: true, mayManageAbsences: false });
  const loginRef = await makeTestLogin(staff.email, account.number);
  await run(
    'update app.contacts set login_ref = $2, test_until = now() + make_interval(hours => $3), test_reason = $4, test_staff_id = $5 where id = $1',
    [id, loginRef, tenant.site.testContactHours, reason, staff.staffId],
  );
  await makeTask({ kind: 'test_contact', accountId: account.id, contactId: id, source: id, details: { contactId: id, message: staff.name } });
  await recordPortalLog({ kind: 'test-contact-added', message: `Test contact added by ${staff.name}. Reason: ${reason}`, contactId: id, staffId: staff.staffId });
  return id;
}

/**
 * S1-80: returned once and mailed, and it opens the portal until the test contact ends: nobody is asked for another one. Mailed to
 * the member of staff, whose address it is.
 */
export async function giveTestPassword(req: StaffRequest, test: TestContact, given: { readonly password: string; readonly hash: string }): Promise<void> {
  const { t, formats, tenant, outside } = req;
  await run('update app.logins set password_hash = $2, password_changed_at = now(), failed_attempts = 0, locked_at = null, temporary_until = null where id = $1', [test.loginRef, given.hash]);
  await endSignIns(test.loginRef);
  await queueMail(outside, tenant, {
    type: 'Portal Password', to: test.email, recipient: test.name, locale: req.staff.locale, accountId: test.accountId, contactId: test.id,
    subject: `${tenant.site.portalName} - ${t('temporary-passwords.mail-subject')}`,
    blocks: [
      { text: t('support.mail-test', { account: test.accountName }) },
      { text: t('temporary-passwords.mail-user-id', { id: test.loginId }) },
      { label: t('temporary-passwords.mail-password'), secret: given.password },
      { link: t('temporary-passwords.mail-login'), url: `${req.origin}/login` },
      { text: t('support.mail-ends', { at: formats.dateTime(test.until) }) },
    ],
  });
  await recordPortalLog({ kind: 'test-password', message: `Test password made for UserID: ${test.loginId}`, contactId: test.id, loginRef: test.loginRef, staffId: req.staff.staffId });
}

export async function findTestContact(contactId: string): Promise<TestContact | undefined> {
  const [row] = await read<TestContact & Record<string, unknown>>('test-contact', `${columns} where c.id = $1 and c.test_until is not null`, [contactId]);
  return row;
}

/** S1-83: all that are not deleted yet, those that are over first. */
export function listTestContacts(): Promise<TestContact[]> {
  return read<TestContact & Record<string, unknown>>('test-contacts', `${columns} where c.test_until is not null order by c.test_until, c.id limit 200`);
}

/** The contact is gone: what reminded of it is done. */
export async function forgetTestTask(contactId: string, staffId: string): Promise<void> {
  await run(`update app.staff_tasks set done_at = now(), done_by = $2 where kind = 'test_contact' and source = $1 and done_at is null`, [contactId, staffId]);
}

/** Said of the address and the account, so that two families never meet in one login. No address to join other contacts by. */
async function makeTestLogin(email: string, accountNumber: string): Promise<string> {
  const [local = '', domain = ''] = email.split('@');
  const tag = accountNumber.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 30);
  for (let at = 1; at <= 50; at += 1) {
    const loginId = `${local}+test-${tag}${at > 1 ? `-${at}` : ''}@${domain}`;
    const [made] = await run<{ id: string }>('insert into app.logins (login_id) values ($1) on conflict (tenant_id, lower(login_id)) do nothing returning id', [loginId]);
    if (made) return made.id;
  }
  throw new Error('fifty test contacts of one person in one account');
}

const columns = `select c.id, concat_ws(' ', c.first_name, c.last_name) as name, c.email, a.id as "accountId", a.number as "accountNumber", a.name as "accountName",
       l.id as "loginRef", l.login_id as "loginId", l.password_hash is not null as "hasPassword", u.id as "staffId", u.name as "staffName", c.test_reason as reason, c.test_until as until, c.test_until <= now() as "isOver"
  from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
  join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref) join app.staff_users u on (u.tenant_id, u.id) = (c.tenant_id, c.test_staff_id)`;

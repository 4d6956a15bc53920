import { recordEvent } from '../account-record/record-events.ts';
import { endSignIns } from '../passwords/set-password.ts';
import { read, run } from '../platform/database.ts';

/** What goes with a contact, said before it goes. */
export interface Removal {
  readonly loginId: string | null;
  /** Other contacts that sign in with the same login, and keep it. */
  readonly sharedWith: number;
  readonly isLast: boolean;
}

export async function readRemoval(id: string): Promise<Removal> {
  const [row] = await read<Removal & Record<string, unknown>>(
    'contact-removal',
    `select l.login_id as "loginId", (select count(*)::int from app.contacts o where o.login_ref = c.login_ref and o.id <> c.id) as "sharedWith",
            not exists (select from app.contacts o where o.account_id = c.account_id and o.id <> c.id) as "isLast"
       from app.contacts c left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref) where c.id = $1`,
    [id],
  );
  return row ?? { loginId: null, sharedWith: 0, isLast: false };
}

/** The contact goes; what was logged, mailed and paid stays. Its login ends with it unless another contact signs in with it. A repeat changes nothing. */
export async function removeContact(id: string, staffName: string): Promise<void> {
  const [gone] = await run<{ accountId: string; loginRef: string | null; name: string }>(
    `delete from app.contacts where id = $1 returning account_id as "accountId", login_ref as "loginRef", concat_ws(' ', first_name, last_name) as name`,
    [id],
  );
  if (!gone) return;
  await recordEvent({ accountId: gone.accountId, contactId: id, name: gone.name, kind: 'removed', staffName });
  if (gone.loginRef) await retireLogin(gone.loginRef);
}

/** A login that nobody signs in with any more: its id is free again, its password, passkeys and sign-ins are gone, its past stays. */
export async function retireLogin(loginRef: string): Promise<void> {
  const [retired] = await run(
    `update app.logins l set login_id = 'retired ' || l.id, email = null, password_hash = null, locked_at = null, failed_attempts = 0, temporary_until = null
      where l.id = $1 and not exists (select from app.contacts c where c.login_ref = l.id) returning id`,
    [loginRef],
  );
  if (!retired) return;
  await endSignIns(loginRef);
  for (const table of ['passkeys', 'two_steps', 'security_answers']) await run(`delete from app.${table} where login_ref = $1`, [loginRef]);
}

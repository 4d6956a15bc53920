import { run } from '../platform/database.ts';

/** Somebody whom staff help with signing in. */
export interface Helped {
  readonly loginRef: string | null;
  readonly staffId: string | null;
  readonly contactId: string | null;
  readonly accountId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly userId: string;
  readonly locale: string | null;
  readonly role: string | null;
  readonly hasTwoSteps: boolean;
  readonly passkeys: number;
  readonly signedInDevices: number;
}

/** The contact with this id, where it has a login. */
export async function findHelpedContact(contactId: string): Promise<Helped | undefined> {
  const [row] = await run<Helped & Record<string, unknown>>(
    `select l.id as "loginRef", null as "staffId", c.id as "contactId", c.account_id as "accountId", concat_ws(' ', c.first_name, c.last_name) as name,
            coalesce(l.email, c.email) as email, l.login_id as "userId", l.locale, null as role, ${means('login_ref', 'l.id')}
       from app.contacts c join app.logins l on l.id = c.login_ref where c.id = $1`,
    [contactId],
  );
  return row;
}

/** The member of staff with this id, who still works here. */
export async function findHelpedStaff(staffId: string): Promise<Helped | undefined> {
  const [row] = await run<Helped & Record<string, unknown>>(
    `select null as "loginRef", u.id as "staffId", null as "contactId", null as "accountId", u.name, u.email, u.email as "userId", u.locale, u.role, ${means('staff_id', 'u.id')}
       from app.staff_users u where u.id = $1 and u.ended_at is null`,
    [staffId],
  );
  return row;
}

/** Takes everything away that may be in wrong hands, and ends every sign-in. The password alone lets in again. */
export async function removeSecondSteps({ loginRef, staffId }: Helped): Promise<void> {
  const id = loginRef ?? staffId;
  for (const table of ['two_steps', 'passkeys']) await run(`delete from app.${table} where login_ref = $1 or staff_id = $1`, [id]);
  await run('update app.sign_ins set ended_at = now() where (login_ref = $1 or staff_id = $1) and ended_at is null', [id]);
}

const means = (column: 'login_ref' | 'staff_id', id: string) => `
  exists (select from app.two_steps t where t.${column} = ${id} and t.confirmed_at is not null) as "hasTwoSteps",
  (select count(*)::int from app.passkeys p where p.${column} = ${id}) as passkeys,
  (select count(*)::int from app.sign_ins s where s.${column} = ${id} and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - make_interval(mins => s.idle_minutes)) as "signedInDevices"`;

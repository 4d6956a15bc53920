import { read } from '../platform/database.ts';

/** A contact that may get in, and the login it has, if any. */
export interface Person {
  readonly contactId: string;
  readonly accountId: string;
  readonly name: string;
  /** On file; the only address that links and passwords are sent to. */
  readonly email: string;
  readonly invitedAt: Date | null;
  readonly loginRef: string | null;
  readonly loginId: string | null;
  readonly hasPassword: boolean;
  readonly locale: string | null;
}

/** Who may get in, as a condition on a contact `c` of an account `a`: not blocked, no lead, not gone, no test that is over, and with an address that can be one. */
export const mayEnter = `c.may_sign_in and a.stage in ('active', 'suspended') and c.email ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$' and (c.test_until is null or c.test_until > now())`;

/** A test contact gets its password from staff, by hand; no link and no letter of the portal is for it. */
const isReal = 'c.test_until is null';

/** Everybody who may get in with this address on file, or with this as their user id. Those with a password come first. */
export function findPeople(typed: string): Promise<Person[]> {
  return read<Person & Record<string, unknown>>(
    'people',
    `${columns} where ${mayEnter} and ${isReal} and (lower(c.email) = lower($1) or l.id = (select id from app.logins where lower(login_id) = lower($1)))
      order by l.password_hash is null, l.id is null, lower(c.email) = lower($1) desc, c.is_primary desc, c.id limit 50`,
    [typed],
  );
}

/** The contact, if it may get in. */
export async function findPerson(contactId: string): Promise<Person | undefined> {
  const [row] = await read<Person & Record<string, unknown>>('person', `${columns} where ${mayEnter} and ${isReal} and c.id = $1`, [contactId]);
  return row;
}

const columns = `select c.id as "contactId", c.account_id as "accountId", concat_ws(' ', c.first_name, c.last_name) as name, c.email, c.invited_at as "invitedAt",
       l.id as "loginRef", l.login_id as "loginId", l.password_hash is not null as "hasPassword", l.locale
  from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
  left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)`;

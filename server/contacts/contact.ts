import { mayEnter } from '../logins/people.ts';
import { read } from '../platform/database.ts';

/** A contact with what staff see of its way into the portal. */
export interface ContactRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string | null;
  readonly email: string | null;
  readonly phones: readonly string[];
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly stage: 'lead' | 'active' | 'suspended' | 'closed';
  readonly isPrimary: boolean;
  readonly isBilling: boolean;
  readonly maySignIn: boolean;
  readonly mayManageAbsences: boolean;
  /** Nothing stands in the way: not blocked, no lead, an address that can be one. */
  readonly mayEnter: boolean;
  readonly invitedAt: Date | null;
  readonly loginRef: string | null;
  readonly loginId: string | null;
  readonly loginCount: number;
  readonly lastLoginAt: Date | null;
  readonly lockedAt: Date | null;
  readonly hasPassword: boolean;
  /** Of a test contact: when it ends. */
  readonly testUntil: Date | null;
}

export async function findContact(id: string): Promise<ContactRecord | undefined> {
  const [row] = await read<ContactRecord & Record<string, unknown>>('contact', `${columns} where c.id = $1`, [id]);
  return row;
}

/** Those of one account, the primary one first. */
export function listContacts(accountId: string): Promise<ContactRecord[]> {
  return read<ContactRecord & Record<string, unknown>>('account-contacts', `${columns} where c.account_id = $1 order by c.is_primary desc, c.last_name, c.first_name, c.id limit 200`, [accountId]);
}

const columns = `select c.id, concat_ws(' ', c.first_name, c.last_name) as name, c.type, c.email,
       array_remove(array[c.cell_phone, c.home_phone, c.work_phone, c.other_phone], null) as phones,
       a.id as "accountId", a.number as "accountNumber", a.name as "accountName", a.stage, c.is_primary as "isPrimary", c.is_billing as "isBilling", c.may_sign_in as "maySignIn", c.may_manage_absences as "mayManageAbsences",
       coalesce(${mayEnter}, false) as "mayEnter", c.invited_at as "invitedAt", l.id as "loginRef", l.login_id as "loginId", coalesce(l.login_count, 0) as "loginCount",
       l.last_login_at as "lastLoginAt", l.locked_at as "lockedAt", l.password_hash is not null as "hasPassword", c.test_until as "testUntil"
  from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
  left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)`;

import { read } from '../platform/database.ts';

/** Who reads an account's mail about money. */
export interface Reader {
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
}

/** The billing contact, else the primary one, else anybody with an address, of those who may see the account's money. */
export async function findReader(accountId: string): Promise<Reader | undefined> {
  const [reader] = await read<Reader & Record<string, unknown>>(
    'billing-reader',
    `select c.id as "contactId", concat_ws(' ', c.first_name, c.last_name) as name, c.email, l.locale
       from app.contacts c left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
      where c.account_id = $1 and c.email <> '' and c.may_see_money and c.test_until is null order by c.is_billing desc, c.is_primary desc, c.id limit 1`,
    [accountId],
  );
  return reader;
}

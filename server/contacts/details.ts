import { read, run } from '../platform/database.ts';

/** What a person tells about itself; '' where nothing is on file. */
export interface ContactDetails {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly cellPhone: string;
  readonly homePhone: string;
  readonly workPhone: string;
  readonly otherPhone: string;
  readonly address1: string;
  readonly address2: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly loginRef: string | null;
}
export type Changeable = Omit<ContactDetails, 'id' | 'email' | 'loginRef'>;

export async function readDetails(contactId: string): Promise<ContactDetails | undefined> {
  const [row] = await read<ContactDetails & Record<string, unknown>>('contact-details', `select ${detailColumns} from app.contacts c where c.id = $1`, [contactId]);
  return row;
}

/** Who gets the bills of an account; where nobody is named for that, its primary contact. */
export function listBillingContacts(accountId: string): Promise<ContactDetails[]> {
  return read<ContactDetails & Record<string, unknown>>(
    'billing-contacts',
    `select ${detailColumns} from app.contacts c where c.account_id = $1 and (c.is_billing or (c.is_primary and not exists (
        select from app.contacts b where b.account_id = $1 and b.is_billing))) order by c.is_primary desc, c.id limit 20`,
    [accountId],
  );
}

/** Writes what differs, and returns its names. */
export async function saveDetails(before: ContactDetails, given: Partial<Changeable>): Promise<(keyof Changeable)[]> {
  const changed = (Object.keys(given) as (keyof Changeable)[]).filter((name) => given[name] !== before[name]);
  if (!changed.length) return [];
  const sets = changed.map((name, at) => `${columnOf[name]} = ${name.endsWith('Name') ? `$${at + 2}` : `nullif($${at + 2}, '')`}`);
  await run(`update app.contacts set ${sets.join(', ')} where id = $1`, [before.id, ...changed.map((name) => given[name])]);
  return changed;
}

const columnOf: Readonly<Record<keyof Changeable, string>> = {
  firstName: 'first_name', lastName: 'last_name', cellPhone: 'cell_phone', homePhone: 'home_phone', workPhone: 'work_phone', otherPhone: 'other_phone',
  address1: 'address1', address2: 'address2', city: 'city', region: 'region', postalCode: 'postal_code',
};

const detailColumns = [
  'c.id', 'c.login_ref as "loginRef"', `coalesce(c.email, '') as email`,
  ...Object.entries(columnOf).map(([name, column]) => `coalesce(c.${column}, '') as "${name}"`),
].join(', ');

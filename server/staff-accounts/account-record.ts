import { read } from '../platform/database.ts';

/** An account as staff see it. */
export interface AccountRecord {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly stage: 'lead' | 'active' | 'suspended' | 'closed';
  readonly openedOn: string | null;
}

const pageSize = 50;

export interface Cursor {
  readonly name: string;
  readonly id: string;
}

/** One page by name. `search` is found in the name, the number and the addresses of contacts. */
export async function listAccounts(search: string, after: Cursor | undefined): Promise<{ rows: AccountRecord[]; next: Cursor | undefined }> {
  const rows = await read<AccountRecord & Record<string, unknown>>(
    'staff-accounts',
    `select ${columns} from app.accounts a
      where ($1::text is null or a.name ilike $1 or a.number ilike $1 or exists (select from app.contacts c where c.account_id = a.id and c.email ilike $1))
        and ($2::text is null or (lower(a.name), a.id) > ($2, $3::uuid))
      order by lower(a.name), a.id limit ${pageSize + 1}`,
    [search ? `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null, after?.name ?? null, after?.id ?? null],
  );
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
  return { rows: rows.slice(0, pageSize), next: last && { name: last.name.toLowerCase(), id: last.id } };
}

export async function findAccount(number: string): Promise<AccountRecord | undefined> {
  const [row] = await read<AccountRecord & Record<string, unknown>>('staff-account', `select ${columns} from app.accounts a where a.number = $1`, [number]);
  return row;
}

const columns = 'a.id, a.number, a.name, a.stage, a.opened_on as "openedOn"';

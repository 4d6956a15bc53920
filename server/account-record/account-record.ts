import { read } from '../platform/database.ts';

/** An account as staff see it. */
export interface AccountRecord {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly stage: 'lead' | 'active' | 'suspended' | 'closed';
  readonly openedOn: string | null;
  readonly paysBy: 'card' | 'bank_draft';
  readonly autopay: boolean;
  readonly relatedGroup: string | null;
  readonly address: string;
  /** The number of the account that this one has been merged into. */
  readonly mergedInto: string | null;
}

export async function findAccount(number: string): Promise<AccountRecord | undefined> {
  const [row] = await read<AccountRecord & Record<string, unknown>>(
    'staff-account',
    `select a.id, a.number, a.name, a.stage, a.opened_on as "openedOn", a.pays_by as "paysBy", a.autopay, a.related_group as "relatedGroup",
            concat_ws(E'\\n', nullif(a.address1, ''), nullif(a.address2, ''), nullif(concat_ws(' ', nullif(a.city, ''), nullif(a.region, ''), nullif(a.postal_code, '')), ''), nullif(a.country, '')) as address,
            (select o.number from app.accounts o where o.id = a.merged_into) as "mergedInto"
       from app.accounts a where a.number = $1`,
    [number],
  );
  return row;
}

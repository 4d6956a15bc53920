import { read, run } from '../platform/database.ts';

/** S3-20, S3-22. Money is in minor units of the usage's own currency. */
export interface Usage {
  readonly id: string;
  readonly number: string;
  readonly description: string;
  readonly usedOn: string;
  /** Exact, without needless zeros. */
  readonly quantity: string;
  readonly unit: string;
  /** Of the visible invoice it stands on; null: not invoiced. */
  readonly invoice: string | null;
  readonly product: string | null;
  readonly unitPriceCents: number | null;
  readonly amountCents: number | null;
  readonly currency: string;
  readonly reference: string | null;
  readonly recordedOn: string;
}

export interface UsageFilter {
  readonly text?: string | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly invoiced?: 'yes' | 'no' | undefined;
  readonly least?: string | undefined;
  readonly most?: string | undefined;
}

export interface Cursor {
  readonly day: string;
  readonly id: string;
}

interface Wanted {
  readonly accountId: string;
  readonly zone: string;
  readonly filter: UsageFilter;
  readonly size: number;
  readonly after?: Cursor | undefined;
}

/** The newest first, one row more than `size` where there are more. */
export async function readUsages({ accountId, zone, filter, size, after }: Wanted): Promise<Usage[]> {
  const { text, from, to, invoiced, least, most } = filter;
  const values = [accountId, zone, size + 1, text ? `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null, from || null, to || null, invoiced ?? null, least ?? null, most ?? null];
  // A cursor that may be missing would be a condition that no index answers.
  if (after) return read<Usage & Record<string, unknown>>('usages-after', statement('and (u.used_on, u.id) < ($10::date, $11::uuid)'), [...values, after.day, after.id]);
  return read<Usage & Record<string, unknown>>('usages', statement(''), values);
}

/** The columns that this login has chosen; null: none yet. */
export async function readChosenColumns(loginRef: string): Promise<string[] | null> {
  const [row] = await read<{ columns: string[] | null }>('usage-columns', 'select usage_columns as columns from app.logins where id = $1', [loginRef]);
  return row?.columns ?? null;
}

export async function rememberColumns(loginRef: string, columns: readonly string[] | null): Promise<void> {
  await run('update app.logins set usage_columns = $2 where id = $1', [loginRef, columns]);
}

/** An unsent or voided invoice is none, here as everywhere. */
function statement(cursor: string): string {
  return `select u.id, u.number, u.description, u.used_on as "usedOn", trim_scale(u.quantity)::text as quantity, u.unit, v.number as invoice, u.product,
      u.unit_price_cents as "unitPriceCents", u.amount_cents as "amountCents", u.currency, u.reference, (u.recorded_at at time zone $2)::date as "recordedOn"
    from app.usages u left join app.visible_invoices v on (v.tenant_id, v.id, v.account_id) = (u.tenant_id, u.invoice_id, u.account_id)
   where u.account_id = $1 ${cursor}
     and ($4::text is null or u.description ilike $4 or u.product ilike $4 or u.number ilike $4)
     and ($5::date is null or u.used_on >= $5) and ($6::date is null or u.used_on <= $6)
     and ($7::text is null or (v.id is not null) = ($7 = 'yes'))
     and ($8::numeric is null or u.quantity >= $8) and ($9::numeric is null or u.quantity <= $9)
   order by u.used_on desc, u.id desc limit $3`;
}

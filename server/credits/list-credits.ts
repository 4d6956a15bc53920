import { read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

/** Money is in minor units of the credit's own currency. */
export interface CreditRow {
  readonly id: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly amountCents: number;
  readonly balanceCents: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly isVoid: boolean;
  readonly invoices: readonly { readonly number: string; readonly amountCents: number; readonly isVisible: boolean }[];
}

const pageSize = 25;

/** One page, newest first; next is the cursor of the page after it, empty on the last one. */
export async function listCredits(account: CustomerAccount, after?: { day: string; id: string }): Promise<{ rows: CreditRow[]; next: string }> {
  const rows = await read<CreditRow & Record<string, unknown>>('credits', text, [account.id, after?.day ?? null, after?.id ?? null]);
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
  return { rows: rows.slice(0, pageSize), next: last ? `${last.issuedOn}_${last.id}` : '' };
}

/** What is left of the account's credits, per currency. */
export function sumCredits(account: CustomerAccount): Promise<{ currency: string; balanceCents: number }[]> {
  return read(
    'credit-sum',
    `select currency, sum(balance_cents)::bigint as "balanceCents" from app.credits
      where account_id = $1 and voided_at is null and balance_cents > 0 group by currency order by currency`,
    [account.id],
  );
}

const text = `select c.id, c.number, c.issued_on as "issuedOn", c.amount_cents as "amountCents", c.balance_cents as "balanceCents", c.currency, c.reference,
    c.voided_at is not null as "isVoid",
    (select coalesce(jsonb_agg(jsonb_build_object('number', i.number, 'amountCents', l.amount_cents, 'isVisible', i.status = 'sent') order by i.issued_on, i.number), '[]')
       from app.allocations l join app.invoices i on (i.tenant_id, i.id) = (l.tenant_id, l.invoice_id)
      where (l.tenant_id, l.credit_id) = (c.tenant_id, c.id) and l.applied_at is not null and l.reversed_at is null) as invoices
   from app.credits c
  where c.account_id = $1 and ($2::date is null or (c.issued_on, c.id) < ($2::date, $3::uuid))
  order by c.issued_on desc, c.id desc limit ${pageSize + 1}`;

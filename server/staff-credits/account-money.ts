import { read } from '../platform/database.ts';

/** What an account has that can be put on invoices, and the invoices it can be put on. */
export interface AccountMoney {
  readonly invoices: readonly { readonly number: string; readonly dueOn: string | null; readonly currency: string; readonly totalCents: number; readonly openCents: number }[];
  readonly unsent: readonly { readonly number: string; readonly currency: string; readonly totalCents: number }[];
  readonly prepayments: readonly { readonly number: string; readonly paidOn: string; readonly currency: string; readonly leftCents: number }[];
  readonly credits: readonly { readonly number: string; readonly issuedOn: string; readonly currency: string; readonly leftCents: number; readonly reference: string | null }[];
}

/** At most 100 of each kind, the most urgent first. */
export async function readAccountMoney(accountId: string): Promise<AccountMoney> {
  const [row] = await read<{ money: AccountMoney }>('account-money', text, [accountId]);
  return row?.money ?? { invoices: [], unsent: [], prepayments: [], credits: [] };
}

/** A new key for a form, in the order of time as all ids are. */
export async function newKey(): Promise<string> {
  const [row] = await read<{ key: string }>('new-key', 'select uuidv7() as key');
  return row?.key ?? '';
}

const list = (columns: string, from: string) => `(select coalesce(jsonb_agg(one), '[]') from (select ${columns} from ${from} limit 100) one)`;

const text = `select jsonb_build_object(
  'invoices', ${list('number, due_on as "dueOn", currency, total_cents as "totalCents", total_cents - paid_cents as "openCents"', 'app.visible_invoices where account_id = $1 and paid_cents < total_cents order by due_on nulls last, issued_on, id')},
  'unsent', ${list('number, currency, total_cents as "totalCents"', `app.invoices where account_id = $1 and status = 'unsent' order by issued_on, id`)},
  'prepayments', ${list('number, paid_on as "paidOn", currency, unapplied_cents as "leftCents"', 'app.payments where account_id = $1 and unapplied_cents > 0 order by paid_on, id')},
  'credits', ${list('number, issued_on as "issuedOn", currency, balance_cents as "leftCents", reference', 'app.credits where account_id = $1 and balance_cents > 0 and voided_at is null order by issued_on, id')}) as money`;

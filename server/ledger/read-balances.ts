import { read } from '../platform/database.ts';

/** How an account stands in one currency at the end of a day. */
export interface Balance {
  readonly currency: string;
  readonly owedCents: number;
  /** Money that has come and stands against no invoice. It is no part of what is owed. */
  readonly prepaymentCents: number;
  /** What is left of credits. */
  readonly creditCents: number;
}

/** One for each currency that the account has ever had money in, the organization's own first. Without a day: everything that is booked. */
export async function readBalances(accountId: string, homeCurrency: string, on?: string | null): Promise<Balance[]> {
  const found = await read<Balance & Record<string, unknown>>('balances', text, [accountId, on ?? '9999-12-31', homeCurrency]);
  return found.length ? found : [{ currency: homeCurrency, owedCents: 0, prepaymentCents: 0, creditCents: 0 }];
}

const text = `select currency, coalesce(sum(amount_cents) filter (where ledger = 'receivable' and posted_on <= $2), 0)::bigint as "owedCents",
         coalesce(-sum(amount_cents) filter (where ledger = 'prepayment' and posted_on <= $2), 0)::bigint as "prepaymentCents",
         coalesce(-sum(amount_cents) filter (where ledger = 'credit' and posted_on <= $2), 0)::bigint as "creditCents"
    from app.ledger_days where account_id = $1 and ledger in ('receivable', 'prepayment', 'credit') group by currency order by currency <> $3, currency`;

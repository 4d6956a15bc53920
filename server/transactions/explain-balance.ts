import { read } from '../platform/database.ts';
import { listOpen, type OpenInvoice, type Standing } from './open-invoices.ts';
import { readBalances, type Balance } from '../ledger/read-balances.ts';

/** What makes a balance: open invoices, and apart from them the prepayments and credits that nobody has applied. */
export interface Explanation {
  readonly balance: Balance;
  /** That of every currency the account has. */
  readonly balances: readonly Balance[];
  readonly invoices: readonly OpenInvoice[];
  /** What the listed invoices leave over: old ones that were paid later, or more than can be listed. */
  readonly earlierCents: number;
  readonly prepayments: readonly Left[];
  readonly credits: readonly Left[];
}

/** What is left of a payment or a credit at the end of the day. */
export interface Left {
  readonly number: string;
  readonly since: string;
  readonly leftCents: number;
}

export async function explainBalance(standing: Standing, homeCurrency: string): Promise<Explanation> {
  const balances = await readBalances(standing.accountId, homeCurrency, standing.on);
  const balance = balances.find(({ currency }) => currency === standing.currency) ?? { currency: standing.currency, owedCents: 0, prepaymentCents: 0, creditCents: 0 };
  const invoices = await listOpen(standing);
  const listedCents = invoices.reduce((sum, { openCents }) => sum + openCents, 0);
  return {
    balance, balances, invoices,
    earlierCents: balance.owedCents - listedCents,
    prepayments: await listLeft(standing, 'prepayment', balance.prepaymentCents),
    credits: await listLeft(standing, 'credit', balance.creditCents),
  };
}

/** Every journal of a payment or credit carries its number. */
async function listLeft({ accountId, currency, on }: Standing, ledger: 'prepayment' | 'credit', sumCents: number): Promise<Left[]> {
  if (sumCents === 0) return [];
  return read<Left & Record<string, unknown>>(
    'left',
    `select j.memo as number, min(e.posted_on) as since, -sum(e.amount_cents)::bigint as "leftCents" from app.ledger_entries e join app.journals j on j.id = e.journal_id
      where e.account_id = $1 and e.ledger = $2 and e.currency = $3 and e.posted_on <= $4 group by j.memo having sum(e.amount_cents) <> 0 order by since, number limit 100`,
    [accountId, ledger, currency, on],
  );
}

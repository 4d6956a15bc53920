import { read } from '../platform/database.ts';
import { monthOf, unseen } from './sql.ts';

/** How an account stands in one currency at the end of a day. */
export interface Balance {
  readonly currency: string;
  readonly owedCents: number;
  /** Money that has come and stands against no invoice. It is no part of what is owed. */
  readonly prepaymentCents: number;
  /** What is left of credits. */
  readonly creditCents: number;
}

/** How it stands at the end of a last day, with what was owed before a first one. */
export interface Span extends Balance {
  readonly openingCents: number;
}

/** One for each currency that the account has ever had money in, the organization's own first. Without a day: everything that is booked. */
export async function readBalances(accountId: string, homeCurrency: string, on?: string | null): Promise<Balance[]> {
  const found = await read<Balance & Record<string, unknown>>('balances', balances, [accountId, homeCurrency, on ?? '9999-12-31']);
  return found.length ? found : [{ currency: homeCurrency, owedCents: 0, prepaymentCents: 0, creditCents: 0 }];
}

export async function readSpan(accountId: string, homeCurrency: string, { from, to }: { readonly from: string; readonly to: string }): Promise<[Span, ...Span[]]> {
  const [first, ...others] = await read<Span & Record<string, unknown>>('balances-of-span', span, [accountId, homeCurrency, to, from]);
  return [first ?? { currency: homeCurrency, openingCents: 0, owedCents: 0, prepaymentCents: 0, creditCents: 0 }, ...others];
}

const account = unseen('$1::uuid');

const balancesOn = (days: Readonly<Record<string, string>>, columns: string): string => `select currency, ${columns}
    from (select m.ledger, m.currency, ${Object.entries(days).map(([name, day]) => `${bookedBy(day)} as ${name}`).join(', ')}
            from app.ledger_months m where m.account_id = ${account} and m.ledger in ('receivable', 'prepayment', 'credit') group by m.ledger, m.currency) booked
   group by currency order by currency <> $2, currency`;

/** Of one ledger and currency: the months before the day's own, and of that one the days. */
const bookedBy = (day: string): string => `coalesce(sum(m.amount_cents) filter (where m.month < ${unseen(monthOf(day))}), 0) + coalesce((
              select sum(d.amount_cents) from app.ledger_days d
               where d.account_id = ${account} and d.ledger = m.ledger and d.currency = m.currency and d.posted_on between ${unseen(monthOf(day))} and ${unseen(day)}), 0)`;

const sumOf = (ledger: string, day: string): string => `coalesce(sum(${day}) filter (where ledger = '${ledger}'), 0)::bigint`;
const closing = `${sumOf('receivable', 'closing')} as "owedCents", -${sumOf('prepayment', 'closing')} as "prepaymentCents", -${sumOf('credit', 'closing')} as "creditCents"`;
const balances = balancesOn({ closing: '$3::date' }, closing);
const span = balancesOn({ closing: '$3::date', opening: '$4::date - 1' }, `${closing}, ${sumOf('receivable', 'opening')} as "openingCents"`);

import { read } from '../platform/database.ts';
import type { SearchHit } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** Invoices, payments and credits by their number, with or without what stands before it: '1042' is INV-1042, too. */
export async function findByNumber(req: StaffRequest, typed: string, limit: number): Promise<SearchHit[]> {
  const plain = typed.trim();
  const digits = /^\D*(\d+)$/.exec(plain)?.[1] ?? '';
  if (!/\d/.test(plain)) return [];
  const given = [plain, plain.toUpperCase(), plain.replace(/^#/, '')];
  const numbers = (prefix: string) => [...new Set([...given, ...(digits === plain.replace(/^#/, '') ? [`${prefix}${digits}`] : [])])];
  const rows = await read<{ noun: string; number: string; name: string; accountNumber: string; cents: number; currency: string }>(
    'search-numbers', text, [numbers('INV-'), numbers('PAY-'), numbers('CR-'), limit],
  );
  return rows.map(({ noun, number, name, accountNumber, cents, currency }) => ({
    path: `/staff/${noun}/${encodeURIComponent(number)}`, title: number, detail: `${name} (${accountNumber})`, matched: req.formats.money(cents, currency), isExact: number.toLowerCase() === plain.toLowerCase(),
  }));
}

const one = (noun: string, amount: string, at: number) => `(select '${noun}' as noun, t.number, a.name, a.number as "accountNumber", t.${amount} as cents, t.currency
    from app.${noun} t join app.accounts a on a.id = t.account_id where t.number = any($${at}::text[]) limit $4)`;
const text = [one('invoices', 'total_cents', 1), one('payments', 'amount_cents', 2), one('credits', 'amount_cents', 3)].join(' union all ');

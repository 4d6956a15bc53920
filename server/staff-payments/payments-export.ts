import type { Maker } from '../exports/make-file.ts';
import { countAttempts, listAttempts, readFilter } from './list-payments.ts';
import { paymentsCsv } from './payments-csv.ts';

const atOnce = 1000;

/** The list as it is filtered, a page at a time. */
export const makePaymentsCsv: Maker = async ({ asked, tenant: { site }, t, formats, within, tell }) => {
  const { filter } = readFilter(asked.query, t);
  const total = await within(() => countAttempts(filter, site.zone));
  const parts: string[] = [];
  let done = 0;
  for (let after: { at: string; id: string } | undefined; ;) {
    const found = await within(() => listAttempts(filter, site.zone, atOnce, after));
    const rows = found.slice(0, atOnce);
    parts.push(paymentsCsv(rows, { t, formats }, parts.length === 0));
    done += rows.length;
    await tell(done, Math.max(done, total));
    after = rows.at(-1);
    if (found.length <= atOnce || !after) break;
  }
  return { name: `${t('staff-payments.title')}.csv`, type: 'text/csv; charset=utf-8', content: Buffer.from(parts.join('')) };
};

import type { Maker } from '../exports/make-file.ts';
import { invoicesCsv } from './invoices-csv.ts';
import { countInvoices, listInvoices, readSearch } from './list-invoices.ts';

const atOnce = 1000;

/** The list as it is filtered, a page at a time. */
export const makeInvoicesCsv: Maker = async ({ asked, tenant, t, within, tell }) => {
  const { site } = tenant;
  const search = readSearch({ query: asked.query, tenant, t });
  const total = await within(() => countInvoices(search, site.today()));
  const parts: string[] = [];
  let done = 0;
  for (let after = search.after; ;) {
    const { rows, next } = await within(() => listInvoices({ ...search, ...(after ? { after } : {}) }, site.today(), atOnce));
    parts.push(invoicesCsv(rows, t, parts.length === 0));
    done += rows.length;
    await tell(done, Math.max(done, total));
    if (!next) break;
    after = next.split('_') as [string, string];
  }
  return { name: `${t('staff-invoices.file')}-${site.today()}.csv`, type: 'text/csv; charset=utf-8', content: Buffer.from(parts.join('')) };
};

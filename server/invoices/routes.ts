import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { dayCursor, fieldErrors, inOrder, optionalDay, text } from '../platform/forms.ts';
import { keptBy } from '../platform/kept.ts';
import { file, page, type Page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import { amountField } from '../money/amount-field.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { listAttachments } from '../attachments/attachment.ts';
import { drawInvoicePdf } from './invoice-document.ts';
import { findInvoice, readLines } from './invoice.ts';
import { invoicesCsv } from './invoices-csv.ts';
import { listInvoices } from './list-invoices.ts';
import { noteView, readTimeline } from './timeline.ts';

const mostInFile = 5000;

async function showInvoices(req: CustomerRequest): Promise<Page> {
  const today = req.tenant.site.today();
  const { filter, errors, cursor } = readFilter(req);
  const { rows, next, sums } = await listInvoices(req.account, today, filter, { after: cursor });
  return page('invoices/list', { title: req.t('invoices.title'), rows, next, sums, filterErrors: errors, filtered: Object.keys(filter).length > 0 });
}

/** The list as a file, with its filter. */
async function downloadInvoices(req: CustomerRequest): Promise<Reply> {
  const { filter, errors } = readFilter(req);
  if (Object.keys(errors).length > 0) return (await showInvoices(req)).withStatus(422);
  const { rows, next } = await listInvoices(req.account, req.tenant.site.today(), filter, { size: mostInFile });
  if (next) return page('invoices/list', { ...(await showInvoices(req)).data, filterErrors: { from: req.t('exports.too-many', { most: req.formats.number(mostInFile) }) } }).withStatus(422);
  return file({ name: `${req.t('invoices.file')}-${req.tenant.site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => invoicesCsv(rows, req.t) });
}

async function showInvoice(req: CustomerRequest): Promise<Reply> {
  const invoice = await findOr404(req);
  const [events, lines, attachments] = await together(
    () => readTimeline(invoice.id, req.tenant.site.zone, 'customer'),
    () => readLines(invoice),
    async () => (invoice.attachmentCount > 0 ? listAttachments(invoice.id) : []),
  );
  const shown = page('invoices/invoice', { title: invoice.number, invoice, lines, events, attachments });
  return events.some(({ what }) => what === 'viewed') ? shown : shown.note(() => noteView(invoice.id));
}

async function downloadInvoice(req: CustomerRequest): Promise<Reply> {
  const invoice = await findOr404(req);
  const lines = await readLines(invoice);
  return file({ name: `${invoice.number}.pdf`, type: 'application/pdf', inline: true, make: () => drawInvoicePdf(req, invoice, lines) });
}

async function findOr404(req: CustomerRequest) {
  const invoice = await findInvoice(req.account, String(req.params['number']), req.tenant.site.today());
  if (!invoice) throw new NotFound('no such invoice');
  return invoice;
}

function readFilter(req: CustomerRequest) {
  const result = filterForm(req.tenant.site.currency).safeParse(req.query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, req.t), cursor: undefined };
  const { after, ...given } = result.data;
  const [day = '', id = ''] = (after ?? '').split('_');
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== 'all'));
  return { filter, errors: {}, cursor: after ? { day, id } : undefined };
}

const filterForm = keptBy((currency) => {
  const amount = amountField(currency).optional();
  return z.object({
    number: text(40, { anyNumber: true }).optional(),
    from: optionalDay,
    to: optionalDay,
    least: amount,
    most: amount,
    status: z.enum(['all', 'unpaid', 'past-due', 'paid'], 'forms.wrong').optional(),
    after: dayCursor.optional(),
  }).superRefine(inOrder).transform(({ least, most, ...rest }) => ({ ...rest, leastCents: least, mostCents: most }));
});

export const invoiceRoutes = [get('/invoices', showInvoices), get('/invoices.csv', downloadInvoices), get('/invoices/:number.pdf', downloadInvoice), get('/invoices/:number', showInvoice)];

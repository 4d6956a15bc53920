import { z } from 'zod';
import { findReader } from '../accounts/find-reader.ts';
import { offerFile, startFile } from '../exports/routes.ts';
import { readTimeline } from '../invoices/timeline.ts';
import { read, run } from '../platform/database.ts';
import { readForm, refuse, required, text } from '../platform/forms.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { rowsOf, saveDraft, typedRows } from './draft.ts';
import { invoicesCsv } from './invoices-csv.ts';
import { listInvoices, readSearch } from './list-invoices.ts';
import { draftPrefix, sendInvoice } from './send-invoice.ts';
import { findStaffInvoice, readApplied, readStaffLines } from './staff-invoice.ts';
import { voidInvoice } from './void-invoice.ts';

const area = 'invoices';
const pageSize = 50;
const mostRows = 5000;
const pathOf = (number: string) => `/staff/invoices/${encodeURIComponent(number)}`;

async function showList(req: StaffRequest): Promise<Page> {
  const search = readSearch(req);
  const { rows, next } = await listInvoices(search, req.tenant.site.today(), pageSize);
  return page('staff-invoices/list', { title: req.t('staff-invoices.title'), rows, next, filterErrors: search.errors, filtered: Object.keys(search.filter).length > 0 });
}

async function downloadList(req: StaffRequest): Promise<Reply> {
  const search = readSearch(req);
  if (Object.keys(search.errors).length > 0) return (await showList(req)).withStatus(422);
  const { rows, next } = await listInvoices(search, req.tenant.site.today(), mostRows);
  if (!next) return file({ name: `${req.t('staff-invoices.file')}-${req.tenant.site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => invoicesCsv(rows, req.t) });
  return offerFile(req, '/staff/invoices', mostRows);
}

function showNew(req: StaffRequest): Reply {
  const { site } = req.tenant;
  return page('staff-invoices/new', { title: req.t('staff-invoices.new'), account: req.query['account'] ?? '', issuedOn: site.today(), currency: site.currency });
}

async function createDraft(req: StaffRequest): Promise<Reply> {
  const { account, currency } = readForm(newForm, req.body, req.t);
  const accountId = await findAccount(account, req);
  const [row] = await run<{ number: string }>(
    `insert into app.invoices (account_id, number, issued_on, currency, total_cents, touched_by, touched_at)
     values ($1, $2 || app.next_number('drafts', 1, 1), $3, $4, 0, $5, now()) returning number`,
    [accountId, draftPrefix, req.tenant.site.today(), currency, req.staff.staffId],
  );
  return seeOther(pathOf(row?.number ?? ''));
}

const newForm = z.object({ account: required(120, { anyNumber: true }), currency: z.string('forms.wrong').trim().toUpperCase().refine((code) => Intl.supportedValuesOf('currency').includes(code), 'staff-invoices.no-currency') });

/** By its number, or by its name where only one has it. */
async function findAccount(typed: string, { t }: StaffRequest): Promise<string> {
  const found = await read<{ id: string; number: string; isNumber: boolean }>(
    'account-to-bill', `select id, number, number = $1 as "isNumber" from app.accounts where number = $1 or lower(name) = lower($1) order by number = $1 desc, number limit 5`, [typed]);
  const [first, second] = found;
  if (!first) refuse('account', t('staff-invoices.no-account'));
  if (second && !first.isNumber) refuse('account', t('staff-invoices.several-accounts', { numbers: found.map(({ number }) => number).join(', ') }));
  return first.id;
}

async function showInvoice(req: StaffRequest): Promise<Reply> {
  const invoice = await findStaffInvoice(String(req.params['number']));
  if (invoice.number !== req.params['number'] && !req.errors) return seeOther(pathOf(invoice.number));
  const lines = await readStaffLines(invoice);
  if (invoice.status !== 'unsent') return page('staff-invoices/invoice', { title: invoice.number, invoice, lines, applied: await readApplied(invoice), events: await readTimeline(invoice.id, req.tenant.site.zone, 'staff') });
  const typed = typedRows(req.typed ?? {});
  return page('staff-invoices/draft', { title: invoice.number, invoice, lines, rows: typed.length ? typed : rowsOf(lines, invoice) });
}

async function changeDraft(req: StaffRequest): Promise<Reply> {
  const invoice = await findStaffInvoice(String(req.params['number']), 'for update of i');
  await saveDraft(invoice, req);
  const next = (req.body as Record<string, unknown>)['do'];
  if (next === 'send') return seeOther(`${pathOf(invoice.number)}/sending`);
  setFlash(req, 'info', req.t('staff-invoices.saved'));
  return seeOther(`${pathOf(invoice.number)}${typeof next === 'string' && next.startsWith('remove-') ? '#lines' : ''}`);
}

async function showSending(req: StaffRequest): Promise<Reply> {
  const invoice = await findStaffInvoice(String(req.params['number']));
  if (invoice.status !== 'unsent') return seeOther(pathOf(invoice.number));
  return page('staff-invoices/sending', { title: req.t('staff-invoices.send-title'), invoice, lines: await readStaffLines(invoice), reader: await findReader(invoice.accountId) });
}

async function send(req: StaffRequest): Promise<Reply> {
  const { number, mailedTo } = await sendInvoice(String(req.params['number']), req);
  setFlash(req, 'success', req.t(mailedTo ? 'staff-invoices.sent-to' : 'staff-invoices.sent-to-nobody', { number, email: mailedTo ?? '' }));
  return seeOther(pathOf(number));
}

async function showVoiding(req: StaffRequest): Promise<Reply> {
  const invoice = await findStaffInvoice(String(req.params['number']));
  if (invoice.status === 'void') return seeOther(pathOf(invoice.number));
  return page('staff-invoices/voiding', { title: req.t(`staff-invoices.void-title-${invoice.status}`, { number: invoice.number }), invoice, applied: await readApplied(invoice) });
}

async function voidOne(req: StaffRequest): Promise<Reply> {
  const number = String(req.params['number']);
  const { reason } = readForm(z.object({ reason: text(500).optional() }), req.body, req.t);
  await voidInvoice(number, reason ?? '', req);
  setFlash(req, 'info', req.t('staff-invoices.voided', { number }));
  return seeOther(pathOf(number));
}

export const staffInvoiceRoutes = [
  get('/staff/invoices', showList, { area }),
  get('/staff/invoices.csv', downloadList, { area }),
  post('/staff/invoices.csv', (req: StaffRequest) => startFile(req, 'invoices-csv'), { area, page: downloadList }),
  get('/staff/invoices/new', showNew, { area }),
  post('/staff/invoices', createDraft, { area, page: showNew }),
  get('/staff/invoices/:number', showInvoice, { area }),
  post('/staff/invoices/:number', changeDraft, { area, page: showInvoice }),
  get('/staff/invoices/:number/sending', showSending, { area }),
  post('/staff/invoices/:number/sending', send, { area, page: showSending }),
  get('/staff/invoices/:number/voiding', showVoiding, { area }),
  post('/staff/invoices/:number/voiding', voidOne, { area, page: showVoiding }),
];

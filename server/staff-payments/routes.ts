import { randomUUID } from 'node:crypto';
import { offerFile, startFile } from '../exports/routes.ts';
import { answerInWords } from '../gateways/answer-words.ts';
import { NotFound } from '../platform/errors.ts';
import { file, page, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { listOpenInvoices } from '../prepayments/apply-prepayment.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { groups, listAttempts, readFilter } from './list-payments.ts';
import { paymentsCsv } from './payments-csv.ts';
import { findStaffPayment } from './staff-payment.ts';

const pageSize = 50;
/** Answers that say nothing more than the state does. */
const plain: ReadonlySet<string> = new Set(['Accepted', 'Approved', 'Cash', 'Check']);
const mostExported = 5000;

async function showAttempts(req: StaffRequest): Promise<Page> {
  const { filter, filterErrors, cursor } = readFilter(req.query, req.t);
  const found = await listAttempts(filter, req.tenant.site.zone, pageSize, cursor);
  const rows = found.slice(0, pageSize).map((row) => ({ ...row, said: plain.has(row.message) ? '' : answerInWords(row.message, req.t) }));
  const last = found.length > pageSize ? rows.at(-1) : undefined;
  const filtered = Object.values(filter).some((value) => value && value !== 'all');
  return page('staff-payments/list', { title: req.t('staff-payments.title'), rows, next: last ? `${last.at}_${last.id}` : '', filtered, filterErrors, groups: Object.keys(groups) });
}

/** What the filter shows, without the pages. */
async function exportAttempts(req: StaffRequest): Promise<Reply> {
  const { filter, filterErrors } = readFilter(req.query, req.t);
  if (Object.keys(filterErrors).length > 0) return (await showAttempts(req)).withStatus(422);
  const rows = await listAttempts(filter, req.tenant.site.zone, mostExported);
  if (rows.length > mostExported) return offerFile(req, '/staff/payments', mostExported);
  return file({ name: `${req.t('staff-payments.title')}.csv`, type: 'text/csv; charset=utf-8', make: async () => paymentsCsv(rows, req) });
}

export async function showStaffPayment(req: StaffRequest): Promise<Reply> {
  const payment = await findStaffPayment(String(req.params['number']));
  if (!payment) throw new NotFound('no such payment');
  const open = payment.unappliedCents > 0 ? await listOpenInvoices(payment.accountId, payment.currency) : [];
  return page('staff-payments/payment', { title: req.t('payments.payment', { number: payment.number }), payment, said: answerInWords(payment.message, req.t), open, requestKey: randomUUID(), mayRefund: mayEnter(req.staff, 'refunds') });
}

export const area = 'invoices';
export const staffPaymentRoutes = [
  get('/staff/payments', showAttempts, { area }),
  get('/staff/payments/export.csv', exportAttempts, { area }),
  post('/staff/payments/export.csv', (req: StaffRequest) => startFile(req, 'payments-csv'), { area, page: exportAttempts }),
  get('/staff/payments/:number', showStaffPayment, { area }),
];

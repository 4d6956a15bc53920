import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fromCents } from '../money/money.ts';
import { NotFound } from '../platform/errors.ts';
import { figure, toCsv } from '../platform/csv.ts';
import { fieldErrors, isCalendarDay, optionalDay, text } from '../platform/forms.ts';
import { file, page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { listOpenInvoices } from '../prepayments/apply-prepayment.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { groups, listAttempts } from './list-payments.ts';
import { findStaffPayment } from './staff-payment.ts';

const pageSize = 50;
const mostExported = 5000;

async function showAttempts(req: StaffRequest): Promise<Reply> {
  const { filter, filterErrors, cursor } = readFilter(req);
  const found = await listAttempts(filter, req.tenant.site.zone, pageSize, cursor);
  const rows = found.slice(0, pageSize);
  const last = found.length > pageSize ? rows.at(-1) : undefined;
  const filtered = Object.values(filter).some((value) => value && value !== 'all');
  return page('staff-payments/list', { title: req.t('staff-payments.title'), rows, next: last ? `${last.at}_${last.id}` : '', filtered, filterErrors, groups: Object.keys(groups) });
}

/** What the filter shows, without the pages; at most 5,000 lines. */
async function exportAttempts(req: StaffRequest): Promise<Reply> {
  const { t, formats } = req;
  const rows = (await listAttempts(readFilter(req).filter, req.tenant.site.zone, mostExported)).slice(0, mostExported);
  const head = ['number', 'created', 'account', 'name', 'state', 'amount', 'refunded', 'unapplied', 'currency', 'method', 'gateway', 'reference', 'answer'].map((name) => t(`staff-payments.${name}`));
  const money = (cents: number, currency: string) => figure(fromCents(cents, currency));
  const lines = rows.map((row) => [
    row.number, formats.dateTime(row.createdAt), row.accountNumber, row.accountName, t(`payments.state-${row.state.replaceAll('_', '-')}`), money(row.amountCents, row.currency), money(row.refundedCents, row.currency),
    money(row.unappliedCents, row.currency), row.currency, row.methodLabel || t(`payments.kind-${row.methodKind.replace('_', '-')}`), row.gateway ?? '', row.reference ?? '', row.message,
  ]);
  return file({ name: `${t('staff-payments.title')}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, lines) });
}

export async function showStaffPayment(req: StaffRequest): Promise<Reply> {
  const payment = await findStaffPayment(String(req.params['number']));
  if (!payment) throw new NotFound('no such payment');
  const open = payment.unappliedCents > 0 ? await listOpenInvoices(payment.accountId, payment.currency) : [];
  return page('staff-payments/payment', { title: req.t('payments.payment', { number: payment.number }), payment, open, requestKey: randomUUID(), mayRefund: mayEnter(req.staff, 'refunds') });
}

function readFilter(req: StaffRequest) {
  const result = filterForm.safeParse(req.query);
  if (!result.success) return { filter: {}, filterErrors: fieldErrors(result.error, req.t), cursor: undefined };
  const { after, ...filter } = result.data;
  const [at = '', id = ''] = (after ?? '').split('_');
  return { filter, filterErrors: {}, cursor: after ? { at, id } : undefined };
}

const filterForm = z.object({
  q: text(60).optional(),
  state: z.enum(Object.keys(groups) as (keyof typeof groups)[], 'forms.wrong').optional(),
  from: optionalDay,
  to: optionalDay,
  after: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'forms.wrong')
    .refine((value) => isCalendarDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value.split('_')[0] ?? '')), 'forms.wrong').optional(),
});

export const area = 'invoices';
export const staffPaymentRoutes = [
  get('/staff/payments', showAttempts, { area }),
  get('/staff/payments/export.csv', exportAttempts, { area }),
  get('/staff/payments/:number', showStaffPayment, { area }),
];

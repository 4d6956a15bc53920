import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { answerInWords } from '../gateways/answer-words.ts';
import { amountField } from '../money/amount-field.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, text, uuid } from '../platform/forms.ts';
import { seeOther, type Reply } from '../platform/replies.ts';
import { post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { read } from '../platform/database.ts';
import { findStaffPayment, type StaffPayment } from '../staff-payments/staff-payment.ts';
import { showStaffPayment } from '../staff-payments/routes.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { refundPayment } from './refund-payment.ts';
import { reversePayment, winDispute } from './return-payment.ts';

async function refund(req: StaffRequest): Promise<Reply> {
  const payment = await again(req, () => paymentOf(req));
  const { amount, reason, requestKey } = readForm(refundForm(payment.currency), req.body, req.t);
  if (amount === null || amount <= 0) refuse('amount', req.t('refunds.no-amount'));
  const { tenant, outside, t, staff } = req;
  const id = await refundPayment({ tenant, outside, t, enter: (work) => again(req, work) }, {
    accountId: payment.accountId, paymentId: payment.id, requestKey, amountCents: amount, reason, staffId: staff.staffId,
  });
  const [made] = await again(req, () => read<{ state: string; message: string }>('made-refund', 'select state, message from app.refunds where id = $1', [id]));
  const tone = made?.state === 'succeeded' ? 'success' : made?.state === 'declined' || made?.state === 'failed' ? 'danger' : 'info';
  setFlash(req, tone, t(`refunds.done-${made?.state ?? 'unknown'}`, { amount: req.formats.money(amount, payment.currency), message: answerInWords(made?.message ?? '', t) }));
  return seeOther(pathOf(payment));
}

const refundForm = (currency: string) => z.object({ amount: amountField(currency), reason: text(200).optional().transform((typed) => typed ?? ''), requestKey: uuid.catch(() => randomUUID()) });

/** What the bank or the card holder has done, entered by hand where no gateway tells it. */
async function reverse(req: StaffRequest): Promise<Reply> {
  const payment = await paymentOf(req);
  const { to, message } = readForm(z.object({ to: z.enum(['returned', 'disputed'], 'forms.wrong'), message: text(200).optional().transform((typed) => typed ?? '') }), req.body, req.t);
  const done = await reversePayment(req.outside, req.tenant, payment.id, { to, message, staffId: req.staff.staffId });
  if (!done) refuse('', req.t('refunds.not-now'));
  setFlash(req, 'success', req.t(`refunds.is-${to}`));
  return seeOther(pathOf(payment));
}

async function win(req: StaffRequest): Promise<Reply> {
  const payment = await paymentOf(req);
  if (!(await winDispute(req.outside, req.tenant, payment.id, req.staff.staffId))) refuse('', req.t('refunds.not-now'));
  setFlash(req, 'success', req.t('refunds.is-won'));
  return seeOther(pathOf(payment));
}

async function paymentOf(req: StaffRequest): Promise<StaffPayment> {
  const payment = await findStaffPayment(String(req.params['number']));
  if (!payment) throw new NotFound('no such payment');
  return payment;
}

const pathOf = ({ number }: StaffPayment) => `/staff/payments/${encodeURIComponent(number)}`;

const options = { area: 'refunds', page: showStaffPayment };
export const refundRoutes = [
  post('/staff/payments/:number/refund', refund, { ...options, outside: true }),
  post('/staff/payments/:number/reversal', reverse, options),
  post('/staff/payments/:number/dispute-won', win, options),
];

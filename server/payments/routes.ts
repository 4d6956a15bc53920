import { z } from 'zod';
import { answerInWords } from '../gateways/answer-words.ts';
import { sumOpen } from '../invoices/list-invoices.ts';
import { NotFound } from '../platform/errors.ts';
import { dayCursor, fieldErrors, inOrder, optionalDay, text } from '../platform/forms.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import { nextToPay } from '../properties/read-properties.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import type { Outside } from '../tenancy/outside.ts';
import { again } from '../walk/walk.ts';
import { closePage } from '../payment-attempts/fence.ts';
import { listPayments, mostSummed, sumPayments } from './list-payments.ts';
import { findPayment, isUndecided, paymentPath, type PaymentRow } from './payment.ts';
import { paymentsCsv } from './payments-csv.ts';
import { reconcileAttempt } from '../payment-attempts/reconcile-payments.ts';

const mostInFile = 5000;

async function showPayments(req: CustomerRequest): Promise<Page> {
  const { filter, after, errors } = readFilter(req);
  const [{ rows, next }, sums] = await together(() => listPayments(req.account, filter, { after }), () => sumPayments(req.account, filter));
  const filtered = Object.values(filter).some((value) => value);
  return page('payments/list', { title: req.tenant.site.tabLabel('payments') ?? req.t('payments.title'), rows, next, sums, mostSummed, filterErrors: errors, filtered });
}

/** The list as a file, with its filter. */
async function downloadPayments(req: CustomerRequest): Promise<Reply> {
  const { filter, errors } = readFilter(req);
  if (Object.keys(errors).length > 0) return (await showPayments(req)).withStatus(422);
  const { rows, next } = await listPayments(req.account, filter, { size: mostInFile });
  if (next) return page('payments/list', { ...(await showPayments(req)).data, filterErrors: { from: req.t('exports.too-many', { most: req.formats.number(mostInFile) }) } }).withStatus(422);
  return file({ name: `${req.t('payments.file')}-${req.tenant.site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => paymentsCsv(rows, req.t) });
}

/** A wrong query shows everything, and says beside the field what is wrong. */
function readFilter({ query, t }: CustomerRequest) {
  const result = filterForm.safeParse(query);
  if (!result.success) return { filter: {}, after: undefined, errors: fieldErrors(result.error, t) };
  const { after, ...filter } = result.data;
  const [day = '', id = ''] = (after ?? '').split('_');
  return { filter, after: after ? { day, id } : undefined, errors: {} };
}

const filterForm = z.object({
  number: text(40, { anyNumber: true }).optional(),
  from: optionalDay,
  to: optionalDay,
  status: z.enum(['all', 'paid', 'under-way', 'not-paid'], 'forms.wrong').optional(),
  after: dayCursor.optional(),
}).superRefine(inOrder);

/** Where a payer comes to after paying, and at any time later. While nobody knows how it ended, opening the page asks the gateway. */
async function showPayment(req: CustomerRequest): Promise<Reply> {
  let found = await again(req, () => readPayment(req));
  if (!req.looking && isUndecided(found.payment.state)) {
    await askNow(req, found.payment);
    found = await again(req, () => readPayment(req));
  }
  return page('payments/payment', { title: req.t('payments.payment', { number: found.payment.number }), ...found, said: answerInWords(found.payment.message, req.t), listPath: req.tenant.site.hasTab('payments') ? '/payments' : '/billing' });
}

async function readPayment(req: CustomerRequest) {
  const payment = await findPayment(req.account, String(req.params['number']));
  if (!payment) throw new NotFound('no such payment');
  const { account, person, tenant: { site } } = req;
  const nextProperty = payment.state === 'succeeded' && person.accounts.length > 1 ? await nextToPay(account, person.accounts, site) : undefined;
  return { payment, open: await sumOpen(account, site.today()), nextProperty };
}

/** A gateway that fails now is asked again by the reconciler; the page is drawn all the same. */
async function askNow(req: CustomerRequest, payment: PaymentRow): Promise<void> {
  await reconcileAttempt(req.outside, req.tenant, payment).catch((error: unknown) => req.log.error({ err: error }, 'a payment could not be asked about'));
}

/** Back to the gateway's page, while it can be paid there; its address is asked for anew, and kept nowhere. */
async function goOn(req: CustomerRequest): Promise<Reply> {
  const { payment } = await again(req, () => readPayment(req));
  const pages = req.outside.gateways[payment.gateway as keyof Outside['gateways']]?.payPages;
  const isWaiting = payment.state === 'awaiting_customer' && (payment.pageSecondsLeft ?? 0) > 0;
  const url = isWaiting && pages && payment.reference ? await pages.find(payment.reference) : null;
  return seeOther(url ?? paymentPath(req.tenant.site, payment.number));
}

/** Closes the gateway's page: its invoices are free again. What has been paid there meanwhile is booked instead. */
async function cancel(req: CustomerRequest): Promise<Reply> {
  const { payment } = await again(req, () => readPayment(req));
  if (payment.state === 'awaiting_customer') await closePage(req.outside, req.tenant, payment);
  return seeOther(paymentPath(req.tenant.site, payment.number));
}

const outside = true;
const money = 'pay';
const walked = (path: string) => [
  get(path, showPayment, { outside }),
  post(`${path}/continuation`, goOn, { outside, money }),
  post(`${path}/cancellation`, cancel, { outside, money }),
];
export const paymentRoutes = [get('/payments', showPayments), get('/payments.csv', downloadPayments), ...walked('/payments/:number')];
export const paymentRecordRoutes = walked('/billing/payments/:number');

import { lockAccount } from '../accounts/lock-account.ts';
import type { ChargeRequest, Gateway } from '../gateways/gateway.ts';
import { drawNumber } from '../ledger/numbers.ts';
import { findMethod, hasExpired, type PaymentMethod } from '../payment-methods/payment-method.ts';
import { Payment } from '../payments/payment.ts';
import { read } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { demandRules, shareOut, type Share } from './payment-rules.ts';
import type { Till } from './take-payment.ts';

/** What somebody wants to pay, and what they were shown when they decided. */
export interface PaymentOrder {
  readonly accountId: string;
  /** Made with the form: sending the form twice is one payment. */
  readonly requestKey: string;
  /** null: on the gateway's own page, with nothing saved. */
  readonly methodId: string | null;
  readonly invoices: readonly ShownInvoice[];
  /** A prepayment pays no invoice: it waits until staff apply it. */
  readonly purpose?: 'invoices' | 'prepayment';
  /** Less than what is open, where parts are taken; of a prepayment its amount, in the organization's currency. */
  readonly amountCents?: number | undefined;
  /** Who charges the saved method, where it is not the payer. */
  readonly staffId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly loginRef?: string | undefined;
}

export interface ShownInvoice {
  readonly number: string;
  readonly openCents: number;
}

export interface Reserved {
  readonly id: string;
  readonly number: string;
  /** null: this request key has paid before, there is nothing to charge. */
  readonly charge: ChargeRequest | null;
  /** When the gateway's own page closes, where the payment is made there. */
  readonly expiresAt: Date | null;
}

/** Runs in a short transaction of its own. Throws Refused. Locks in the order account, invoice, payment, as everything does that moves money. */
export async function reservePayment(till: Till, gateway: Gateway, order: PaymentOrder): Promise<Reserved> {
  await lockAccount(order.accountId);
  const earlier = await Payment.findOne({ where: { accountId: order.accountId, requestKey: order.requestKey } });
  if (earlier) return { id: earlier.id, number: earlier.number, charge: null, expiresAt: null };

  const method = order.methodId === null ? null : await demandMethod(till, gateway, order, order.methodId);
  await demandRules(till, gateway, order, method);
  const { amountCents, currency, shares } = order.purpose === 'prepayment' ? await demandPrepayment(till, order) : await demandShares(till, order);
  const payment = await Payment.create({
    accountId: order.accountId, requestKey: order.requestKey, number: await drawNumber('payments'), purpose: order.purpose ?? 'invoices', amountCents, currency,
    methodKind: method?.kind === 'bank' ? 'bank_draft' : 'card', methodId: method?.id ?? null, methodLabel: method ? `${method.brand} ${method.last4}` : '',
    isHosted: !method, expiresAt: method ? null : new Date(Date.now() + pageMinutes * 60_000),
    gateway: gateway.name, loginRef: order.loginRef ?? null, contactId: order.contactId ?? null, staffId: order.staffId ?? null, paidOn: till.tenant.site.today(),
  });
  await read(
    'reserve-allocations',
    `insert into app.allocations (account_id, payment_id, invoice_id, amount_cents)
     select $1, $2, given.invoice, given.cents from unnest($3::uuid[], $4::bigint[]) given (invoice, cents)`,
    [order.accountId, payment.id, shares.map(({ id }) => id), shares.map(({ cents }) => cents)],
  );
  const description = `${till.tenant.site.displayName} ${payment.number}`;
  const charge = { key: payment.id, tenantId: till.tenant.id, amountCents, currency, token: method?.token ?? '', description };
  return { id: payment.id, number: payment.number, charge, expiresAt: payment.expiresAt };
}

/** Stripe takes no less than 30 minutes, from the moment that it hears of it. */
const pageMinutes = 32;

/** From here on the gateway may be asked. False: somebody has closed the payment meanwhile, and it must not be charged. */
export async function submitPayment(id: string): Promise<boolean> {
  const moved = await read('submit-payment', `update app.payments set state = 'submitted', submitted_at = now() where id = $1 and state = 'created' returning id`, [id]);
  return moved.length === 1;
}

/** The gateway's name for an attempt that is about to charge. False: somebody has closed it meanwhile, and it must not be charged. */
export async function keepReference(id: string, reference: string): Promise<boolean> {
  const kept = await read('keep-reference', `update app.payments set gateway_reference = $2 where id = $1 and state = 'submitted' returning id`, [id, reference]);
  return kept.length === 1;
}

async function demandMethod({ tenant: { site }, t }: Till, gateway: Gateway, order: PaymentOrder, methodId: string): Promise<PaymentMethod> {
  const method = await findMethod(order.accountId, methodId);
  if (!method || method.gateway !== gateway.name) refuse('method', t('payments.no-such-method'));
  if (!site.methodKinds.includes(method.kind) || !gateway.abilities.kinds.includes(method.kind)) refuse('method', t('payments.kind-not-taken'));
  if (hasExpired(method, site.today())) refuse('method', t('payments.method-expired'));
  return method;
}

interface ToReserve {
  readonly amountCents: number;
  readonly currency: string;
  readonly shares: readonly Share[];
}

async function demandShares(till: Till, order: PaymentOrder): Promise<ToReserve> {
  const invoices = await demandInvoices(till, order);
  return { ...shareOut(till, order, invoices), currency: invoices[0]?.currency ?? '' };
}

async function demandPrepayment(till: Till, { accountId, amountCents = 0 }: PaymentOrder): Promise<ToReserve> {
  const { tenant: { site }, t } = till;
  if (!site.takesPrepayments) refuse('', t('payments.prepayment-not-taken'));
  if (amountCents <= 0) refuse('amount', t('payments.part-nothing'));
  await demandNothingUnderWay(till, accountId);
  return { amountCents, currency: site.currency, shares: [] };
}

interface OpenInvoice {
  readonly id: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly currency: string;
  readonly openCents: number;
  readonly isBeingPaid: boolean;
}

/** The invoices as they are now, which must be as they were shown. */
async function demandInvoices(till: Till, { accountId, invoices: shown }: PaymentOrder): Promise<OpenInvoice[]> {
  const { t } = till;
  const numbers = new Set(shown.map(({ number }) => number));
  if (numbers.size === 0 || numbers.size !== shown.length) refuse('invoice', t('payments.choose-invoice'));
  await demandNothingUnderWay(till, accountId);
  const found = new Map((await lockInvoices(accountId, [...numbers])).map((invoice) => [invoice.number, invoice]));
  const invoices = shown.map(({ number, openCents }) => {
    const invoice = found.get(number);
    if (!invoice) refuse('invoice', t('payments.not-payable', { number }));
    if (invoice.isBeingPaid) refuse('invoice', t('payments.being-paid', { number }));
    if (invoice.openCents <= 0) refuse('invoice', t('payments.paid-meanwhile', { number }));
    if (invoice.openCents !== openCents) refuse('invoice', t('payments.changed', { number }));
    return invoice;
  });
  if (new Set(invoices.map(({ currency }) => currency)).size > 1) refuse('invoice', t('payments.one-currency'));
  return invoices;
}

async function demandNothingUnderWay({ t }: Till, accountId: string): Promise<void> {
  const [account] = await read<{ hasOpen: boolean }>(
    'has-open-payment', `select exists (select 1 from app.payments where account_id = $1 and state in ('created', 'submitted', 'unknown', 'awaiting_customer')) as "hasOpen"`, [accountId]);
  if (account?.hasOpen) refuse('', t('payments.under-way'));
}

function lockInvoices(accountId: string, numbers: readonly string[]): Promise<(OpenInvoice & Record<string, unknown>)[]> {
  return read(
    'lock-payable',
    `select i.id, i.number, i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency, i.total_cents - i.paid_cents as "openCents",
            exists (select 1 from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
                     where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and p.state = 'processing') as "isBeingPaid"
       from app.visible_invoices i where i.account_id = $1 and i.number = any($2::text[]) order by i.id for update of i`,
    [accountId, numbers],
  );
}

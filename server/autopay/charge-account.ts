import { lockAccount } from '../accounts/lock-account.ts';
import type { PaymentState } from '../payments/payment.ts';
import { takePayment } from '../payments/take-payment.ts';
import { read } from '../platform/database.ts';
import { Refused } from '../platform/errors.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { readEnrolment } from './enrolment.ts';
import { plannedSql } from './forecast.ts';
import { sendNotCharged } from './mail.ts';

export interface Shop {
  readonly outside: Outside;
  readonly tenant: Tenant;
}

/** What one account is charged on one day in one currency. Its key makes it one payment, whoever asks for it and how often. */
export interface Charge extends Record<string, unknown> {
  readonly id: string;
  readonly accountId: string;
  readonly runOn: string;
  readonly currency: string;
  /** A next one only after the gateway has promised that the one before never charges. */
  readonly attempt: number;
  readonly requestKey: string;
}

const mostAttempts = 4;

/** Plans what is due on that day and charges it. Safe to repeat, to run twice at once, and to be killed at any moment. */
export async function chargeAccount(shop: Shop, accountId: string, day: string): Promise<void> {
  const charges = await withTenant(shop.tenant.id, () => planCharges(shop, accountId, day));
  for (const charge of charges) await workCharge(shop, charge);
}

/** Carries one charge as far as it can be carried now. Returns whether it is closed. */
export async function workCharge(shop: Shop, charge: Charge): Promise<boolean> {
  const { tenant } = shop;
  let current = charge;
  for (let round = 0; round < mostAttempts; round += 1) {
    const state = await withTenant(tenant.id, () => findState(current));
    if (state === 'failed' && current.attempt < mostAttempts) current = await withTenant(tenant.id, () => nextAttempt(current));
    else if (state) return withTenant(tenant.id, () => closeByPayment(shop, current));
    const isAsked = await askForPayment(shop, current);
    if (isAsked !== 'asked') return isAsked === 'closed';
  }
  return withTenant(tenant.id, () => closeByPayment(shop, current));
}

async function planCharges({ tenant: { site } }: Shop, accountId: string, day: string): Promise<Charge[]> {
  await lockAccount(accountId);
  return read<Charge>('autopay-plan', planText, [accountId, day, site.autopayRetryDays]);
}

/** Refusals that say "not now": somebody is paying, or the invoices have just changed. */
const passing = new Set(['payments.under-way', 'payments.being-paid', 'payments.changed', 'payments.paid-meanwhile', 'payments.not-payable']);

async function askForPayment(shop: Shop, charge: Charge): Promise<'asked' | 'closed' | 'later'> {
  const { outside, tenant } = shop;
  const enter = <T>(work: () => Promise<T>) => withTenant(tenant.id, work);
  const { method, invoices } = await enter(() => readOrder(shop, charge));
  if (!invoices.length) return enter(() => close(shop, charge, 'nothing_left'));
  if (!method) return enter(() => close(shop, charge, 'no_method', 'payments.no-such-method'));
  try {
    // Refusals come back as the keys of their texts: nobody reads them here.
    await takePayment({ outside, tenant, t: (key) => key, enter }, { accountId: charge.accountId, requestKey: charge.requestKey, methodId: method.id, invoices });
    return 'asked';
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const reason = Object.values(error.errors)[0] ?? '';
    if (!passing.has(reason)) return enter(() => close(shop, charge, 'no_method', reason));
    return charge.runOn < tenant.site.today() ? enter(() => giveUp(shop, charge)) : 'later';
  }
}

/** As it is now: what was paid or skipped meanwhile is not in it, and nothing is once autopay is off. */
async function readOrder({ tenant: { site } }: Shop, { accountId, runOn, currency }: Charge) {
  const { isOn, method } = await readEnrolment({ id: accountId }, site);
  if (!isOn) return { method, invoices: [] };
  const invoices = await read<{ number: string; openCents: number }>('autopay-order', orderText, [accountId, runOn, currency]);
  return { method, invoices };
}

async function findState({ accountId, requestKey }: Charge): Promise<PaymentState | undefined> {
  const [payment] = await read<{ state: PaymentState }>('autopay-payment', 'select state from app.payments where account_id = $1 and request_key = $2', [accountId, requestKey]);
  return payment?.state;
}

/** Two at once make one step: the other one reads what it became. */
async function nextAttempt(charge: Charge): Promise<Charge> {
  await read('autopay-next-attempt', `update app.autopay_charges set attempt = attempt + 1, request_key = ${keyOf('account_id', 'run_on', 'currency', 'attempt + 1')} where id = $1 and attempt = $2 and closed_at is null`, [charge.id, charge.attempt]);
  const [row] = await read<Charge>('autopay-charge', `select ${columns} from app.autopay_charges where id = $1`, [charge.id]);
  return row ?? charge;
}

/** What the payment has become decides; while nobody knows, the charge stays open and the reconciler is awaited. */
async function closeByPayment(shop: Shop, charge: Charge): Promise<boolean> {
  const [payment] = await read<{ state: PaymentState; message: string }>(
    'autopay-outcome', 'select state, message from app.payments where account_id = $1 and request_key = $2', [charge.accountId, charge.requestKey]);
  if (!payment || ['created', 'submitted', 'unknown', 'awaiting_customer'].includes(payment.state)) return false;
  if (payment.state === 'failed') await giveUp(shop, charge);
  else if (payment.state === 'declined') await close(shop, charge, 'declined', payment.message);
  else await close(shop, charge, 'paid');
  return true;
}

type Result = 'paid' | 'declined' | 'no_method' | 'nothing_left' | 'given_up';

/** Only the first to close it says so to the payer. */
async function close({ outside, tenant }: Shop, charge: Charge, result: Result, reason = ''): Promise<'closed'> {
  const closed = await read('autopay-close', 'update app.autopay_charges set result = $2, closed_at = now() where id = $1 and closed_at is null returning id', [charge.id, result]);
  if (closed.length && reason) await sendNotCharged(outside, tenant, { ...charge, reason });
  return 'closed';
}

/** Nothing was tried at the payer's cost: the next run begins anew. */
async function giveUp(shop: Shop, charge: Charge): Promise<'closed'> {
  await read('autopay-untry', `delete from app.autopay_tries r using app.invoices i where (i.tenant_id, i.id) = (r.tenant_id, r.invoice_id)
    and r.account_id = $1 and r.run_on = $2::date and i.currency = $3`, [charge.accountId, charge.runOn, charge.currency]);
  return close(shop, charge, 'given_up');
}

export const columns = `id, account_id as "accountId", run_on as "runOn", currency, attempt, request_key as "requestKey"`;

const keyOf = (account: string, day: string, currency: string, attempt: string) =>
  `encode(substring(sha256(convert_to(concat_ws(' ', 'autopay', ${account}::text, ${day}::text, ${currency}, (${attempt})::text), 'UTF8')) for 16), 'hex')::uuid`;

/** One row per currency and day. What has a row already is left alone, so that no invoice counts as tried that was not. */
const planText = `with due as (
    select p.id, p.currency from (${plannedSql}) p join app.accounts a on a.id = $1 and a.autopay and a.stage in ('active', 'suspended')
     where p.charge_on <= $2::date and not p.is_skipped
       and not exists (select 1 from app.autopay_charges c where c.account_id = $1 and c.run_on = $2::date and c.currency = p.currency)),
  tries as (insert into app.autopay_tries (account_id, invoice_id, run_on) select $1, id, $2::date from due on conflict do nothing)
  insert into app.autopay_charges (account_id, run_on, currency, request_key)
  select $1::uuid, $2::date, currency, ${keyOf('$1', '$2::date', 'currency', '1')} from due group by currency order by currency
  returning ${columns}`;

const orderText = `select i.number, i.total_cents - i.paid_cents as "openCents" from app.autopay_tries r join app.visible_invoices i on (i.tenant_id, i.id) = (r.tenant_id, r.invoice_id)
  where r.account_id = $1 and r.run_on = $2::date and i.currency = $3 and i.paid_cents < i.total_cents
    and not exists (select 1 from app.autopay_skips s where (s.tenant_id, s.invoice_id) = (i.tenant_id, i.id)) order by i.due_on nulls last, i.number`;

import { lockAccount } from '../accounts/lock-account.ts';
import type { PaymentState } from '../payments/payment.ts';
import { takePayment } from '../payment-attempts/take-payment.ts';
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
  for (let look = 0; look <= mostAttempts; look += 1) {
    const step = await withTenant(shop.tenant.id, () => nextStep(shop, charge));
    if (typeof step === 'string') return step === 'closed';
    const refusal = await askForPayment(shop, step);
    if (refusal) return withTenant(shop.tenant.id, () => heedRefusal(shop, charge, refusal));
  }
  return false;
}

async function planCharges({ tenant: { site } }: Shop, accountId: string, day: string): Promise<Charge[]> {
  await lockAccount(accountId);
  return read<Charge>('autopay-plan', planText, [accountId, day, site.autopayRetryDays]);
}

/** 'later': while nobody knows what became of its payment, the charge stays open and the reconciler is awaited. */
type Step = 'closed' | 'later' | Order;

interface Order {
  readonly accountId: string;
  readonly requestKey: string;
  readonly methodId: string;
  readonly invoices: readonly { readonly number: string; readonly openCents: number }[];
}

/** In one transaction: what the charge's payment has become decides; where it has none yet, what is to be asked for. */
async function nextStep(shop: Shop, { id }: Charge): Promise<Step> {
  const [charge] = await read<Charge & { state: PaymentState | null; message: string }>('autopay-charge', chargeText, [id]);
  if (!charge) return 'closed';
  const { state, message } = charge;
  if (state === null) return readOrder(shop, charge);
  if (['created', 'submitted', 'unknown', 'awaiting_customer'].includes(state)) return 'later';
  if (state === 'declined') return close(shop, charge, 'declined', message);
  if (state !== 'failed') return close(shop, charge, 'paid');
  return charge.attempt < mostAttempts ? readOrder(shop, await nextAttempt(charge)) : giveUp(shop, charge);
}

/** As it is now: what was paid or skipped meanwhile is not in it, and nothing is once autopay is off. */
async function readOrder(shop: Shop, charge: Charge): Promise<Step> {
  const { accountId, runOn, currency, requestKey } = charge;
  const { isOn, method } = await readEnrolment({ id: accountId }, shop.tenant.site);
  const invoices = isOn ? await read<{ number: string; openCents: number }>('autopay-order', orderText, [accountId, runOn, currency]) : [];
  if (!invoices.length) return close(shop, charge, 'nothing_left');
  return method ? { accountId, requestKey, methodId: method.id, invoices } : close(shop, charge, 'no_method', 'payments.no-such-method');
}

/** Returns why it was refused, as the key of a text: nobody reads it here. */
async function askForPayment({ outside, tenant }: Shop, order: Order): Promise<string | undefined> {
  try {
    await takePayment({ outside, tenant, t: (key) => key, enter: (work) => withTenant(tenant.id, work) }, order);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return Object.values(error.errors)[0] ?? '';
    throw error;
  }
}

/** Refusals that say "not now": somebody is paying, or the invoices have just changed. */
const passing = new Set(['payments.under-way', 'payments.being-paid', 'payments.changed', 'payments.paid-meanwhile', 'payments.not-payable']);

async function heedRefusal(shop: Shop, charge: Charge, reason: string): Promise<boolean> {
  if (!passing.has(reason)) await close(shop, charge, 'no_method', reason);
  else if (charge.runOn < shop.tenant.site.today()) await giveUp(shop, charge);
  else return false;
  return true;
}

/** A new key for the payment. Two at once make one step: the other one reads what it became. */
async function nextAttempt(charge: Charge): Promise<Charge> {
  await read('autopay-next-attempt', `update app.autopay_charges set attempt = attempt + 1, request_key = ${keyOf('account_id', 'run_on', 'currency', 'attempt + 1')} where id = $1 and attempt = $2 and closed_at is null`, [charge.id, charge.attempt]);
  const [row] = await read<Charge>('autopay-charge', chargeText, [charge.id]);
  return row ?? charge;
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

const chargeText = `select c.id, c.account_id as "accountId", c.run_on as "runOn", c.currency, c.attempt, c.request_key as "requestKey", p.state, p.message
  from app.autopay_charges c left join app.payments p on (p.tenant_id, p.account_id, p.request_key) = (c.tenant_id, c.account_id, c.request_key)
 where c.id = $1 and c.closed_at is null`;

const keyOf = (account: string, day: string, currency: string, attempt: string) =>
  `encode(substring(sha256(convert_to(concat_ws(' ', 'autopay', ${account}::text, ${day}::text, ${currency}, (${attempt})::text), 'UTF8')) for 16), 'hex')::uuid`;

/** One row per currency and day. What has a row already is left alone, so that no invoice counts as tried that was not. */
const planText = `with due as (
    select p.id, p.currency from (${plannedSql({ day: '$2::date', retryDays: '$3::int[]' })}) p join app.accounts a on a.id = $1 and a.autopay and a.stage in ('active', 'suspended')
     where p.charge_on <= $2::date and not p.is_skipped
       and not exists (select 1 from app.autopay_charges c where c.account_id = $1 and c.run_on = $2::date and c.currency = p.currency)),
  tries as (insert into app.autopay_tries (account_id, invoice_id, run_on) select $1, id, $2::date from due on conflict do nothing)
  insert into app.autopay_charges (account_id, run_on, currency, request_key)
  select $1::uuid, $2::date, currency, ${keyOf('$1', '$2::date', 'currency', '1')} from due group by currency order by currency
  returning ${columns}`;

const orderText = `select i.number, i.total_cents - i.paid_cents as "openCents" from app.autopay_tries r join app.visible_invoices i on (i.tenant_id, i.id) = (r.tenant_id, r.invoice_id)
  where r.account_id = $1 and r.run_on = $2::date and i.currency = $3 and i.paid_cents < i.total_cents
    and not exists (select 1 from app.autopay_skips s where (s.tenant_id, s.invoice_id) = (i.tenant_id, i.id)) order by i.due_on nulls last, i.number`;

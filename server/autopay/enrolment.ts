import { lockAccount } from '../accounts/lock-account.ts';
import { findMethod, hasExpired } from '../payment-methods/payment-method.ts';
import { read } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { noteChange } from '../own-changes/note-change.ts';
import type { Site } from '../site/site.ts';
import type { CustomerAccount, CustomerRequest } from '../tenancy/people.ts';
import { decideJobs, releaseJobs } from '../visits/paid-by-autopay.ts';
import { sendChanged } from './mail.ts';

/** Whether an account is on autopay, and what it pays with: the chosen method while it is there, else the default. */
export interface Enrolment {
  readonly isOn: boolean;
  readonly method: AutopayMethod | null;
}

export interface AutopayMethod {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  readonly hasExpired: boolean;
}

export async function readEnrolment(account: Pick<CustomerAccount, 'id'>, site: Site): Promise<Enrolment> {
  const [row] = await read<{ enrolment: Enrolment | null }>('autopay-enrolment', `select (${enrolmentSql({ of: 'app.accounts a where a.id = $1', today: '$2', gateway: '$3' })}) as enrolment`, [account.id, site.today(), site.gateway]);
  return row?.enrolment ?? { isOn: false, method: null };
}

/** Scalar JSON for Enrolment of the account a; given where it is found, and the names of its parameters. */
export const enrolmentSql = ({ of, today, gateway }: { readonly of: string; readonly today: string; readonly gateway: string }): string => `
  select json_build_object('isOn', a.autopay, 'method', (
    select json_build_object('id', m.id, 'brand', m.brand, 'last4', m.last4,
             'hasExpired', coalesce(make_date(m.exp_year, m.exp_month, 1) + interval '1 month' <= ${today}::date, false))
      from app.payment_methods m where (m.tenant_id, m.account_id) = (a.tenant_id, a.id) and m.removed_at is null and m.gateway = ${gateway}
     order by m.id = a.autopay_method_id desc nulls last, m.is_default desc, m.id desc limit 1))
  from ${of}`;

/** S3-37: on only with a method that can be charged. Doing it again changes the method; what was tried in vain is tried again. Throws Refused. */
export async function enrol(req: CustomerRequest, methodId: string): Promise<void> {
  const { account, tenant: { site } } = req;
  await lockAccount(account.id);
  const method = await findMethod(account.id, methodId);
  if (!method || method.gateway !== site.gateway || !site.methodKinds.includes(method.kind)) refuse('method', req.t('autopay.choose-method'));
  if (hasExpired(method, site.today())) refuse('method', req.t('payments.method-expired'));
  const [before] = await read<{ wasOn: boolean; old: string | null }>('autopay-before', 'select autopay as "wasOn", autopay_method_id as old from app.accounts where id = $1', [account.id]);
  if (before?.wasOn && before.old === method.id) return;
  await read('autopay-on', 'update app.accounts set autopay = true, autopay_method_id = $2 where id = $1', [account.id, method.id]);
  await read('autopay-try-again', 'delete from app.autopay_tries where account_id = $1 and run_on < $2::date', [account.id, site.today()]);
  const jobs = before?.wasOn ? 0 : await decideJobs(account.id, site.autopayTakesScheduledJobs);
  const taken = jobs && site.autopayTakesScheduledJobs ? `; Scheduled services: ${jobs}` : '';
  const token = await note(req, `Autopay ${before?.wasOn ? 'payment method changed' : 'turned on'}; Last 4: ${method.last4}${taken}`, before ?? { wasOn: false, old: null }, { wasOn: true, old: method.id });
  await sendChanged(req, before?.wasOn ? 'changed' : 'on', token, method);
}

/** Doing it again changes nothing. What is being charged at this moment is finished. */
export async function leave(req: CustomerRequest): Promise<void> {
  await lockAccount(req.account.id);
  const [left] = await read<{ old: string | null }>('autopay-off', 'update app.accounts set autopay = false, autopay_method_id = null where id = $1 and autopay returning old.autopay_method_id as old', [req.account.id]);
  if (!left) return;
  await read('autopay-forget-skips', 'delete from app.autopay_skips where account_id = $1', [req.account.id]);
  await releaseJobs(req.account.id);
  const token = await note(req, 'Autopay turned off', { wasOn: true, old: left.old }, { wasOn: false, old: null });
  await sendChanged(req, 'off', token);
}

interface Stand {
  readonly wasOn: boolean;
  readonly old: string | null;
}

function note(req: CustomerRequest, what: string, before: Stand, after: Stand): Promise<string> {
  const side = ({ wasOn, old }: Stand) => ({ on: wasOn ? 'yes' : 'no', method: old });
  return noteChange(req, { kind: 'billing', message: `Billing information changed: ${what}` }, { kind: 'autopay', before: side(before), after: side(after) });
}

import { lockAccount } from '../accounts/lock-account.ts';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { refuse } from '../platform/forms.ts';
import { enqueue } from '../platform/queue.ts';
import type { NewChange } from '../own-changes/change.ts';
import { mailChange, noteChange } from '../own-changes/note-change.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { findMethod, PaymentMethod } from './payment-method.ts';

/** Exactly one is the default: under the account's lock, the old one steps down before the new one steps up. */
export async function changeDefault(req: CustomerRequest, id: string): Promise<PaymentMethod> {
  await lockAccount(req.account.id);
  const method = await demandMethod(req, id);
  const old = await PaymentMethod.findOne({ where: { accountId: method.accountId, isDefault: true } });
  await setDefault(method.accountId, id);
  await tell(req, `Default payment method set; Last 4: ${method.last4}`, { kind: 'method_default', before: { method: old?.id ?? null, last4: old?.last4 ?? null }, after: { method: id, last4: method.last4 } });
  return method;
}

/** Under the account's lock. */
export async function setDefault(accountId: string, id: string): Promise<void> {
  await PaymentMethod.update({ isDefault: false }, { where: { accountId, isDefault: true } });
  await PaymentMethod.update({ isDefault: true }, { where: { id, accountId } });
}

/** The newest of those that are left becomes the default when this one was. What it has paid keeps its name. Throws Refused for the last one of autopay (S3-37). */
export async function removeMethod(req: CustomerRequest, id: string): Promise<PaymentMethod> {
  await lockAccount(req.account.id);
  const method = await demandMethod(req, id);
  const [needed] = await read('needed-by-autopay', neededByAutopay, [method.accountId, id]);
  if (needed) refuse('', req.t('payment-methods.needed-by-autopay'));
  await takeAway(req.tenant.id, method.accountId, id);
  await tell(req, `${method.kind === 'card' ? 'Credit card' : 'Bank account'} deleted; Last 4: ${method.last4}`, { kind: 'method_removed', before: { method: id, last4: method.last4 }, after: { method: null, last4: null } });
  return method;
}

/** Under the account's lock, where autopay does not need it. */
export async function takeAway(tenantId: string, accountId: string, id: string): Promise<void> {
  await PaymentMethod.update({ removedAt: new Date(), isDefault: false }, { where: { id, accountId } });
  await read('next-default', nextDefault, [accountId]);
  await enqueue('detach-method', { tenantId, methodId: id }, { key: `detach ${id}` });
}

/** Foreign, deleted and unknown ones are the same 404. */
export async function demandMethod(req: CustomerRequest, id: string): Promise<PaymentMethod> {
  const method = await findMethod(req.account.id, id);
  if (!method) throw new NotFound('no such payment method');
  return method;
}

/** The database refuses it, too. */
const neededByAutopay = `select 1 from app.accounts a where a.id = $1 and a.autopay and not exists (
    select 1 from app.payment_methods m where (m.tenant_id, m.account_id) = (a.tenant_id, a.id) and m.removed_at is null and m.id <> $2)`;

const nextDefault = `update app.payment_methods set is_default = true
  where not exists (select 1 from app.payment_methods where account_id = $1 and is_default)
    and id = (select id from app.payment_methods where account_id = $1 and removed_at is null order by id desc limit 1)`;

async function tell(req: CustomerRequest, what: string, change: Pick<NewChange, 'kind' | 'before' | 'after'>): Promise<void> {
  const token = await noteChange(req, { kind: 'billing', message: `Billing information changed: ${what}` }, change);
  await mailChange(req, `own-changes.mail-${change.kind.replace('_', '-')}`, token, { last4: change.after['last4'] ?? change.before['last4'] ?? '' });
}

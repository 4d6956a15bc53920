import { sumCents } from '../money/allocate.ts';
import { listPayable } from '../checkout/payable-invoices.ts';
import { queueMail } from '../messages/mail.ts';
import { readRules } from '../payment-attempts/payment-rules.ts';
import { NotFound } from '../platform/errors.ts';
import { seeOther, type Reply } from '../platform/replies.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { originOf } from '../tenancy/outside.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { makeTask } from './staff-task.ts';

/** S0-46: a letter to the billing address and a task for staff, once a day however often the button is pressed. */
export async function requestCardPayment(req: CustomerRequest): Promise<Reply> {
  const { account, tenant, t } = req;
  await req.outside.limits.take('forms', `${tenant.id} ${req.person.signInId}`);
  if (!(await readRules(account.id, tenant.site)).mustAskStaff) throw new NotFound('this account pays by itself');
  const late = (await listPayable(account, tenant.site.today())).filter(({ isPastDue, isBeingPaid }) => isPastDue && !isBeingPaid);
  const currency = late[0]?.currency ?? tenant.site.currency;
  const amountCents = sumCents(late.filter((invoice) => invoice.currency === currency).map(({ openCents }) => openCents));
  const isNew = await makeTask({ kind: 'card_payment', accountId: account.id, contactId: account.contactId, source: `${account.id} ${tenant.site.today()}`, details: { amountCents, currency } });
  if (isNew) await tellStaff(req, amountCents, currency);
  setFlash(req, isNew ? 'success' : 'info', t(isNew ? 'staff-tasks.requested' : 'staff-tasks.requested-today'));
  return seeOther('/billing');
}

async function tellStaff({ account, tenant, outside, person }: CustomerRequest, amountCents: number, currency: string): Promise<void> {
  const { site } = tenant;
  const amount = site.formats().money(amountCents, currency);
  await recordPortalLog({ kind: 'billing', message: `Card payment requested; Amount: ${amount}`, accountId: account.id, contactId: account.contactId, loginRef: person.loginRef });
  if (!site.billingEmail) return;
  const t = site.translate(site.language());
  await queueMail(outside, tenant, {
    type: 'Card Payment Request', to: site.billingEmail, recipient: site.displayName, accountId: account.id,
    subject: t('staff-tasks.mail-subject', { account: account.name, number: account.number }),
    blocks: [
      { text: t('staff-tasks.mail-text', { contact: account.contactName, account: account.name, number: account.number, amount }) },
      { link: t('staff-tasks.mail-link'), url: `${originOf(outside, tenant.slug)}/staff/accounts/${encodeURIComponent(account.number)}/payment` },
    ],
  });
}

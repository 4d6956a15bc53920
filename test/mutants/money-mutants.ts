import type { Mutant } from './mutants.ts';

const races = 'test/payment-attempts/races.test.ts';
const refusals = 'test/payment-attempts/refusals.test.ts';
const undecided = 'test/payment-attempts/undecided.test.ts';
const taking = 'test/payment-attempts/take-payment.test.ts';
const model = 'test/money-model/model.test.ts';
const settle = 'server/payment-attempts/settle-payment.ts';
const reserve = 'server/payment-attempts/reserve-payment.ts';
const autopay = 'test/autopay/run.test.ts';
const links = 'test/links/links.test.ts';
const exportFile = 'test/usage-exports/exports.test.ts';

/** Locks, conditions and once-onlys between the payer's form and the ledger, and what keeps doors and letters in order. */
export const moneyMutants: readonly Mutant[] = [
  {
    name: 'account lock', file: 'server/accounts/lock-account.ts', test: races, title: 'fifty posts of the same form are one payment',
    find: ' for no key update', put: '',
  },
  {
    name: 'amount as it was shown', file: reserve, test: refusals, title: 'after a changed amount the review shows the new one',
    find: `if (invoice.openCents !== openCents) refuse('invoice', t('payments.changed', { number }));`, put: '',
  },
  {
    name: 'invoice that a bank is paying', file: reserve, test: undecided, title: 'bank money is under way for days',
    find: `if (invoice.isBeingPaid) refuse('invoice', t('payments.being-paid', { number }));`, put: '',
  },
  {
    name: 'visible invoices alone are paid', file: reserve, test: refusals, title: 'unsent and void ones cannot be paid',
    find: 'from app.visible_invoices i where i.account_id = $1 and i.number = any', put: 'from app.invoices i where i.account_id = $1 and i.number = any',
  },
  {
    name: 'nothing held while the gateway thinks', file: 'server/payment-attempts/take-payment.ts', test: races, title: 'while the gateway thinks, no connection and no lock is held',
    find: 'await chargeOnce(gateway, { ...reserved.charge, opened }, outside);', put: 'await till.enter(() => chargeOnce(gateway, { ...reserved.charge!, opened }, outside));',
  },
  {
    name: 'fence before failed', file: 'server/payment-attempts/take-payment.ts', test: taking, title: 'the attempt is closed only once a fence holds',
    find: `outcome.outcome === 'not_reached' ? fence(gateway, { id: request.key, reference: null })`, put: `outcome.outcome === 'not_reached' ? { outcome: 'failed', message: '' }`,
  },
  {
    name: 'reconciler’s fence', file: 'server/payment-attempts/reconcile-payments.ts', test: undecided, title: 'is fenced, and only then called failed',
    find: '? null : fence(gateway, attempt);', put: `? null : { outcome: 'failed', message: '' };`,
  },
  {
    name: 'settled once', file: settle, test: races, title: 'settling one payment fifty times at once books it once',
    find: `return isUndecided(state) && outcome !== state && outcome !== 'unknown';`, put: 'return isUndecided(state) || outcome !== state || true;',
  },
  {
    name: 'late news', file: settle, test: model, title: 'is what a model of it says',
    find: `return isUndecided(state) && outcome !== state && outcome !== 'unknown';`, put: `return outcome !== state && outcome !== 'unknown';`,
  },
  {
    name: 'room on the invoice', file: settle, test: races, title: 'is kept, unapplied',
    find: `case when i.status = 'sent' then i.total_cents - i.paid_cents else 0 end as "roomCents"`, put: 'l.amount_cents as "roomCents"',
  },
  {
    name: 'journal once', file: 'server/ledger/post-journal.ts', test: 'test/ledger/post-journal.test.ts', title: 'takes two at once as one',
    find: 'on conflict (tenant_id, kind, source_id) do nothing returning id', put: 'returning id',
  },
  {
    name: 'reactivation with the money', file: settle, test: taking, title: 'makes the account active again when nothing is overdue',
    find: 'await reactivateAccount(outside, tenant, payment.accountId);', put: '',
  },
  {
    name: 'reactivation while something is past due', file: 'server/suspension/reactivate.ts', test: 'test/suspension/suspension.test.ts', title: 'as long as anything is past due it stays suspended',
    find: 'and i.paid_cents < i.total_cents and i.due_on < $2::date)', put: 'and i.paid_cents < i.total_cents and i.due_on < $2::date and false)',
  },
  {
    name: 'refund of what is left', file: 'server/refunds/reserve-refund.ts', test: 'test/refunds/refunds.test.ts', title: 'fifty refunds of a part at once pay back only what was paid',
    find: '$3::bigint between 1 and ${refundableCents}', put: '$3::bigint >= 1',
  },
  {
    name: 'refund under way', file: 'server/refunds/reserve-refund.ts', test: 'test/refunds/refunds.test.ts', title: 'a refund whose answer was lost counts as under way',
    find: '- (select coalesce(sum(r.amount_cents), 0)', put: '- 0 * (select coalesce(sum(r.amount_cents), 0)',
  },
  {
    name: 'reversal while a refund is under way', file: 'server/refunds/return-payment.ts', test: 'test/refunds/refunds.test.ts', title: 'a refund whose answer was lost counts as under way',
    find: 'if (!mayMove || payment.hasOpenRefund) return false;', put: 'if (!mayMove) return false;',
  },
  {
    name: 'second dispute', file: 'server/refunds/return-payment.ts', test: 'test/refunds/refunds.test.ts', title: 'what was won can be disputed again',
    find: 'if (!(await postJournal(journal))) await postJournal({ ...journal, sourceId: randomUUID() });', put: 'await postJournal(journal);',
  },
  {
    name: 'spending a credit', file: 'server/staff-credits/apply-credit.ts', test: 'test/staff-credits/credits.test.ts', title: 'are refused beyond what is left',
    find: ' and voided_at is null and balance_cents >= $2 and $2 > 0 returning id', put: ' returning id',
  },
  {
    name: 'credit on an invoice being paid', file: 'server/staff-credits/apply-credit.ts', test: 'test/staff-credits/credits.test.ts', title: 'stay off an invoice that somebody is paying',
    find: `if (invoice.isBeingPaid) refuse('invoice', t('staff-credits.being-paid', { number: wanted }));`, put: '',
  },
  {
    name: 'spending a prepayment', file: 'server/prepayments/apply-prepayment.ts', test: 'test/prepayments/prepayments.test.ts', title: 'staff apply it to an invoice, and refund what is left',
    find: ' and $3 > 0 and unapplied_cents >= $3 returning number', put: ' returning number',
  },
  {
    name: 'prepayment applied by one form', file: 'server/prepayments/apply-prepayment.ts', test: 'test/prepayments/prepayments.test.ts', title: 'fifty posts of one form apply it once',
    find: `if ((await read('earlier-application', 'select 1 from app.allocations where id = $1', [key])).length > 0) return;`, put: '',
  },
  {
    name: 'void with money on it', file: 'server/staff-invoices/void-invoice.ts', test: model, title: 'is what a model of it says',
    find: 'of await readApplied(invoice)) {', put: 'of (await readApplied(invoice)).slice(0, 0)) {',
  },
  {
    name: 'autopay’s days of retry', file: 'server/autopay/forecast.ts', test: autopay, title: 'tried again on the days of the setting',
    find: 'when (${retryDays})[tried.times] is not null then greatest(tried.first_on + (${retryDays})[tried.times], run.day) end', put: 'else run.day end',
  },
  {
    name: 'autopay’s cut-off', file: 'server/autopay/forecast.ts', test: 'test/autopay/forecast.test.ts', title: 'after the cut-off, for another day or in another currency nothing is skipped',
    find: 'and not is_skipped and $2::date <= charge_on - $4::int', put: 'and not is_skipped',
  },
  {
    name: 'last method of autopay', file: 'server/payment-methods/change-method.ts', test: 'test/autopay/enrolment.test.ts', title: 'the last method cannot be deleted while it is on',
    find: `if (needed) refuse('', req.t('payment-methods.needed-by-autopay'));`, put: '',
  },
  {
    name: 'webhook stored once', file: 'server/webhooks/settle-hook.ts', test: 'test/webhooks/stripe.test.ts', title: 'the same webhook 100 times, 20 of them at once',
    find: ' on conflict do nothing`, [id, type, account]', put: '`, [id, type, account]',
  },
  {
    name: 'imported for another account’s invoice', file: 'server/import/nouns/applied.ts', test: 'test/import/rules.test.ts', title: 'a payment to another account’s invoice',
    find: `'invoice_account is distinct from account and invoice_id is not null'`, put: `'false and invoice_account is distinct from account and invoice_id is not null'`,
  },
  {
    name: 'locked sign-in', file: 'server/logins/login.ts', test: 'test/sign-in/lock.test.ts', title: 'from then on the right one is refused',
    find: '(l.locked_at is null or l.locked_at < now() - make_interval(mins => $3))', put: '(true or l.locked_at < now() - make_interval(mins => $3))',
  },
  {
    name: 'link used twice', file: 'server/links/link.ts', test: links, title: 'of twenty uses at once one sets its password',
    find: `where id = $1 and used_at is null and replaced_at is null and expires_at > now() returning id`, put: 'where id = $1 returning id',
  },
  {
    name: 'invitation accepted twice', file: 'server/links/link.ts', test: 'test/invitations/invitations.test.ts', title: 'of ten acceptances at once one counts',
    find: `where id = $1 and used_at is null and replaced_at is null and expires_at > now() returning id`, put: 'where id = $1 returning id',
  },
  {
    name: 'reset that is over', file: 'server/links/link.ts', test: 'test/resets/reset.test.ts', title: 'a reset link works for 24 hours',
    find: `when k.expires_at <= now() then 'expired'`, put: `when false then 'expired'`,
  },
  {
    name: 'own usage exports alone', file: 'server/usage-exports/usage-export.ts', test: exportFile, title: 'the link is another login’s 404',
    find: 'where e.login_ref = $1 and e.id = $2', put: 'where $1::text is not null and e.id = $2',
  },
  {
    name: 'usage export that is over', file: 'server/usage-exports/usage-export.ts', test: exportFile, title: 'the link expires after usage.export_link_ttl_hours',
    find: `case when coalesce(e.expires_at, e.created_at + interval '1 day') <= now() then 'expired'`, put: `case when false then 'expired'`,
  },
];

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { database } from '../../server/platform/database.ts';
import { settlePayment } from '../../server/payment-attempts/settle-payment.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { testPortal } from '../support/portal.ts';
import { makeContact, makeLogin, password, sql, type World } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { aPayer, chargesOf, choose, ledgerOf, paidOf, paymentsOf, reviewForm } from '../support/paying.ts';

const many = 50;
const held = () => (database.connectionManager as unknown as { pool: { using: number } }).pool.using;

describe('paying at the same time', function () {
  this.timeout(120_000);

  it('A36 fifty posts of the same form are one payment and one charge', async () => {
    const { world, visitor, methodId } = await aPayer();
    const form = await reviewForm(visitor, choose(methodId, 'INV-1', 'INV-2'));
    const answers = await Promise.all(Array.from({ length: many }, () => visitor.post('/billing/pay', form)));
    assert.deepEqual(new Set(answers.map(({ headers }) => headers['location'])), new Set(['/payments/PAY-1001']));
    assert.deepEqual([(await chargesOf(world)).length, (await paymentsOf(world)).length], [1, 1]);
    assert.deepEqual(await ledgerOf(world), { cash: 20_500, receivable: -20_500 });
  });

  it('A36 fifty tabs with keys of their own charge once; the others are told why not', async () => {
    const { world, visitor, methodId } = await aPayer();
    const form = await reviewForm(visitor, choose(methodId, 'INV-1', 'INV-2'));
    const answers = await Promise.all(Array.from({ length: many }, () => visitor.post('/billing/pay', { ...form, requestKey: crypto.randomUUID() })));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.ok(answers.filter(({ status }) => status === 422).every(({ text }) => /under way|has been paid meanwhile/.test(text)));
    assert.deepEqual([(await chargesOf(world)).length, await paidOf(world)], [1, { 'INV-1': 8500, 'INV-2': 12_000 }]);
  });

  it('A36 two contacts of one account who pay at once pay once', async () => {
    const { world, accountId, visitor, methodId } = await aPayer();
    await makeContact(world, accountId, { first_name: 'Ben', is_primary: false, login_ref: await makeLogin(world, 'ben@example.test') });
    const other = await (await visit(world.slug)).signIn('ben@example.test', password);
    const forms = [await reviewForm(visitor, choose(methodId, 'INV-1')), await reviewForm(other, choose(methodId, 'INV-1'))];
    const answers = await Promise.all([visitor.post('/billing/pay', forms[0]), other.post('/billing/pay', forms[1])]);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303, 422]));
    assert.equal((await chargesOf(world)).length, 1);
  });

  it('settling one payment fifty times at once books it once', async () => {
    const { world, visitor, methodId } = await aPayer('slow');
    const paying = visitor.post('/billing/pay', await reviewForm(visitor, choose(methodId, 'INV-1')));
    const id = await untilSubmitted(world);
    const [{ outside }, tenant] = [await testPortal(), await findTenant(world.slug)];
    const verdict = { outcome: 'succeeded', reference: 'ch_1', message: 'Approved' } as const;
    await Promise.all([paying, ...Array.from({ length: many }, () => withTenant(world.id, () => settlePayment(outside, tenant!, id, verdict)))]);
    assert.deepEqual([await ledgerOf(world), await paidOf(world)], [{ cash: 8500, receivable: -8500 }, { 'INV-1': 8500, 'INV-2': 0 }]);
    assert.deepEqual(await sql(world, `select count(*)::int as lines from app.portal_log where kind = 'payment'`), [{ lines: 1 }]);
    assert.deepEqual(await sql(world, 'select count(*)::int as mails from app.messages'), [{ mails: 1 }]);
  });

  it('F8 while the gateway thinks, no connection and no lock is held', async () => {
    const { world, visitor, methodId } = await aPayer('slow');
    const paying = visitor.post('/billing/pay', await reviewForm(visitor, choose(methodId, 'INV-1')));
    await untilSubmitted(world);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(held(), 0);
    await sql(world, 'select 1 from app.accounts, app.invoices, app.payments for update nowait');
    assert.equal((await visitor.get('/billing')).status, 200);
    assert.equal((await paying).status, 303);
    assert.equal((await paymentsOf(world))[0]?.state, 'succeeded');
  });

  it('A40 money for an invoice that was voided or paid by a credit while the gateway thought is kept, unapplied', async () => {
    for (const [change, applied] of [[voided, 0], [mostlyPaid, 500]] as const) {
      const { world, visitor, methodId } = await aPayer('slow');
      const paying = visitor.post('/billing/pay', await reviewForm(visitor, choose(methodId, 'INV-1')));
      await untilSubmitted(world);
      await sql(world, change);
      const page = await visitor.get((await paying).headers['location'] ?? '');
      assert.match(page.text, /You paid \$85\.00[\s\S]*kept on your account/);
      assert.deepEqual((await paymentsOf(world)).map(({ state, unappliedCents }) => [state, unappliedCents]), [['succeeded', 8500 - applied]]);
      assert.deepEqual(await ledgerOf(world), { cash: 8500, prepayment: applied - 8500, ...(applied ? { receivable: -applied } : {}) });
    }
  });
});

const voided = `update app.invoices set status = 'void' where number = 'INV-1'`;
const mostlyPaid = `with credit as (insert into app.credits (account_id, number, issued_on, currency, amount_cents, balance_cents)
    select account_id, 'CR-1', now(), 'USD', 8000, 0 from app.invoices where number = 'INV-1' returning id, account_id),
  used as (insert into app.allocations (account_id, invoice_id, credit_id, amount_cents, applied_at)
    select i.account_id, i.id, credit.id, 8000, now() from credit join app.invoices i on i.number = 'INV-1')
  update app.invoices set paid_cents = 8000 where number = 'INV-1'`;

async function untilSubmitted(world: World): Promise<string> {
  for (;;) {
    const [row] = await sql<{ id: string }>(world, `select id from app.payments where state = 'submitted'`);
    if (row) return row.id;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

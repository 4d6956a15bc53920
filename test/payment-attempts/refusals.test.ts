import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeAccount, makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { aPayer, chargesOf, choose, pay, paymentsOf, reviewForm, saveMethod, type Payer } from '../support/paying.ts';

/** Posts the form of a review page of INV-1 with something changed, and sees that nothing was reserved or charged. */
async function refused({ world, visitor, methodId }: Payer, changed: Readonly<Record<string, unknown>>, meanwhile = async (): Promise<unknown> => undefined) {
  const form = await reviewForm(visitor, choose(methodId, 'INV-1'));
  await meanwhile();
  const answer = await visitor.post('/billing/pay', { ...form, ...changed });
  assert.equal(answer.status, 422, answer.text);
  assert.deepEqual([await paymentsOf(world), await chargesOf(world)], [[], []]);
  return answer.text;
}

describe('what cannot be paid', () => {
  it('A40 an invoice voided, unsent, paid or changed between review and pay is refused with the reason', async () => {
    const cases: [string, RegExp][] = [
      [`update app.invoices set status = 'void' where number = 'INV-1'`, /INV-1 is not an invoice that can be paid/],
      [`update app.invoices set status = 'unsent' where number = 'INV-1'`, /INV-1 is not an invoice that can be paid/],
      [`update app.invoices set paid_cents = total_cents where number = 'INV-1'`, /INV-1 has been paid meanwhile/],
      [`update app.invoices set total_cents = 9900 where number = 'INV-1'`, /open on INV-1 has changed/],
    ];
    for (const [change, reason] of cases) {
      const payer = await aPayer();
      assert.match(await refused(payer, {}, () => sql(payer.world, change)), reason);
    }
  });

  it('A40 after a changed amount the review shows the new one, with a new key to pay it', async () => {
    const payer = await aPayer();
    const text = await refused(payer, {}, () => sql(payer.world, `update app.invoices set total_cents = 9900 where number = 'INV-1'`));
    assert.match(text, /Pay \$99\.00/);
    assert.match((await pay(payer.visitor, choose(payer.methodId, 'INV-1'))).text, /You paid \$99\.00/);
  });

  it('A34 amounts of zero, below, above, fractions, words and other figures are refused', async () => {
    const payer = await aPayer();
    for (const amount of ['0', '-1', '8499', '8501', '85.00', '0.001', '1e309', 'NaN', '0x10', '１２', '9999999999999999', '99999999999999999999', '', ' 8500', '8500 8500']) {
      await refused(payer, { shown: `INV-1 ${amount}` });
    }
  });

  it('A34 no invoice, the same one twice, arrays and objects where a text is expected are refused', async () => {
    const payer = await aPayer();
    for (const changed of [{ shown: [] }, { shown: ['INV-1 8500', 'INV-1 8500'] }, { requestKey: '' }, { requestKey: 'x' }, { method: ['a', 'b'] }, { method: '' }]) await refused(payer, changed);
  });

  it('A35 another account’s invoice, unsent and void ones cannot be paid or even seen in the wizard', async () => {
    const payer = await aPayer();
    await makeInvoice(payer.world, await makeAccount(payer.world, { name: 'Neighbour' }), { number: 'INV-N' });
    await makeInvoice(payer.world, payer.accountId, { number: 'INV-U', status: 'unsent' });
    await makeInvoice(payer.world, payer.accountId, { number: 'INV-V', status: 'void' });
    for (const number of ['INV-N', 'INV-U', 'INV-V', 'INV-0']) {
      assert.doesNotMatch((await payer.visitor.get(`/billing/pay?invoice=${number}`)).text, new RegExp(`value="${number}"`));
      assert.match(await refused(payer, { shown: `${number} 8500` }), new RegExp(`${number} is not an invoice that can be paid`));
    }
  });

  it('A35 another account’s method, a deleted, an expired and a foreign gateway’s one cannot pay', async () => {
    const payer = await aPayer();
    const neighbour = await makeAccount(payer.world, { name: 'Neighbour' });
    const ids = [
      await saveMethod({ world: payer.world, accountId: neighbour }, 'visa'), await saveMethod(payer, 'visa', { removed_at: new Date() }),
      await saveMethod(payer, 'visa', { exp_year: 2020 }), await saveMethod(payer, 'visa', { gateway: 'stripe' }), crypto.randomUUID(), 'x',
    ];
    for (const method of ids) await refused(payer, { method });
  });

  it('a kind of method that the organization does not take cannot pay', async () => {
    const payer = await aPayer('bank');
    const card = await saveMethod(payer, 'visa');
    assert.match(await refused({ ...payer, methodId: card }, { method: payer.methodId }), /kind of payment method is not accepted|Choose a payment method/);
  });

  it('one payment has one currency', async () => {
    const payer = await aPayer();
    await makeInvoice(payer.world, payer.accountId, { number: 'INV-EUR', currency: 'EUR', total_cents: 5000 });
    assert.match(await refused(payer, { shown: ['INV-1 8500', 'INV-EUR 5000'] }), /One payment has one currency/);
    const review = await payer.visitor.get(`/billing/pay/review?${choose(payer.methodId, 'INV-1', 'INV-EUR')}`);
    assert.equal(review.status, 422);
    assert.match((await pay(payer.visitor, choose(payer.methodId, 'INV-EUR'))).text, /You paid €50\.00/);
  });

  it('where single invoices may not be chosen, nobody pays one by naming it', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'billing');
    const form = await reviewForm(visitor, `scope=overdue&method=${methodId}`);
    assert.deepEqual(form['shown'], ['INV-1 8500']);
    assert.equal((await visitor.post('/billing/pay', { ...form, shown: 'INV-2 12000' })).status, 422);
    assert.deepEqual(await paymentsOf(world), []);
  });

  it('the whole balance is what it is now: a new invoice between review and pay is shown first', async () => {
    const { world, accountId, visitor, methodId } = await aPayer();
    const form = await reviewForm(visitor, `scope=balance&method=${methodId}`);
    await makeInvoice(world, accountId, { number: 'INV-3', total_cents: 100 });
    const answer = await visitor.post('/billing/pay', form);
    assert.equal(answer.status, 422);
    assert.match(answer.text, /What you owe has changed[\s\S]*Pay \$206\.00/);
  });

  it('A24 without the form token, from another site, or signed out nothing is paid', async () => {
    const { world, visitor, methodId } = await aPayer();
    const form = await reviewForm(visitor, choose(methodId, 'INV-1'));
    assert.equal((await visitor.send('post', '/billing/pay').type('form').send({ ...form, _csrf: 'x' })).status, 403);
    assert.equal((await visitor.send('post', '/billing/pay').set('Sec-Fetch-Site', 'same-site').type('form').send(form)).status, 403);
    assert.equal((await (await visit(world.slug)).post('/billing/pay', form)).headers['location'], '/login');
    assert.deepEqual(await paymentsOf(world), []);
  });

  it('without a gateway neither wizard nor methods exist', async () => {
    const { visitor } = await signedInFamily('studio', { 'payments.gateway': 'none' });
    for (const path of ['/billing/pay', '/billing/pay/review', '/billing/methods']) assert.equal((await visitor.get(path)).status, 404, path);
    assert.equal((await visitor.post('/billing/pay', {})).status, 404);
    assert.equal((await visitor.get('/billing')).status, 200);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { reconcilePayments } from '../../../server/payment-attempts/reconcile-payments.ts';
import { faultsOf, staffOf } from '../../refunds/refunding.ts';
import { ledgerOf, paidOf, pay, paymentsOf, choose, reviewForm } from '../../support/paying.ts';
import { testPortal } from '../../support/portal.ts';
import { sql, type World } from '../../support/world.ts';
import { aStripePayer, eventOf, send, type StripePayer } from './paying.ts';
import { bounce, clear, payOn, type PeerAccount } from './peer.ts';

const reconcile = async ({ id }: World, options = {}) => reconcilePayments((await testPortal()).outside, id, options);
const states = async (world: World) => (await paymentsOf(world)).map(({ state }) => state);
const sessionOf = ({ sessions }: PeerAccount, at = 0) => [...sessions.values()][at]!;
const expire = (world: World) => sql(world, `update app.payments set expires_at = now() - interval '1 second', created_at = created_at - interval '40 minutes'`);

/** Somebody who has left for Stripe's page to pay INV-1. */
async function away(): Promise<StripePayer & { url: string; session: Record<string, unknown> }> {
  const payer = await aStripePayer();
  const answer = await payer.visitor.post('/billing/pay', await reviewForm(payer.visitor, choose('page', 'INV-1')));
  return { ...payer, url: answer.headers['location'] ?? '', session: sessionOf(payer.account) };
}

const pathOf = (url: string | null) => new URL(url ?? 'http://none').pathname + new URL(url ?? 'http://none').search;

describe('paying once on Stripe’s page', function () {
  this.timeout(60_000);

  it('the wizard offers the page, leads to it, and coming back books what was paid, once, however often the page is reloaded', async () => {
    const { world, visitor, account, url, session, acct } = await away();
    assert.match(url, /^https:\/\/checkout\.stripe\.com\/c\/pay\/cs_/);
    assert.deepEqual([session['mode'], session['line_items[0][price_data][unit_amount]'], session['line_items[0][price_data][currency]']], ['payment', '8500', 'usd']);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['awaiting_customer'], {}]);
    const back = pathOf(payOn(account, session));
    for (let look = 0; look < 3; look += 1) assert.match((await visitor.get(back)).text, /You paid \$85\.00[\s\S]*Visa ending 4242/);
    assert.deepEqual([await states(world), await ledgerOf(world), await paidOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }, { 'INV-1': 8500, 'INV-2': 0 }]);
    const [intent] = account.charged;
    assert.deepEqual(await sql(world, 'select gateway_reference as reference from app.payments'), [{ reference: `${acct}/${intent?.id}` }]);
    assert.deepEqual(await sql(world, `select count(*)::int as n from app.messages where type = 'Receipt'`), [{ n: 1 }]);
  });

  it('the same form sent 20 times at once opens one page', async () => {
    const { world, visitor, account } = await aStripePayer();
    const form = await reviewForm(visitor, choose('page', 'INV-1'));
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.post('/billing/pay', form)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]));
    assert.deepEqual([account.sessions.size, sessionOf(account)['status'], await states(world)], [1, 'open', ['awaiting_customer']]);
  });

  it('20 tabs leave at most one open page, and nothing is paid twice', async () => {
    const { world, visitor, account, methodId } = await aStripePayer();
    const forms = await Promise.all(Array.from({ length: 20 }, (_, at) => reviewForm(visitor, choose(at % 4 === 0 ? methodId : 'page', 'INV-1'))));
    const answers = await Promise.all(forms.map((form) => visitor.post('/billing/pay', form)));
    assert.deepEqual(answers.filter(({ status }) => status !== 303 && status !== 422).map(({ status }) => status), []);
    for (const session of account.sessions.values()) payOn(account, session);
    await expire(world);
    await reconcile(world, { olderThanSeconds: 0 });
    assert.deepEqual([account.charged.length, await paidOf(world), await ledgerOf(world)], [1, { 'INV-1': 8500, 'INV-2': 0 }, { cash: 8500, receivable: -8500 }]);
  });

  it('whoever comes back without paying reads so, goes on to the same page, or cancels and has the invoices back', async () => {
    const { world, visitor, session, url } = await away();
    const page = pathOf(String(session['cancel_url']));
    assert.match((await visitor.get(page)).text, /You have not paid yet[\s\S]*Continue to payment[\s\S]*Cancel this payment/);
    assert.equal((await visitor.post(`${page}/continuation`)).headers['location'], url);
    await visitor.post(`${page}/cancellation`);
    assert.match((await visitor.get(page)).text, /Nothing was paid[\s\S]*Pay Now/);
    assert.deepEqual([session['status'], await states(world), await sql(world, 'select 1 from app.allocations where reversed_at is null')], ['expired', ['failed'], []]);
    assert.equal((await visitor.post(`${page}/continuation`)).headers['location'], page, 'a closed page leads nowhere');
  });

  it('cancelling what has just been paid books it', async () => {
    const { world, visitor, account, session } = await away();
    const page = pathOf(String(session['cancel_url']));
    await visitor.get('/billing/pay');
    payOn(account, session);
    await visitor.post(`${page}/cancellation`);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }]);
  });

  it('while Stripe cannot say, whoever comes back from paying reads "confirming", and the reconciler or the webhook books it', async () => {
    for (const settle of ['reconciler', 'webhook'] as const) {
      const { world, visitor, account, session, acct } = await away();
      const back = pathOf(payOn(account, session));
      account.faults.push({ call: 'retrieve', when: 'before', how: '500' });
      assert.match((await visitor.get(back)).text, /We are confirming your payment/);
      if (settle === 'reconciler') await reconcile(world, { olderThanSeconds: 0 });
      else await send(eventOf(acct, session, { type: 'checkout.session.completed' }));
      assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }], settle);
    }
  });

  it('a webhook of the payment alone settles the page it was made on', async () => {
    const { world, account, session, acct } = await away();
    payOn(account, session);
    for (let time = 0; time < 3; time += 1) assert.equal((await send(eventOf(acct, account.charged[0]!))).status, 200);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }]);
  });

  it('an abandoned page is left alone while it can be paid; then it is closed there before it is called failed here', async () => {
    const { world, session, account } = await away();
    await sql(world, `update app.payments set created_at = created_at - interval '10 minutes'`);
    assert.deepEqual((await reconcile(world)).left, 1);
    assert.deepEqual([session['status'], await states(world)], ['open', ['awaiting_customer']]);
    await expire(world);
    account.faults.push({ call: 'expire', when: 'before', how: '500' });
    await reconcile(world);
    assert.deepEqual(await states(world), ['awaiting_customer'], 'nobody knows');
    await reconcile(world);
    assert.deepEqual([session['status'], await states(world)], ['expired', ['failed']]);
  });

  it('one that Stripe has closed itself is closed here by its webhook, whose word alone closes nothing', async () => {
    const { world, session, acct } = await away();
    const told = () => send(eventOf(acct, { ...session, status: 'expired' }, { type: 'checkout.session.expired' }));
    await told();
    assert.deepEqual([session['status'], await states(world)], ['open', ['awaiting_customer']]);
    session['status'] = 'expired';
    await told();
    assert.deepEqual(await states(world), ['failed']);
  });

  it('an abandoned page that was paid is booked, whatever our clock says', async () => {
    const { world, session, account } = await away();
    payOn(account, session);
    await expire(world);
    await reconcile(world);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }]);
  });

  it('paying with the saved card closes the page first; what was paid there meanwhile is booked instead', async () => {
    const { world, visitor, session, methodId } = await away();
    assert.match((await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-1')}`)).text, /waits on the payment page/);
    assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /You paid \$85\.00/);
    assert.deepEqual([session['status'], await states(world), await ledgerOf(world)], ['expired', ['failed', 'succeeded'], { cash: 8500, receivable: -8500 }]);
    const other = await away();
    const form = await reviewForm(other.visitor, choose(other.methodId, 'INV-1'));
    payOn(other.account, other.session);
    const answer = await other.visitor.post('/billing/pay', form);
    assert.deepEqual([answer.status, await states(other.world), other.account.charged.length], [422, ['succeeded'], 1]);
  });

  it('while Stripe cannot close the page nothing else is charged', async () => {
    const { world, visitor, account, methodId } = await away();
    const form = await reviewForm(visitor, choose(methodId, 'INV-1'));
    account.faults.push({ call: 'expire', when: 'before', how: '500' });
    const answer = await visitor.post('/billing/pay', form);
    assert.deepEqual([answer.status, await states(world), account.charged], [422, ['awaiting_customer'], []]);
  });

  it('cash at the desk closes the page, too', async () => {
    const { world, visitor: _, session } = await away();
    const staff = await staffOf(world);
    const desk = await staff.get(`/staff/accounts/${(await sql<{ number: string }>(world, 'select number from app.accounts'))[0]?.number}/payment`);
    const [, requestKey = ''] = /name="requestKey" value="([^"]+)"/.exec(desk.text) ?? [];
    const answer = await staff.post(desk.request.url.replace(/^.*?\/staff/, '/staff'), { amount: '85.00', kind: 'cash', label: '', pays: 'invoices', requestKey });
    assert.deepEqual([answer.status, session['status'], await states(world), await paidOf(world)], [303, 'expired', ['failed', 'succeeded'], { 'INV-1': 8500, 'INV-2': 0 }]);
  });

  it('F6 a page that is not opened, or opened without an answer, leaves nothing behind that could be paid', async () => {
    for (const when of ['before', 'after'] as const) {
      const { world, visitor, account } = await aStripePayer();
      account.faults.push({ call: 'create', when, how: '500' });
      assert.match((await pay(visitor, choose('page', 'INV-1'))).text, /Nothing was paid[\s\S]*Pay Now/);
      assert.deepEqual(await states(world), ['failed']);
      assert.match((await visitor.post('/billing/pay', await reviewForm(visitor, choose('page', 'INV-1')))).headers['location'] ?? '', /^https:\/\/checkout/);
    }
  });

  it('bank money from the page is under way for days, and then comes or bounces', async () => {
    for (const [end, state] of [[clear, 'succeeded'], [bounce, 'declined']] as const) {
      const { world, visitor, account, session } = await away();
      assert.match((await visitor.get(pathOf(payOn(account, session, 'pm_bank')))).text, /Your bank payment is under way/);
      end([...account.intents.values()][0]!);
      await reconcile(world, { olderThanSeconds: 0 });
      assert.deepEqual([await states(world), (await sql(world, 'select method_kind as kind, method_label as label from app.payments'))[0]], [[state], { kind: 'bank_draft', label: 'Peer Bank 6789' }]);
    }
  });

  it('S0-32 the page takes cards only while something is overdue and the organization wants that', async () => {
    const { world, visitor, account } = await aStripePayer();
    await visitor.post('/billing/pay', await reviewForm(visitor, choose('page', 'INV-2')));
    const kinds = (at: number) => [0, 1, 2].map((index) => sessionOf(account, at)[`allowed_payment_method_types[${index}]`]);
    assert.deepEqual(kinds(0), ['card', 'us_bank_account', undefined]);
    await sql(world, `update app.settings set published = published || '{"payments.bank_for_overdue": false}'`);
    await sql(world, `update app.invoices set due_on = now() - interval '9 days' where number = 'INV-1'`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await visitor.post('/billing/pay', await reviewForm(visitor, choose('page', 'INV-2')));
    assert.deepEqual(kinds(1), ['card', undefined, undefined]);
  });

  it('no other gateway offers a page, and the books stay right', async () => {
    const { world, visitor, account, session } = await away();
    payOn(account, session);
    await reconcile(world, { olderThanSeconds: 0 });
    assert.deepEqual((await faultsOf(world)).filter((fault) => !fault.startsWith('I2')), []);
    await sql(world, `update app.settings set published = published || '{"payments.gateway": "sandbox"}'`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.doesNotMatch((await visitor.get(`/billing/pay/method?${choose('page', 'INV-2')}`)).text, /secure payment page/);
    assert.equal((await visitor.get(`/billing/pay/review?${choose('page', 'INV-2')}`)).status, 422);
  });
});

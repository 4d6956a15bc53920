import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StripeGateway } from '../../../server/gateways/stripe/stripe.ts';
import { globally, run } from '../../../server/platform/database.ts';
import { reconcilePayments } from '../../../server/payment-attempts/reconcile-payments.ts';
import { ageAttempts, choose, ledgerOf, paidOf, pay, paymentsOf, reviewForm } from '../../support/paying.ts';
import { staffOf } from '../../refunds/refunding.ts';
import { drain } from '../../support/drain.ts';
import { testPortal } from '../../support/portal.ts';
import { sql, type World } from '../../support/world.ts';
import { aStripePayer, give, newAccount } from './paying.ts';
import { bounce, clear, finish } from './peer.ts';

const reconcile = async ({ id }: World, options = {}) => reconcilePayments((await testPortal()).outside, id, options);
const states = async (world: World) => (await paymentsOf(world)).map(({ state }) => state);

/** Something happens in the middle of the gateway's work. */
async function withStripe(change: (usual: StripeGateway) => Partial<StripeGateway>, work: () => Promise<unknown>): Promise<void> {
  const { gateways } = (await testPortal()).outside;
  const usual = gateways.stripe;
  Object.assign(gateways, { stripe: { ...usual, ...change(usual) } });
  await work();
  Object.assign(gateways, { stripe: usual });
}
const only = <T>(all: Iterable<T>): T => [...all][0]!;

describe('paying through Stripe', function () {
  this.timeout(60_000);

  it('the wizard charges the saved card once, in the organization’s own account, and books it', async () => {
    const { world, visitor, methodId, account, acct } = await aStripePayer();
    assert.match((await pay(visitor, choose(methodId, 'INV-1', 'INV-2'))).text, /You paid \$205\.00/);
    assert.deepEqual(account.charged.map(({ amount, currency }) => [amount, currency]), [[20_500, 'usd']]);
    assert.deepEqual([await paidOf(world), await ledgerOf(world)], [{ 'INV-1': 8500, 'INV-2': 12_000 }, { cash: 20_500, receivable: -20_500 }]);
    assert.deepEqual(await sql(world, 'select gateway, gateway_reference as reference from app.payments'), [{ gateway: 'stripe', reference: `${acct}/${account.charged[0]?.id}` }]);
  });

  it('the same form sent 20 times at once charges once', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    const form = await reviewForm(visitor, choose(methodId, 'INV-1'));
    await Promise.all(Array.from({ length: 20 }, () => visitor.post('/billing/pay', form)));
    assert.deepEqual([account.charged.length, await states(world)], [1, ['succeeded']]);
  });

  it('a decline is said in plain words, and nothing is booked', async () => {
    const { world, visitor, methodId } = await aStripePayer('pm_insufficient');
    assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /Insufficient funds\. Nothing was charged/);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['declined'], {}]);
  });

  it('F6 a time-out after charging reads "confirming", and the reconciler books the charge', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    account.faults.push({ call: 'confirm', when: 'after', how: 'silence' }, { call: 'retrieve', when: 'before', how: '500' });
    assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /We are confirming your payment/);
    await reconcile(world, { olderThanSeconds: 0 });
    assert.deepEqual([await states(world), await ledgerOf(world), account.charged.length], [['succeeded'], { cash: 8500, receivable: -8500 }, 1]);
  });

  it('F6 a time-out before charging is called failed only when Stripe has cancelled the intent', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    account.faults.push({ call: 'confirm', when: 'before', how: 'silence' });
    await pay(visitor, choose(methodId, 'INV-1'));
    await ageAttempts(world);
    account.faults.push({ call: 'cancel', when: 'before', how: '500' });
    await reconcile(world);
    assert.deepEqual(await states(world), ['unknown']);
    await reconcile(world);
    assert.deepEqual([await states(world), only(account.intents.values()).status, account.charged], [['failed'], 'canceled', []]);
  });

  it('an attempt that is fenced while it is being opened is never confirmed', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    await withStripe((stripe) => ({ charge: (given) => stripe.charge({ ...given, opened: async (reference) => {
      await ageAttempts(world);
      await reconcile(world);
      return given.opened?.(reference) ?? true;
    } }) }), () => pay(visitor, choose(methodId, 'INV-1')));
    assert.deepEqual([await states(world), account.calls, account.charged], [['failed'], ['create'], []]);
  });

  it('an attempt that is opened behind the fence’s back is not called failed: it is looked at again', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    account.faults.push({ call: 'confirm', when: 'after', how: 'silence' }, { call: 'retrieve', when: 'before', how: '500' });
    await pay(visitor, choose(methodId, 'INV-1'));
    const [kept] = await sql<{ reference: string }>(world, 'select gateway_reference as reference from app.payments');
    await sql(world, 'update app.payments set gateway_reference = null');
    await ageAttempts(world);
    const open = () => sql(world, 'update app.payments set gateway_reference = $1', [kept?.reference]);
    await withStripe((stripe) => ({ cancel: async (key, reference) => (await open(), stripe.cancel(key, reference)) }), () => reconcile(world));
    assert.deepEqual(await states(world), ['unknown']);
    await reconcile(world);
    assert.deepEqual([await states(world), account.charged.length], [['succeeded'], 1]);
  });

  it('bank money is under way for days, and is then booked or given back', async () => {
    for (const [end, state] of [[clear, 'succeeded'], [bounce, 'declined']] as const) {
      const { world, visitor, methodId, account } = await aStripePayer('pm_bank', 'lawncare');
      assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /Your bank payment is under way/);
      end(only(account.intents.values()));
      await reconcile(world, { olderThanSeconds: 0 });
      assert.deepEqual(await states(world), [state]);
    }
  });

  it('the operator is told of payments that stay undecided, but not of bank money that takes its days', async () => {
    for (const [method, told] of [['pm_bank', 0], ['pm_visa', 1]] as const) {
      const { world, visitor, methodId, account } = await aStripePayer(method, 'lawncare');
      account.faults.push({ call: 'confirm', when: method === 'pm_bank' ? 'after' : 'before', how: method === 'pm_bank' ? 'cut' : 'silence' });
      await pay(visitor, choose(methodId, 'INV-1'));
      await ageAttempts(world, 3 * 86_400);
      account.faults.push({ call: 'cancel', when: 'before', how: '500' });
      const alarms: unknown[] = [];
      const { outside } = await testPortal();
      await reconcilePayments({ ...outside, log: { error: (...said: unknown[]) => alarms.push(said) } as unknown as typeof outside.log }, world.id);
      assert.equal(alarms.length, told, method);
    }
  });

  it('a card is added on Stripe’s page and pays; deleted, it is useless at Stripe, too', async () => {
    const { world, visitor, account } = await aStripePayer();
    await visitor.get('/billing/methods');
    const away = await visitor.post('/billing/methods');
    assert.match(away.headers['location'] ?? '', /^https:\/\/checkout\.stripe\.com\//);
    const back = new URL(finish(only(account.sessions.values()), { id: 'pm_new', card: { brand: 'mastercard', last4: '4444', exp_month: 12, exp_year: 2099 } }));
    await visitor.get(back.pathname + back.search);
    const list = await visitor.get('/billing/methods');
    assert.match(list.text, /Mastercard[\s\S]*4444/);
    const [, id = ''] = /Mastercard[\s\S]*?\/billing\/methods\/([0-9a-f-]{36})\/removal/.exec(list.text) ?? [];
    await visitor.get(`/billing/methods/${id}/removal`);
    await visitor.post(`/billing/methods/${id}/removal`);
    await drain(world);
    assert.deepEqual([...account.detached], ['pm_new']);
  });

  it('a deleted card that Stripe cannot be told about is told about again', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    await visitor.get(`/billing/methods/${methodId}/removal`);
    assert.equal((await visitor.post(`/billing/methods/${methodId}/removal`)).status, 303);
    account.faults.push({ call: 'detach', when: 'before', how: '500' });
    await assert.rejects(drain(world), /stripe/);
    assert.deepEqual([...account.detached], []);
    await drain(world);
    assert.deepEqual([...account.detached], ['pm_visa']);
  });

  it('an organization that changes its account still learns what became of the payments of the earlier one', async () => {
    const { world, visitor, methodId, account } = await aStripePayer();
    account.faults.push({ call: 'confirm', when: 'after', how: 'silence' }, { call: 'retrieve', when: 'before', how: '500' });
    await pay(visitor, choose(methodId, 'INV-1'));
    await sql(world, `update app.settings set published = published || jsonb_build_object('payments.stripe_account', $1::text)`, [newAccount()]);
    await reconcile(world, { olderThanSeconds: 0 });
    assert.deepEqual(await states(world), ['succeeded']);
  });

  it('A35 an account is given by the operator, to one organization for good: no setting and no web role takes it', async () => {
    const [first, second] = [await aStripePayer(), await aStripePayer()];
    assert.equal(await give(second.world.slug, first.acct), first.world.slug);
    const fresh = newAccount();
    await assert.rejects(globally(() => run(`insert into app.gateway_accounts (gateway, external_account, owner_id) values ('stripe', $1, $2)`, [fresh, second.world.id])), /permission denied/);
    const owners = await Promise.all([first, second, first, second].map(({ world }) => give(world.slug, fresh)));
    assert.equal(new Set(owners).size, 1);
    const staff = await staffOf(second.world);
    for (const acct of [first.acct, newAccount()]) {
      const page = await staff.get('/staff/settings/payments');
      const [, seen = ''] = /name="seen" value="([^"]*)"/.exec(page.text) ?? [];
      const answer = await staff.post('/staff/settings/payments', { 'seen': seen.replaceAll('&quot;', '"').replaceAll('&#34;', '"'), 'payments.stripe_account': acct });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /is not connected to your organization/);
    }
  });

  it('A35 an account that another organization uses cannot be charged in', async () => {
    const first = await aStripePayer();
    await pay(first.visitor, choose(first.methodId, 'INV-1'));
    const second = await aStripePayer();
    await sql(second.world, `update app.settings set published = published || jsonb_build_object('payments.stripe_account', $1::text)`, [first.acct]);
    await sql(second.world, `update app.payment_methods set token = $1`, [`${first.acct}/cus_1/card/pm_visa`]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await pay(second.visitor, choose(second.methodId, 'INV-1'));
    assert.deepEqual([await states(second.world), first.account.charged.length], [['failed'], 1]);
  });
});

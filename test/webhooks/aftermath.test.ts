import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { reconcileRefunds } from '../../server/refunds/reconcile-refunds.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { aStripePayer, eventOf, send, type StripePayer } from '../gateways/stripe/paying.ts';
import { bounce, clear, dispute, giveBack, type PeerIntent } from '../gateways/stripe/peer.ts';
import { refundsOf, staffOf } from '../refunds/refunding.ts';
import { choose, ledgerOf, paidOf, pay, paymentsOf } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { sql, type World } from '../support/world.ts';

const states = async (world: World) => (await paymentsOf(world)).map(({ state }) => state);
const tasksOf = (world: World) => sql<{ kind: string }>(world, 'select kind from app.staff_tasks order by id');
const paid = { cash: 8500, receivable: -8500 };
const gone = { cash: 0, receivable: 0 };

/** INV-1 is paid, at Stripe and here. */
async function settled(method = 'pm_visa'): Promise<StripePayer & { intent: PeerIntent; tell: (type: string, object?: object) => Promise<number> }> {
  const payer = await aStripePayer(method, 'lawncare');
  await pay(payer.visitor, choose(payer.methodId, 'INV-1'));
  const [intent] = [...payer.account.intents.values()];
  const tell = async (type: string, object: object = { object: 'charge', id: 'ch_1', payment_intent: intent?.id }) => (await send(eventOf(payer.acct, object, { type }))).status;
  if (method === 'pm_bank') {
    clear(intent!);
    await tell('payment_intent.succeeded', intent);
  }
  return { ...payer, intent: intent!, tell };
}

async function refundHere({ world }: StripePayer, amount: string) {
  const staff = await staffOf(world);
  await staff.get('/staff/payments/PAY-1001');
  return staff.post('/staff/payments/PAY-1001/refund', { amount, reason: '', requestKey: crypto.randomUUID() });
}

describe('webhooks of Stripe about money that goes back', function () {
  this.timeout(60_000);

  it('a refund made in Stripe’s dashboard appears as a refund, once, however often and in whatever words it is told', async () => {
    const { world, account, intent, tell, acct } = await settled();
    const refund = giveBack(account, intent, 3000);
    const told = ['charge.refunded', 'refund.created', 'refund.updated', 'charge.refund.updated'];
    const answers = await Promise.all([...told, ...told].map((type) => tell(type, type === 'charge.refunded' ? undefined : refund)));
    assert.deepEqual(new Set(answers), new Set([200]));
    assert.deepEqual([await refundsOf(world), await states(world), await paidOf(world)], [[{ state: 'succeeded', cents: 3000 }], ['partially_refunded'], { 'INV-1': 5500, 'INV-2': 0 }]);
    assert.deepEqual(await sql(world, 'select gateway_reference as reference, staff_id as staff from app.refunds'), [{ reference: `${acct}/${refund.id}`, staff: null }]);
    giveBack(account, intent, 5500);
    await tell('charge.refunded');
    assert.deepEqual([(await refundsOf(world)).length, await states(world), await ledgerOf(world)], [2, ['refunded'], gone]);
  });

  it('a refund of ours is told about without being booked again, even when the webhook comes first', async () => {
    const payer = await settled();
    const { world, account, tell } = payer;
    account.faults.push({ call: 'refund', when: 'after', how: '500' });
    await refundHere(payer, '20.00');
    assert.deepEqual(await refundsOf(world), [{ state: 'unknown', cents: 2000 }]);
    await tell('charge.refunded');
    await tell('charge.refunded');
    const { outside } = await testPortal();
    await reconcileRefunds(outside, (await findTenant(world.slug))!, { olderThanSeconds: 0 });
    assert.deepEqual([await refundsOf(world), account.refunds.size, await ledgerOf(world)], [[{ state: 'succeeded', cents: 2000 }], 1, { cash: 6500, receivable: -6500 }]);
  });

  it('a refund that was promised and then failed is left in the books and becomes one task', async () => {
    const payer = await settled('pm_bank');
    await refundHere(payer, '20.00');
    const [refund] = [...payer.account.refunds.values()];
    refund!.status = 'failed';
    for (let time = 0; time < 3; time += 1) assert.equal(await payer.tell('refund.failed', refund), 200);
    assert.deepEqual([await refundsOf(payer.world), await tasksOf(payer.world)], [[{ state: 'succeeded', cents: 2000 }], [{ kind: 'refund' }]]);
  });

  it('a refund at Stripe of money that our books no longer have is a task, and no endless 5xx', async () => {
    const { world, account, intent, tell } = await settled();
    dispute(account, intent);
    await tell('charge.dispute.created');
    giveBack(account, intent, 8500);
    assert.deepEqual([await tell('charge.refunded'), await states(world), await refundsOf(world)], [200, ['disputed'], []]);
    assert.ok((await tasksOf(world)).some(({ kind }) => kind === 'refund'));
  });

  it('a dispute opens the invoice again; won, it is paid again; lost, it stays open', async () => {
    for (const [end, state, ledger] of [['won', 'succeeded', paid], ['lost', 'returned', gone]] as const) {
      const { world, account, intent, tell } = await settled();
      const made = dispute(account, intent);
      for (let time = 0; time < 3; time += 1) assert.equal(await tell('charge.dispute.created', made), 200);
      assert.deepEqual([await states(world), await ledgerOf(world), (await paidOf(world))['INV-1']], [['disputed'], gone, 0]);
      made.status = end;
      for (let time = 0; time < 3; time += 1) assert.equal(await tell('charge.dispute.closed', made), 200);
      assert.deepEqual([await states(world), await ledgerOf(world), await tasksOf(world)], [[state], ledger, [{ kind: 'disputed' }]]);
    }
  });

  it('a second dispute of one payment is booked, too, and can be won again', async () => {
    const { world, account, intent, tell } = await settled();
    for (let round = 0; round < 3; round += 1) {
      const made = dispute(account, intent);
      assert.equal(await tell('charge.dispute.created', made), 200);
      assert.deepEqual([await states(world), await ledgerOf(world)], [['disputed'], gone]);
      made.status = 'won';
      assert.equal(await tell('charge.dispute.closed', made), 200);
      assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], paid]);
    }
  });

  it('in whatever order and however late they come, what Stripe says when asked is what is booked', async () => {
    const types = ['charge.dispute.created', 'charge.refunded', 'charge.dispute.closed', 'payment_intent.succeeded', 'charge.dispute.funds_withdrawn'];
    for (let turn = 0; turn < types.length; turn += 1) {
      const { world, account, intent, tell } = await settled();
      giveBack(account, intent, 1000);
      dispute(account, intent, 'won');
      for (const type of [...types.slice(turn), ...types.slice(0, turn)].toReversed()) assert.equal(await tell(type), 200);
      assert.deepEqual([await states(world), await ledgerOf(world)], [['partially_refunded'], { cash: 7500, receivable: -7500 }]);
    }
  });

  it('an inquiry takes no money away, and a lost dispute that was never heard of does', async () => {
    const { world, account, intent, tell } = await settled();
    const made = dispute(account, intent, 'warning_needs_response');
    await tell('charge.dispute.created', made);
    assert.deepEqual(await states(world), ['succeeded']);
    made.status = 'lost';
    await tell('charge.dispute.closed', made);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['returned'], gone]);
  });

  it('bank money that had come and is taken back weeks later opens the invoice again, tells the payer and staff once', async () => {
    for (const how of ['payment_intent.payment_failed', 'charge.failed'] as const) {
      const { world, intent, tell } = await settled('pm_bank');
      if (how === 'charge.failed') intent['charge'] = { status: 'failed', failure_code: 'account_closed' };
      else bounce(intent);
      for (let time = 0; time < 3; time += 1) assert.equal(await tell(how, how === 'charge.failed' ? undefined : intent), 200);
      assert.deepEqual([await states(world), await ledgerOf(world), await tasksOf(world)], [['returned'], gone, [{ kind: 'returned' }]], how);
      assert.deepEqual(await sql(world, `select count(*)::int as n from app.messages where type = 'Payment Returned'`), [{ n: 1 }]);
    }
  });

  it('a dispute that meets a refund under way waits for it: the webhook comes again', async () => {
    const payer = await settled();
    payer.account.faults.push({ call: 'refund', when: 'before', how: '500' });
    await refundHere(payer, '20.00');
    const made = dispute(payer.account, payer.intent);
    const body = eventOf(payer.acct, made, { type: 'charge.dispute.created' });
    assert.deepEqual([(await send(body)).status, await states(payer.world)], [503, ['succeeded']]);
    await sql(payer.world, `update app.refunds set state = 'declined'`);
    assert.deepEqual([(await send(body)).status, await states(payer.world)], [200, ['disputed']]);
  });

  it('A38 a dispute of another organization’s payment changes nothing here', async () => {
    const [mine, theirs] = [await settled(), await settled()];
    theirs.intent.metadata['attempt'] = mine.intent.metadata['attempt'] ?? '';
    mine.account.intents.set(theirs.intent.id, theirs.intent);
    dispute(mine.account, theirs.intent);
    await send(eventOf(mine.acct, { object: 'dispute', id: 'du_1', payment_intent: theirs.intent.id }, { type: 'charge.dispute.created' }));
    assert.deepEqual([await states(mine.world), await states(theirs.world)], [['succeeded'], ['succeeded']]);
  });
});

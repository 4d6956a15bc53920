import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { globally, run } from '../../server/platform/database.ts';
import { choose, ledgerOf, pay, paymentsOf } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { visit } from '../support/visitor.ts';
import { sql, type World } from '../support/world.ts';
import { aStripePayer, eventOf, send, sign, type StripePayer } from '../gateways/stripe/paying.ts';
import { bounce, clear, type PeerIntent } from '../gateways/stripe/peer.ts';

const states = async (world: World) => (await paymentsOf(world)).map(({ state }) => state);
const idOf = (body: string) => (JSON.parse(body) as { id: string }).id;
const storedAs = (body: string) => globally(() => run('select type from app.gateway_events where external_id = $1', [idOf(body)]));

/** Bank money that has come, as Stripe knows and the portal does not. */
async function cleared(): Promise<StripePayer & { intent: PeerIntent }> {
  const payer = await aStripePayer('pm_bank', 'lawncare');
  await pay(payer.visitor, choose(payer.methodId, 'INV-1'));
  const [intent] = [...payer.account.intents.values()];
  clear(intent!);
  return { ...payer, intent: intent! };
}

describe('webhooks of Stripe', function () {
  this.timeout(60_000);

  it('bank money that comes or bounces is settled by its webhook, on the bare host and on a portal’s', async () => {
    const { world, acct, intent } = await cleared();
    assert.equal((await send(eventOf(acct, intent))).status, 200);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }]);
    const other = await cleared();
    bounce(other.intent);
    const answer = await send(eventOf(other.acct, other.intent, { type: 'payment_intent.payment_failed' }), undefined, `${other.world.slug}.localhost:3000`);
    assert.deepEqual([answer.status, answer.headers['set-cookie'], await states(other.world)], [200, undefined, ['declined']]);
  });

  const forgeries: [string, (body: string) => [string, string | null]][] = [
    ['without a signature', (body) => [body, null]],
    ['with an empty one', (body) => [body, '']],
    ['with junk for one', (body) => [body, 't=1,v1=zz,v1=,=,t=t']],
    ['signed with another secret', (body) => [body, sign(body, { key: 'whsec_another' })]],
    ['signed with an empty secret', (body) => [body, sign(body, { key: ' ' })]],
    ['301 seconds old', (body) => [body, sign(body, { ageSeconds: 301 })]],
    ['from the future', (body) => [body, sign(body, { ageSeconds: -302 })]],
    ['written anew after signing', (body) => [JSON.stringify(JSON.parse(body), null, 1), sign(body)]],
    ['with one amount changed', (body) => [body.replace('8500', '8501'), sign(body)]],
  ];
  for (const [how, forge] of forgeries) {
    it(`A38 a webhook ${how} is a 400 and changes nothing`, async () => {
      const { world, acct, intent } = await cleared();
      const body = eventOf(acct, intent);
      const [sent, signature] = forge(body);
      assert.deepEqual([(await send(sent, signature)).status, await states(world), await storedAs(body)], [400, ['processing'], []]);
    });
  }

  it('A38 a signature that is 290 seconds old still counts', async () => {
    const { world, acct, intent } = await cleared();
    const body = eventOf(acct, intent);
    assert.deepEqual([(await send(body, sign(body, { ageSeconds: 290 }))).status, await states(world)], [200, ['succeeded']]);
  });

  it('A38 the same webhook 100 times, 20 of them at once, books once and is stored once', async () => {
    const { world, acct, intent } = await cleared();
    const body = eventOf(acct, intent);
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => send(body)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    }
    assert.deepEqual([await ledgerOf(world), await storedAs(body)], [{ cash: 8500, receivable: -8500 }, [{ type: 'payment_intent.succeeded' }]]);
  });

  it('A38 in whatever order they come, what Stripe says when asked is what is booked', async () => {
    const types = ['payment_intent.created', 'payment_intent.processing', 'payment_intent.payment_failed', 'payment_intent.succeeded'];
    for (let turn = 0; turn < types.length; turn += 1) {
      const { world, acct, intent } = await cleared();
      const told = [...types.slice(turn), ...types.slice(0, turn)].toReversed();
      for (const type of told) await send(eventOf(acct, { ...intent, status: 'requires_payment_method' }, { type }));
      assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }], told.join());
    }
  });

  it('A38 what the webhook claims is not believed: a success that Stripe does not know books nothing', async () => {
    const { world, acct, intent } = await cleared();
    intent.status = 'processing';
    await send(eventOf(acct, { ...intent, status: 'succeeded' }));
    assert.deepEqual([await states(world), await ledgerOf(world)], [['processing'], {}]);
  });

  it('A38 another organization’s account, an unknown account and none settle nothing, and are 200', async () => {
    const [mine, theirs] = [await cleared(), await cleared()];
    for (const account of [theirs.acct, 'acct_nobody', undefined]) {
      assert.equal((await send(eventOf('', mine.intent, { account }))).status, 200);
    }
    assert.deepEqual([await states(mine.world), await states(theirs.world)], [['processing'], ['processing']]);
  });

  it('A38 an intent of another organization that names this one’s payment books nothing', async () => {
    const [mine, theirs] = [await cleared(), await cleared()];
    theirs.intent.metadata['attempt'] = mine.intent.metadata['attempt'] ?? '';
    mine.account.intents.set(theirs.intent.id, theirs.intent);
    await send(eventOf(mine.acct, theirs.intent));
    assert.deepEqual([await states(mine.world), await states(theirs.world)], [['processing'], ['processing']]);
  });

  it('A38 another amount or currency than was asked for is not booked', async () => {
    for (const change of [{ amount_received: 8499 }, { currency: 'cad' }]) {
      const { world, acct, intent } = await cleared();
      Object.assign(intent, change);
      assert.deepEqual([(await send(eventOf(acct, intent))).status, await states(world)], [200, ['processing']]);
    }
  });

  it('A38 a payment of another gateway is not settled by Stripe', async () => {
    const { world, acct, intent } = await cleared();
    await sql(world, `update app.payments set gateway = 'sandbox'`);
    await send(eventOf(acct, intent));
    assert.deepEqual(await states(world), ['processing']);
  });

  for (const isLive of [true, false]) {
    it(`A38 a ${isLive ? 'test' : 'live'} event where money is ${isLive ? 'real' : 'play money'} is answered, not stored, and settles nothing`, async () => {
      const { world, acct, intent, gateway } = await cleared();
      Object.assign((await testPortal()).outside.gateways, { stripe: { ...gateway, isLive } });
      const body = eventOf(acct, intent, { livemode: !isLive });
      assert.deepEqual([(await send(body)).status, await states(world), await storedAs(body)], [200, ['processing'], []]);
    });
  }

  it('A38 unknown types and objects are stored and 200; what is no event is a 400; nothing is a 5xx', async () => {
    const { acct, intent } = await cleared();
    for (const given of [{ type: 'something.new' }, { object: { id: 7, object: [] } }, { type: 'account.updated' }]) {
      const body = eventOf(acct, intent, given);
      assert.deepEqual([(await send(body)).status, (await storedAs(body)).length], [200, 1]);
    }
    for (const body of ['', '{', 'null', '[]', '{"id":1}', '{"object":"v2.core.event"}', '\u0000', `"${'x'.repeat(1000)}"`]) assert.equal((await send(body)).status, 400, body);
    assert.equal((await send('x'.repeat(1_100_000))).status, 413);
  });

  it('while Stripe cannot be asked it is a 503, nothing is stored, and the next delivery settles', async () => {
    const { world, acct, account, intent } = await cleared();
    const body = eventOf(acct, intent);
    account.faults.push({ call: 'retrieve', when: 'before', how: '500' });
    assert.deepEqual([(await send(body)).status, await storedAs(body)], [503, []]);
    assert.deepEqual([(await send(body)).status, await states(world)], [200, ['succeeded']]);
  });

  it('a webhook that overtakes the answer to the charge settles once', async () => {
    const { world, visitor, methodId, account, acct } = await aStripePayer();
    account.faults.push({ call: 'confirm', when: 'after', how: 'silence' });
    const paying = pay(visitor, choose(methodId, 'INV-1'));
    while (!account.charged.length) await new Promise((resolve) => setTimeout(resolve, 10));
    await send(eventOf(acct, account.charged[0]!));
    assert.match((await paying).text, /You paid \$85\.00/);
    assert.deepEqual([await states(world), await ledgerOf(world)], [['succeeded'], { cash: 8500, receivable: -8500 }]);
  });

  it('only POST is answered, and a signed-in browser’s form is nothing special', async () => {
    const { world } = await cleared();
    const visitor = await visit(world.slug);
    assert.equal((await visitor.send('get', '/hooks/stripe')).status, 405);
    assert.equal((await visitor.post('/hooks/stripe', { id: 'evt_1' })).status, 400);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GatewayMisuse } from '../../../server/gateways/gateway.ts';
import { stripeGateway } from '../../../server/gateways/stripe/stripe.ts';
import { aGateway } from './paying.ts';
import { bounce, clear, finish, type Fault } from './peer.ts';

describe('the Stripe gateway', function () {
  this.timeout(20_000);

  it('charges off-session in the connected account: opened first, kept, then confirmed', async () => {
    const { acct, account, gateway, request } = await aGateway();
    const kept: string[] = [];
    const opened = (reference: string) => (kept.push(`${reference} after ${account.calls.join()}`), Promise.resolve(true));
    const given = request('pm_visa', { opened });
    const outcome = await gateway.charge(given);
    const [intent] = account.charged;
    assert.deepEqual(outcome, { outcome: 'succeeded', reference: `${acct}/${intent?.id}`, message: 'Approved' });
    assert.deepEqual([kept, account.calls], [[`${acct}/${intent?.id} after create`], ['create', 'confirm']]);
    assert.deepEqual([intent?.amount, intent?.currency, intent?.metadata], [8500, 'usd', { attempt: given.key, tenant: 'tenant' }]);
  });

  it('the same key charges once and answers the same; with another amount it is misuse', async () => {
    const { account, gateway, request } = await aGateway();
    const given = request();
    assert.deepEqual(await gateway.charge(given), await gateway.charge(given));
    assert.equal(account.charged.length, 1);
    await assert.rejects(gateway.charge({ ...given, amountCents: 1 }), GatewayMisuse);
  });

  it('an attempt that has been closed while it was opened is never confirmed', async () => {
    const { account, gateway, request } = await aGateway();
    assert.equal((await gateway.charge(request('pm_visa', { opened: () => Promise.resolve(false) }))).outcome, 'not_reached');
    assert.deepEqual([account.calls, account.charged], [['create'], []]);
  });

  for (const [method, message] of [['pm_insufficient', 'Insufficient funds'], ['pm_stolen', 'Card declined'], ['pm_expired', 'Expired card'], ['pm_gone', 'Payment method no longer available']] as const) {
    it(`${method} is declined in words that a payer may read: ${message}`, async () => {
      const { gateway, request } = await aGateway();
      const outcome = await gateway.charge(request(method));
      assert.deepEqual([outcome.outcome, outcome.message], ['declined', message]);
    });
  }

  for (const method of ['pm_authentication', 'pm_action']) {
    it(`${method}: what the payer’s bank wants to ask the payer is declined with what to do, and can never charge later`, async () => {
      const { account, gateway, request } = await aGateway();
      const outcome = await gateway.charge(request(method));
      assert.deepEqual([outcome.outcome, /Use another payment method or call your bank/.test(outcome.message)], ['declined', true]);
      assert.ok(['canceled', 'requires_payment_method'].includes([...account.intents.values()][0]?.status ?? ''));
    });
  }

  it('bank money is under way, and later comes or does not', async () => {
    const { acct, account, gateway, request } = await aGateway();
    for (const [end, expected] of [[clear, 'succeeded'], [bounce, 'declined']] as const) {
      const given = request('pm_bank', { token: `${acct}/cus_1/bank/pm_bank` });
      const outcome = await gateway.charge(given);
      assert.equal(outcome.outcome, 'processing');
      const reference = (outcome as { reference: string }).reference;
      end(account.intents.get(reference.split('/')[1] ?? '')!);
      assert.equal((await gateway.lookup(given.key, reference)).outcome, expected);
    }
  });

  const faults: [Fault, string][] = [
    [{ call: 'create', when: 'before', how: 'silence' }, 'not_reached'], [{ call: 'create', when: 'after', how: '500' }, 'not_reached'],
    [{ call: 'confirm', when: 'before', how: 'silence' }, 'unknown'], [{ call: 'confirm', when: 'after', how: 'silence' }, 'unknown'],
    [{ call: 'confirm', when: 'after', how: '500' }, 'unknown'], [{ call: 'confirm', when: 'after', how: 'cut' }, 'succeeded'],
  ];
  for (const [fault, expected] of faults) {
    it(`F6 ${fault.how} ${fault.when} ${fault.call}: the answer is ${expected}, and the key never charges twice`, async () => {
      const { account, gateway, request } = await aGateway();
      account.faults.push(fault);
      const given = request();
      assert.equal((await gateway.charge(given)).outcome, expected);
      await gateway.charge(given);
      assert.ok(account.charged.length <= 1);
    });
  }

  it('a fence is trusted only when Stripe has cancelled: what was charged says so, silence says unknown', async () => {
    const { acct, account, gateway, request } = await aGateway();
    account.faults.push({ call: 'confirm', when: 'before', how: 'silence' });
    let kept = '';
    await gateway.charge(request('pm_visa', { opened: (reference: string) => ((kept = reference), Promise.resolve(true)) }));
    assert.deepEqual(await gateway.lookup('', kept), { outcome: 'not_found' });
    account.faults.push({ call: 'cancel', when: 'before', how: '500' });
    assert.equal((await gateway.cancel('', kept)).cancelled, false);
    assert.deepEqual(await gateway.cancel('', kept), { cancelled: true });
    assert.deepEqual(await gateway.cancel('', kept), { cancelled: true }, 'twice is the same');
    await gateway.charge(request());
    const [intent] = account.charged;
    const fenced = await gateway.cancel('', `${acct}/${intent?.id}`);
    assert.equal(!fenced.cancelled && fenced.answer.outcome, 'succeeded');
  });

  it('nobody home is not_reached for a charge and unknown for a lookup', async () => {
    const gone = stripeGateway({ secretKey: 'sk_test_x', webhookSecret: 'whsec_12345678', apiBase: 'http://127.0.0.1:1' }, () => Promise.resolve('acct_1'));
    const { request } = await aGateway();
    assert.equal((await gone.charge(request('pm_visa', { token: 'acct_1/cus_1/card/pm_visa' }))).outcome, 'not_reached');
    assert.equal((await gone.lookup('', 'acct_1/pi_1')).outcome, 'unknown');
    assert.equal((await gone.cancel('', 'acct_1/pi_1')).cancelled, false);
  });

  it('A37 refunds once per key, never more than was paid', async () => {
    const { account, gateway, request } = await aGateway();
    const paid = await gateway.charge(request()) as { reference: string };
    const refund = { key: crypto.randomUUID(), reference: paid.reference, amountCents: 5000 };
    assert.deepEqual(await gateway.refund(refund), await gateway.refund(refund));
    const more = await gateway.refund({ ...refund, key: crypto.randomUUID() });
    assert.deepEqual([more.outcome, more.message, account.refunds.size], ['declined', 'More than was paid', 1]);
    await assert.rejects(gateway.refund({ ...refund, amountCents: 1 }), GatewayMisuse);
  });

  it('A35 a method of another account is declined without asking Stripe', async () => {
    const { account, gateway, request } = await aGateway();
    const outcome = await gateway.charge(request('pm_visa', { token: 'acct_other/cus_1/card/pm_visa' }));
    assert.deepEqual([outcome.outcome, account.calls], ['declined', []]);
  });

  it('S3-39 saves a card or a bank account on the hosted page; reading twice gives the same, a forged return gives nothing', async () => {
    const { acct, account, gateway } = await aGateway();
    const { url } = await gateway.startSaving({ tenantId: 't', returnUrl: 'http://t.localhost/saved/1', kinds: ['card', 'bank'], holder: 'Maria', locale: 'es-US' });
    const [session] = [...account.sessions.values()];
    assert.match(url, /^https:\/\/checkout\.stripe\.com\//);
    assert.deepEqual([session?.['mode'], session?.['locale'], session?.['cancel_url']], ['setup', 'es', 'http://t.localhost/saved/1']);
    assert.deepEqual([0, 1, 2].map((at) => session?.[`allowed_payment_method_types[${at}]`]), ['card', 'us_bank_account', undefined]);
    const early = `${acct}.${String(session?.['id'])}`;
    assert.equal(await gateway.readSaved(early), null, 'nothing is saved yet');
    const back = new URL(finish(session!, { id: 'pm_visa', card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2099 } })).searchParams.get('session') ?? '';
    const saved = await gateway.readSaved(back);
    assert.deepEqual({ ...saved, token: '' }, { token: '', kind: 'card', brand: 'Visa', last4: '4242', expMonth: 12, expYear: 2099 });
    assert.deepEqual(await gateway.readSaved(back), saved);
    for (const forged of [`acct_other.${String(session?.['id'])}`, `${acct}.cs_never`, '', 'x', '../../v1/charges']) assert.equal(await gateway.readSaved(forged), null);
  });

  it('detaching twice changes nothing, and the method is useless afterwards', async () => {
    const { gateway, request } = await aGateway();
    const given = request();
    await gateway.detach(given.token);
    await gateway.detach(given.token);
    assert.equal((await gateway.charge(given)).outcome, 'declined');
  });
});

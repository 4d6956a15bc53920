import assert from 'node:assert/strict';
import { assert as assertProperty, property, stringMatching } from 'fast-check';
import { describe, it } from 'mocha';
import { holdsCardNumber } from '../../server/platform/card-number.ts';
import { sql } from '../support/world.ts';
import { withPayment } from '../refunds/refunding.ts';

const cards = ['4242424242424242', '5555555555554444', '2223003122003222', '378282246310005', '6011111111111117', '30569309025904', '3566002020360505', '6200000000000005'];

describe('the card-number tripwire', function () {
  this.timeout(60_000);

  it('finds the numbers of every brand, together and in groups, among other words', () => {
    for (const card of cards) {
      const shape = card.length === 15 ? /(.{4})(.{6})(.{5})/ : card.length === 14 ? /(.{4})(.{6})(.{4})/ : /(.{4})(.{4})(.{4})(.{4})/;
      const groups = (shape.exec(card) ?? []).slice(1);
      for (const written of [card, groups.join(' '), groups.join('-'), groups.join('\n'), groups.join(' - '), `my card ${card}, thank you`, `555 ${groups.join(' ')} 12/29`]) assert.ok(holdsCardNumber(written), written);
    }
    assert.ok(holdsCardNumber('４２４２ ４２４２ ４２４２ ４２４２'));
  });

  it('leaves telephone numbers, days, amounts, ids and numbers of other things alone', () => {
    const others = ['(704) 555-0118', '2026-11-22 13:45:00', '1,234,567,890.00', 'x4242424242424242', '42424242424242424242', '4242424242424241', '1234 5678 9012 3456', '018f6c2e-4242-4242-4242-424242424242', '000123456789', 'DE89 3704 0044 0532 0130 00'];
    for (const text of others) assert.ok(!holdsCardNumber(text), text);
  });

  it('says of random numbers exactly what Luhn says of those that begin like a card', () => {
    assertProperty(property(stringMatching(/^\d{16}$/), (digits) => {
      const isLuhn = digits.split('').toReversed().reduce((sum, digit, at) => sum + (at % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]! : Number(digit)), 0) % 10 === 0;
      const begins = /^(4|5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720)|6011|64[4-9]|65|35(2[89]|[3-8])|62)/.test(digits);
      assert.equal(holdsCardNumber(digits), begins && isLuhn, digits);
    }), { numRuns: 5000 });
  });

  it('A34 a form with one is refused beside the field, shows it not again, and keeps nothing', async () => {
    const { world, staff } = await withPayment();
    const answer = await staff.post('/staff/payments/PAY-1001/refund', { amount: '1', reason: 'card 4242 4242 4242 4242', requestKey: crypto.randomUUID() });
    assert.deepEqual([answer.status, /id="reason-error"/.test(answer.text), /4242 4242/.test(answer.text)], [422, true, false]);
    const kept = await sql(world, `select 1 from app.portal_log where message like '%4242 4242%' union all select 1 from app.refunds`);
    assert.deepEqual(kept, []);
  });
});

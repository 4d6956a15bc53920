import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { multiply, toQuantity } from '../../server/money/multiply.ts';

const quantity = fc.tuple(fc.nat(9_999_999), fc.nat(9999)).filter(([whole, part]) => whole + part > 0).map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);
const price = fc.integer({ min: -100_000_000, max: 100_000_000 });

describe('quantity times price', () => {
  it('is rounded half away from zero, and exact where it can be', () => {
    for (const [text, cents, expected] of [['1', 2550, 2550], ['0.5', 1, 1], ['0.5', -1, -1], ['0.4999', 1, 0], ['2.5', 199, 498], ['0.3333', 300, 100], ['9999999.9999', 100, 1_000_000_000]] as const) assert.equal(multiply(text, cents), expected, text);
  });

  it('is never more than half a cent from the true product', () => {
    fc.assert(fc.property(quantity, price, (text, cents) => {
      const exact = BigInt(text.replace('.', '')) * BigInt(cents);
      const product = BigInt(multiply(text, cents) ?? 0) * 10_000n;
      const distance = product > exact ? product - exact : exact - product;
      assert.ok(distance <= 5000n);
    }));
  });

  it('is nothing beyond what can be counted exactly', () => assert.equal(multiply('9999999', 9_007_199_254_740_991), null));

  it('takes quantities above zero with at most four decimals', () => {
    fc.assert(fc.property(quantity, (text) => assert.equal(toQuantity(text), text)));
    for (const text of ['', '0', '0.0000', '-1', '1.', '.5', '1.23456', '1e3', '1,000', '10000000', 'NaN', ' 1']) assert.equal(toQuantity(text), null, text);
  });
});

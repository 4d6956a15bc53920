const decimals = 4;

/** '2.5' -> '2.5'; null when it is no quantity: digits with up to four decimals, more than nothing, at most 9,999,999. */
export function toQuantity(text: string): string | null {
  return /^\d{1,7}(\.\d{1,4})?$/.test(text) && Number(text) > 0 ? text : null;
}

/** Quantity (as text, up to four decimals) times a price in minor units, rounded half away from zero. null beyond what can be counted exactly. */
export function multiply(quantity: string, priceCents: number): number | null {
  const [whole = '', fraction = ''] = quantity.split('.');
  const product = BigInt(whole + fraction.padEnd(decimals, '0')) * BigInt(priceCents);
  const one = 10n ** BigInt(decimals);
  const half = product < 0n ? -one / 2n : one / 2n;
  const cents = Number((product + half) / one);
  return Number.isSafeInteger(cents) ? cents : null;
}

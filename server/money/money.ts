const exponents = new Map<string, number>();

/** How many decimal places the currency has: 2 for USD, 0 for JPY, 3 for KWD. */
export function exponentOf(currency: string): number {
  let exponent = exponents.get(currency);
  if (exponent === undefined) {
    exponent = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    exponents.set(currency, exponent);
  }
  return exponent;
}

/**
 * '1234.5' -> 123450 by moving the point in the text, never through a float. Digits with at most one dot and one leading minus;
 * commas are allowed where they group thousands. null: no amount, too many decimals, or too large to be counted exactly.
 */
export function toCents(text: string, currency: string): number | null {
  const match = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text);
  const exponent = exponentOf(currency);
  const [, sign = '', whole = '', decimals = ''] = match ?? [];
  if (!match || decimals.length > exponent) return null;
  const cents = Number(sign + whole.replaceAll(',', '') + decimals.padEnd(exponent, '0'));
  return Number.isSafeInteger(cents) ? cents || 0 : null;
}

/** 123450 -> '1234.50': plain digits for form fields and CSV. */
export function fromCents(cents: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(cents)).padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  return (cents < 0 ? '-' : '') + digits.slice(0, point) + (exponent ? `.${digits.slice(point)}` : '');
}

/**
 * Whether somebody has typed a card number among other words: digits together or in the groups that cards are printed in, of a known
 * brand and its length, whose check digit is right. (A tenth of all numbers have a right check digit, so that alone says nothing.)
 */
export function holdsCardNumber(text: string): boolean {
  const runs = text.normalize('NFKC').match(digitRuns) ?? [];
  return runs.some((run) => candidates(run.split(separators).filter(Boolean)).some(isCardNumber));
}

export function isCardNumber(digits: string): boolean {
  return brands.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && hasRightCheckDigit(digits);
}

// A number with a letter or another digit at its side is a name of something else.
const digitRuns = /(?<![\p{L}\p{N}_])\d(?:[\s.\-\u2010-\u2015]{0,3}\d){13,60}(?![\p{L}\p{N}_])/gu;
const separators = /[^\d]+/u;

const brands: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [16, 19] },
  { prefix: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(6011|64[4-9]|65)/, lengths: [16, 19] },
  { prefix: /^(30[0-5]|3[689])/, lengths: [14] },
  { prefix: /^35(2[89]|[3-8])/, lengths: [16] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
];

/** Each group by itself, and groups that follow each other as on a card: 4-4-4-4(-3), 4-6-5, 4-6-4, 8-8. */
function candidates(groups: readonly string[]): string[] {
  const joined = groups.flatMap((_, from) => [2, 3, 4, 5].map((many) => groups.slice(from, from + many)).filter((some) => layouts.has(some.map(({ length }) => length).join('-'))));
  return [...groups, ...joined.map((some) => some.join(''))];
}

const layouts = new Set(['4-4-4-4', '4-4-4-4-3', '4-6-5', '4-6-4', '8-8']);

/** Luhn. */
function hasRightCheckDigit(digits: string): boolean {
  const sum = digits.split('').toReversed().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

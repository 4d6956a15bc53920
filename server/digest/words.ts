import type { Formats } from '../platform/formats.ts';
import type { Translate } from '../platform/text.ts';
import type { DigestLine } from './read-digest.ts';

/** "3 customers cannot see 420.00": one sentence, for the page and for the mail. */
export function sentenceOf({ key, count, sums }: DigestLine, t: Translate, { money, number }: Formats): string {
  return t(`digest.${key}`, { count, number: number(count), amount: sums.map(({ cents, currency }) => money(cents, currency)).join(' + ') });
}

import { catalogue, type Translate } from '../platform/text.ts';

/** What a payment service answered, in the reader's words. It is kept, and stands in the portal log, as it was said; what we do not know stays so. */
export function answerInWords(answer: string, t: Translate): string {
  const key = `gateways.answer-${answer.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  return catalogue('en').has(key) ? t(key) : answer;
}

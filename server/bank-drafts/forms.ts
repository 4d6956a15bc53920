import { z } from 'zod';
import { required, text } from '../platform/forms.ts';

export type GivenDraft = z.infer<ReturnType<typeof draftForm>>;

/**
 * The number's fields are called secret…, so that a refused form never shows them again. Bank numbers may look like card numbers by chance.
 * @param isNew an account that is on file keeps its number when none is typed
 */
export function draftForm(currency: string, isNew: boolean) {
  return z.object({
    holder: required(100),
    kind: z.enum(['checking', 'savings'], 'forms.wrong'),
    routing: currency === 'USD' ? digits.refine(isRoutingNumber, 'bank-drafts.wrong-routing') : required(20, { anyNumber: true }),
    secretNumber: digits.refine((typed) => (typed === '' && !isNew) || /^\d{4,17}$/.test(typed), 'bank-drafts.wrong-number'),
    secretNumberAgain: digits,
  }).refine(({ secretNumber, secretNumberAgain }) => secretNumber === secretNumberAgain, { error: 'bank-drafts.not-the-same', path: ['secretNumberAgain'], when: () => true })
    .transform(({ holder, kind, routing, secretNumber }) => ({ holder, kind, routing, number: secretNumber }));
}

/** People type them in groups. */
const digits = text(40, { anyNumber: true }).transform((typed) => typed.replace(/[ -]/g, ''));

/** Nine digits of a district that exists, the last of them the check digit of the American Bankers Association. */
export function isRoutingNumber(typed: string): boolean {
  if (!/^(0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(typed)) return false;
  const weights = [3, 7, 1];
  return typed.split('').reduce((sum, digit, at) => sum + Number(digit) * (weights[at % 3] ?? 0), 0) % 10 === 0;
}

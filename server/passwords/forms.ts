import { z } from 'zod';
import { Refused } from '../platform/errors.ts';
import type { Translate } from '../platform/text.ts';
import { isEasyToGuess } from './strength.ts';

/** Taken exactly as typed, 8 to 128 characters, nothing asked of what they are. */
const chosen = z
  .string('forms.wrong')
  .refine((typed) => typed !== '', 'forms.required')
  .refine((typed) => typed === '' || lengthOf(typed) >= 8, 'passwords.too-short')
  .refine((typed) => lengthOf(typed) <= 128, 'passwords.too-long');

export const newPasswordFields = { password: chosen, passwordAgain: z.string('forms.wrong') };

/** Throws Refused, beside the field, when both do not agree or the password is one that is tried first. */
export async function refuseUnfit(given: { readonly password: string; readonly passwordAgain: string }, around: readonly (string | null | undefined)[], t: Translate): Promise<void> {
  if (given.password !== given.passwordAgain) throw new Refused({ passwordAgain: t('passwords.not-the-same') });
  if (await isEasyToGuess(given.password, around)) throw new Refused({ password: t('passwords.easy-to-guess') });
}

function lengthOf(text: string): number {
  return text.length > 1000 ? text.length : Array.from(text).length;
}

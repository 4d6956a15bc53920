import { z } from 'zod';
import { required, text } from '../platform/forms.ts';

export const oneLine = (max: number, options = {}) => text(max, options).transform((typed) => typed.replace(/\s+/g, ' '));

/** '' or something that can be dialled: at least five digits, and nothing but what stands in telephone numbers. */
export const phone = oneLine(40).refine((typed) => typed === '' || (/^[\d\s()+./x#-]+(ext\.? ?\d+)?$/i.test(typed) && (typed.match(/\d/g) ?? []).length >= 5), 'contacts.not-a-phone');

export const nameForm = z.object({ firstName: required(80).transform((typed) => typed.replace(/\s+/g, ' ')), lastName: required(80).transform((typed) => typed.replace(/\s+/g, ' ')) });
export const phonesForm = z.object({ cellPhone: phone, homePhone: phone, workPhone: phone, otherPhone: phone });
export const addressForm = z.object({ address1: oneLine(200), address2: oneLine(200), city: oneLine(100), region: oneLine(60), postalCode: oneLine(20) });
export const emailForm = z.object({ email: z.string('forms.wrong').trim().min(1, 'forms.required').pipe(z.email('links.not-an-email').max(200, 'forms.too-long')) });

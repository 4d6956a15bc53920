import { z } from 'zod';
import { addressForm, oneLine, phone } from '../contacts/detail-forms.ts';
import { read } from '../platform/database.ts';
import { Refused } from '../platform/errors.ts';
import { checkbox } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';

/** S1-67 to S1-77: the fields of a contact and their columns. Check boxes are those with an empty default of false. */
export const texts = {
  firstName: 'first_name', lastName: 'last_name', type: 'type', memberId: 'member_id', email: 'email',
  homePhone: 'home_phone', workPhone: 'work_phone', cellPhone: 'cell_phone', fax: 'fax', otherPhone: 'other_phone',
  address1: 'address1', address2: 'address2', city: 'city', region: 'region', postalCode: 'postal_code',
} as const;
export const boxes = {
  isPrimary: 'is_primary', isBilling: 'is_billing', mayPickUp: 'may_pick_up', massEmailOptOut: 'mass_email_opt_out',
  maySignIn: 'may_sign_in', mayManageAbsences: 'may_manage_absences', maySeeMoney: 'may_see_money', mayPay: 'may_pay',
} as const;

export const contactForm = z
  .object({
    firstName: oneLine(80), lastName: oneLine(80), type: oneLine(60), memberId: oneLine(60, { anyNumber: true }), email: oneLine(200),
    homePhone: oneLine(60), workPhone: oneLine(60), cellPhone: oneLine(60), fax: oneLine(60), otherPhone: oneLine(60), ...addressForm.shape,
    isPrimary: checkbox, isBilling: checkbox, mayPickUp: checkbox, massEmailOptOut: checkbox, maySignIn: checkbox, mayManageAbsences: checkbox, maySeeMoney: checkbox, mayPay: checkbox,
  })
  .refine(({ firstName, lastName }) => firstName || lastName, { path: ['lastName'], message: 'staff-contacts.no-name' })
  .refine(({ maySeeMoney, mayPay }) => maySeeMoney || !mayPay, { path: ['mayPay'], message: 'staff-contacts.pays-unseen' });

export type ContactValues = z.infer<typeof contactForm>;

/** An address that can be one, as the door asks it (S1-74). */
export const isAddress = (email: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email);

/** What came from elsewhere and is no address or telephone number stays until somebody writes another: only what is new has to be one. */
export function checkReach(form: ContactValues, before: Partial<ContactValues>, t: Translate): void {
  const errors: Record<string, string> = {};
  if (form.email && form.email !== before.email && !isAddress(form.email)) errors['email'] = t('links.not-an-email');
  for (const name of phones) if (form[name] !== before[name] && !phone.safeParse(form[name]).success) errors[name] = t('contacts.not-a-phone');
  if (Object.keys(errors).length) throw new Refused(errors);
}

export const phones = ['homePhone', 'workPhone', 'cellPhone', 'fax', 'otherPhone'] as const;

export interface VersionOf<Values> {
  readonly revision: number;
  readonly values: Values;
}

export async function readContactVersion(id: string): Promise<VersionOf<ContactValues> | undefined> {
  const [row] = await read<VersionOf<ContactValues> & Record<string, unknown>>('contact-version', `select c.revision, ${asJson} as values from app.contacts c where c.id = $1`, [id]);
  return row;
}

const asJson = `jsonb_build_object(${[
  ...Object.entries(texts).map(([name, column]) => `'${name}', coalesce(c.${column}, '')`),
  ...Object.entries(boxes).map(([name, column]) => `'${name}', c.${column}`),
].join(', ')})`;

import { z } from 'zod';
import { holdsCardNumber } from './card-number.ts';
import { Refused, type FieldErrors } from './errors.ts';
import type { Translate } from './text.ts';

/**
 * Reads a posted form by its schema. A wrong value throws Refused with one message per field; the messages of the schema are keys
 * of texts ('forms.required'). Arrays or objects where a text is expected are wrong values, too.
 */
export function readForm<Schema extends z.ZodType>(schema: Schema, body: unknown, t: Translate): z.infer<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new Refused(fieldErrors(result.error, t));
}

export function fieldErrors(error: z.ZodError, t: Translate): FieldErrors {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) errors[String(issue.path[0] ?? '')] ??= t(keyOf(issue));
  return errors;
}

/** Refuses the form with one message beside one field ('' is the form as a whole). */
export function refuse(field: string, message: string): never {
  throw new Refused({ [field]: message });
}

// Control characters (but tab and line ends), and halves of surrogate pairs, are no text that a person types.
// oxlint-disable-next-line eslint/no-control-regex
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What somebody may write freely holds no card number: that is refused, and kept nowhere. Where a name or number of a thing is typed, any will do. */
export const text = (max: number, { min = 0, anyNumber = false } = {}) =>
  z
    .string('forms.wrong')
    .refine((value) => anyNumber || !holdsCardNumber(value), 'forms.card-number')
    .refine((value) => !unprintable.test(value), 'forms.unprintable')
    .trim()
    .min(min, 'forms.required')
    .max(max, 'forms.too-long');

export const required = (max: number, { anyNumber = false } = {}) => text(max, { min: 1, anyNumber });

/** A password is taken exactly as typed. */
export const secret = (max = 128) => z.string('forms.wrong').min(1, 'forms.required').max(max, 'forms.too-long');

export const isoDay = z.string('forms.wrong').refine(isCalendarDay, 'forms.not-a-day');
export const optionalDay = z.union([z.literal('').transform(() => null), isoDay]).optional();
export const uuid = z.uuid('forms.wrong');
export const checkbox = z
  .enum(['on', 'yes', ''], 'forms.wrong')
  .optional()
  .transform((value) => value === 'on' || value === 'yes');

/** Check boxes or a multiple choice: none, one text, or several. */
export const list = <Item extends z.ZodType<unknown, string>>(item: Item, max = 500) =>
  z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(item).max(max, 'forms.too-many'));

/** A range that ends before it begins finds nothing: said beside its end. */
export function inOrder(given: { readonly from?: string | null | undefined; readonly to?: string | null | undefined; readonly least?: number | null | undefined; readonly most?: number | null | undefined }, context: z.RefinementCtx): void {
  if (given.from && given.to && given.from > given.to) context.addIssue({ code: 'custom', path: ['to'], message: 'forms.to-before-from' });
  if (typeof given.least === 'number' && typeof given.most === 'number' && given.least > given.most) context.addIssue({ code: 'custom', path: ['most'], message: 'forms.most-below-least' });
}

/** The last row of the page before, as an address names it: '2026-11-22_<id>'. Without the look at day and id, the database would throw at them. */
export const dayCursor = z.string('forms.wrong').refine((value) => {
  const [day = '', id = ''] = value.split('_');
  return isCalendarDay(day) && z.uuid().safeParse(id).success;
}, 'forms.wrong');

export function isCalendarDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

function keyOf(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith('forms.') || /^[a-z-]+\.[a-z-]+$/.test(issue.message) ? issue.message : 'forms.wrong';
}

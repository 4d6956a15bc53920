import { z } from 'zod';
import { checkbox, isCalendarDay, required, text } from '../platform/forms.ts';
import { accesses, nouns, types, type CustomField, type Definition } from './field.ts';

const decimal = z.string('forms.wrong').trim().regex(/^$|^-?\d{1,12}(\.\d{1,4})?$/, 'custom-fields.not-a-number').transform((typed) => (typed ? plain(typed) : null));
const oneChoice = z.string().max(100, 'custom-fields.choice-too-long');

const shared = {
  label: required(80).transform((typed) => typed.replace(/\s+/g, ' ')),
  hint: text(200),
  access: z.enum(accesses, 'forms.wrong'),
  isRequired: checkbox,
  choices: text(6000).transform((typed) => [...new Set(typed.split('\n').map((line) => line.replace(/\s+/g, ' ').trim()).filter(Boolean))]).pipe(z.array(oneChoice).max(100, 'custom-fields.too-many-choices')),
  least: decimal,
  most: decimal,
};
const whole = z.object(shared).superRefine(checkRange);

export const newForm = z
  .object({
    ...shared, noun: z.enum(nouns, 'forms.wrong'), type: z.enum(types, 'forms.wrong'),
    key: text(40, { anyNumber: true }).refine((typed) => typed === '' || /^[a-z][a-z0-9_]*$/.test(typed), 'custom-fields.not-a-key'),
  })
  .superRefine(checkRange)
  .superRefine(({ type, choices }, context) => {
    if (type === 'choice' && !choices.length) context.addIssue({ code: 'custom', path: ['choices'], message: 'custom-fields.no-choices' });
  })
  .transform((form): Definition => ({ ...form, key: form.key || keyOf(form.label), ...(form.type === 'choice' ? {} : { choices: [] }) }));

/** Noun, key and type stay what they were: what stands in the field is of that type. */
export function changeForm({ noun, key, type }: CustomField) {
  return whole.extend({ version: z.coerce.number('forms.wrong').int('forms.wrong').min(1, 'forms.wrong').max(1e9, 'forms.wrong') }).superRefine(({ choices }, context) => {
    if (type === 'choice' && !choices.length) context.addIssue({ code: 'custom', path: ['choices'], message: 'custom-fields.no-choices' });
  }).transform((form) => ({ ...form, noun, key, type }));
}

/** What stands in a field in its one form, null for nothing, or what is wrong with what was typed. */
export function readValue(field: CustomField, typed: unknown, before: string | null): { value: string | null } | { error: string } {
  if (typeof typed !== 'string') return typed === undefined ? { value: before } : { error: 'forms.wrong' };
  const given = typed.trim();
  if (given === '') return { value: null };
  // What stands there already may stay, also when its choice or its range has gone since.
  return given === before ? { value: before } : readers[field.type](field, given);
}

type Reader = (field: CustomField, typed: string) => { value: string } | { error: string };
const readers: Readonly<Record<CustomField['type'], Reader>> = {
  text: (_field, typed) => {
    const result = text(1000).safeParse(typed.replace(/\r\n?/g, '\n'));
    return result.success ? { value: result.data } : { error: result.error.issues[0]?.message ?? 'forms.wrong' };
  },
  number: ({ least, most }, typed) => {
    // A comma may part decimals, but before three digits nobody can tell it from thousands.
    if (!/^-?\d{1,12}(\.\d{1,4}|,\d{1,2}|,\d{4})?$/.test(typed)) return { error: 'custom-fields.not-a-number' };
    const value = plain(typed.replace(',', '.'));
    const isOutside = (least !== null && Number(value) < Number(least)) || (most !== null && Number(value) > Number(most));
    return isOutside ? { error: 'custom-fields.out-of-range' } : { value };
  },
  date: (_field, typed) => (isCalendarDay(typed) && typed >= '1000-01-01' ? { value: typed } : { error: 'forms.not-a-day' }),
  choice: ({ choices }, typed) => (choices.includes(typed) ? { value: typed } : { error: 'custom-fields.not-a-choice' }),
  yes_no: (_field, typed) => (typed === 'yes' || typed === 'no' ? { value: typed } : { error: 'forms.wrong' }),
};

function plain(typed: string): string {
  const value = typed.replace(/^(-?)0+(?=\d)/, '$1').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  return value === '-0' ? '0' : value;
}

/** 'Gate code (side)' -> 'gate_code_side' */
function keyOf(label: string): string {
  const key = label.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40);
  return key || 'field';
}

function checkRange({ least, most }: { least: string | null; most: string | null }, context: z.RefinementCtx): void {
  if (least !== null && most !== null && Number(least) > Number(most)) context.addIssue({ code: 'custom', path: ['most'], message: 'forms.most-below-least' });
}

import type { z } from 'zod';
import { text } from '../platform/forms.ts';
import type { FieldErrors } from '../platform/errors.ts';
import type { Translate } from '../platform/text.ts';
import type { Setting } from '../settings/kinds.ts';
import { settings, type SettingName, type SettingsDocument } from '../settings/schema.ts';

export type Posted = Readonly<Record<string, unknown>>;

/** These settings as a form gives them, and what is wrong with them, by field. What the form leaves out is left out. */
export function readValues(names: readonly SettingName[], body: Posted, t: Translate): { values: Partial<SettingsDocument>; errors: FieldErrors } {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const name of names.filter((given) => body[given] !== undefined)) {
    const typed = typedValue(settings[name], body[name]);
    const result = settings[name].type.safeParse(typed);
    if (result.success) values[name] = result.data;
    else errors[name] = t(errorKey(settings[name], typed, result.error), { min: settings[name].min ?? 0, max: settings[name].max ?? 0 });
  }
  return { values, errors };
}

/** What a form gives under a name, where it is one text. */
export const textOf = (given: unknown): string => (typeof given === 'string' ? given : '');

/** A value as the control of a form holds it: the other way round. */
export function formValue(name: SettingName, document: SettingsDocument): string | string[] {
  const value: unknown = document[name];
  return Array.isArray(value) ? value.map(String) : String(value);
}

/** Text on one line: line breaks and runs of blanks are single blanks, and signs that nobody sees are no text. */
export const oneLine = (max: number) => text(max).transform((typed) => (isVisible.test(typed) ? typed.replace(/\s+/g, ' ') : ''));

const isVisible = /[\p{L}\p{N}\p{P}\p{S}]/u;
const mostCharacters = 5000;

/** undefined, or something of a wrong type, for what the control of this setting cannot send: the schema refuses it. */
function typedValue(setting: Setting, raw: unknown): unknown {
  if (setting.control === 'set') return inOrderOf(setting.choices ?? [], [raw].flat().filter((item) => item !== ''));
  if (setting.control === 'number') return typeof raw === 'string' && /^\s*\d{1,9}\s*$/.test(raw) ? Number(raw) : undefined;
  if (setting.control === 'lines') return text(mostCharacters).safeParse(raw).data?.replace(/\r\n?/g, '\n');
  const typed = oneLine(mostCharacters).safeParse(raw).data;
  // People paste the address of the page, or its name with an @ before it.
  if (setting.control === 'handle') return typed?.replace(/^(https?:\/\/)?([a-z-]+\.)?(facebook|fb|twitter|x|linkedin)\.com\/|^@/i, '').replace(/[/?#]*$|[?#].*$/, '');
  return setting.control === 'colour' ? typed?.replace(/^#?([0-9a-f]{6})$/i, (_, digits: string) => `#${digits.toLowerCase()}`) : typed;
}

function inOrderOf(choices: readonly string[], given: readonly unknown[]): unknown[] {
  return [...new Set([...choices.filter((choice) => given.includes(choice)), ...given])];
}

function errorKey({ control }: Setting, typed: unknown, error: z.ZodError): string {
  if (control === 'text' || control === 'lines') {
    if (error.issues[0]?.code === 'too_big') return 'settings.error-too-long';
    return typed === '' ? 'settings.error-required' : 'settings.error-text';
  }
  if (control === 'set') return Array.isArray(typed) && !typed.length ? 'settings.error-set' : 'settings.error-choice';
  if (control === 'choice' || control === 'zone' || control === 'currency') return 'settings.error-choice';
  return `settings.error-${control}`;
}

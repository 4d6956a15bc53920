import type { MethodKind, SavedMethod } from '../gateway.ts';
import { findTestNumber, isLuhnValid, testRouting } from './numbers.ts';

export interface Field {
  readonly name: string;
  readonly inputMode: 'text' | 'numeric';
  readonly size: 'wide' | 'narrow';
  readonly autocomplete: 'name' | 'off';
  readonly hasHint: boolean;
}

/** What was typed. Numbers and CVC are never among the values, so no page and no record can repeat them. */
export interface Read {
  readonly values: Readonly<Record<string, string>>;
  /** One key of the page's words per field. */
  readonly errors: Readonly<Record<string, string>>;
  readonly method?: Omit<SavedMethod, 'token'> & { readonly number: string };
}

// No autofill for the secrets: it would put a real card into a test page.
const name: Field = { name: 'name', inputMode: 'text', size: 'wide', autocomplete: 'name', hasHint: false };
const number: Field = { name: 'number', inputMode: 'numeric', size: 'wide', autocomplete: 'off', hasHint: false };
const fields: Record<MethodKind, readonly Field[]> = {
  card: [
    name, number,
    { name: 'expiry', inputMode: 'text', size: 'narrow', autocomplete: 'off', hasHint: true },
    { name: 'cvc', inputMode: 'numeric', size: 'narrow', autocomplete: 'off', hasHint: true },
  ],
  bank: [name, { name: 'routing', inputMode: 'numeric', size: 'wide', autocomplete: 'off', hasHint: true }, number],
};

export function fieldsOf(kind: MethodKind): readonly Field[] {
  return fields[kind];
}

/** @param now milliseconds, decides whether an expiry date has passed */
export function readForm(kind: MethodKind, body: unknown, now: number): Read {
  const text = (field: string) => typed(body, field);
  return kind === 'card' ? readCard(text, now) : readBank(text);
}

type Text = (field: string) => string;

function typed(body: unknown, field: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value.trim() : '';
}

function readCard(text: Text, now: number): Read {
  const digits = text('number').replace(/[ -]/g, '');
  const test = findTestNumber('card', digits);
  const expiry = readExpiry(text('expiry'));
  const errors = only({
    name: nameError(text),
    number: test ? '' : cardError(digits),
    expiry: expiry ? (hasPassed(expiry, now) ? 'error.expiry.past' : '') : 'error.expiry',
    cvc: new RegExp(`^\\d{${test?.id === 'amex' ? 4 : 3}}$`).test(text('cvc')) ? '' : (test?.id === 'amex' ? 'error.cvc.amex' : 'error.cvc'),
  });
  const values = { name: text('name'), expiry: text('expiry') };
  if (!test || !expiry || Object.keys(errors).length > 0) return { values, errors };
  return { values, errors, method: { kind: 'card', number: test.id, brand: test.brand, last4: digits.slice(-4), ...expiry } };
}

function readBank(text: Text): Read {
  const digits = text('number').replace(/[ -]/g, '');
  const test = findTestNumber('bank', digits);
  const errors = only({
    name: nameError(text),
    routing: text('routing') === testRouting ? '' : (/^\d{9}$/.test(text('routing')) ? 'error.routing.other' : 'error.routing'),
    number: test ? '' : (/^\d{4,17}$/.test(digits) ? 'error.number.real' : 'error.account'),
  });
  const values = { name: text('name'), routing: text('routing') };
  if (!test || Object.keys(errors).length > 0) return { values, errors };
  return { values, errors, method: { kind: 'bank', number: test.id, brand: test.brand, last4: digits.slice(-4), expMonth: null, expYear: null } };
}

function nameError(text: Text): string {
  if (text('name') === '') return 'error.name';
  return text('name').length > 200 ? 'error.name.long' : '';
}

function cardError(digits: string): string {
  return /^\d{13,19}$/.test(digits) && isLuhnValid(digits) ? 'error.number.real' : 'error.number';
}

function readExpiry(text: string): { expMonth: number; expYear: number } | undefined {
  const [, month, year] = /^(0?[1-9]|1[0-2])\s*\/\s*(?:20)?(\d\d)$/.exec(text) ?? [];
  return month && year ? { expMonth: Number(month), expYear: 2000 + Number(year) } : undefined;
}

/** A card is good to the end of its month; UTC is near enough for test cards. */
function hasPassed({ expMonth, expYear }: { expMonth: number; expYear: number }, now: number): boolean {
  return now >= Date.UTC(expYear, expMonth);
}

function only(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).filter(([, key]) => key !== ''));
}

import type { Site } from '../../site/site.ts';
import type { NounName } from '../columns.ts';
import { cellError, type CellError } from '../row-errors.ts';

/** The meanings of a row's cells by column; null is empty. */
export type Row = Readonly<Record<string, string | null>>;

type Fault = readonly [column: string, error: CellError];

/** What the cells of one row say about each other, once each of them is right by itself. */
export function checkRow(noun: NounName, row: Row, site: Site): Fault | undefined {
  return rules[noun]?.(row, site);
}

const rules: Partial<Record<NounName, (row: Row, site: Site) => Fault | undefined>> = {
  contacts: ({ login_id: loginId }, { identifier }) =>
    identifier === 'email' && loginId && !loginId.includes('@') ? ['login_id', cellError('login-not-an-email')] : undefined,
  invoices: ({ issued_on: issuedOn, due_on: dueOn }) =>
    dueOn && issuedOn && dueOn < issuedOn ? ['due_on', cellError('due-before-issued', { issued: issuedOn })] : undefined,
  payments: (row) =>
    row['applies_to'] && row['state'] !== 'succeeded' ? ['applies_to', cellError('not-succeeded', { state: row['state'] ?? '' })] : checkApplied(row),
  credits: checkApplied,
  visits: checkVisit,
};

/** What waits has no time yet, what is scheduled or done has all of it. */
function checkVisit({ status, day, starts, ends, series, repeats }: Row): Fault | undefined {
  const times = Object.entries({ day, starts, ends });
  const [first] = times.find(([, value]) => (status === 'waiting') === Boolean(value)) ?? [];
  if (first && status === 'waiting') return [first, cellError('waits-without-time')];
  if (first && (status !== 'cancelled' || times.some(([, value]) => value))) return [first, cellError('required')];
  return series && !repeats ? ['repeats', cellError('required')] : undefined;
}

function checkApplied({ applies_to: list, amount, currency }: Row): Fault | undefined {
  const applied = (list ?? '').split('|').reduce((sum, part) => sum + Number(part.split(':')[1] ?? 0), 0);
  if (applied <= Number(amount)) return undefined;
  return ['applies_to', cellError('applies-too-much', { appliedCents: applied, amountCents: Number(amount), currency: currency ?? '' })];
}

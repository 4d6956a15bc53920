import { z } from 'zod';
import type { FieldErrors } from '../platform/errors.ts';
import { dayCursor, fieldErrors, optionalDay } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';
import type { Site } from '../site/site.ts';
import { kindGroups, readHistory, type Cursor, type HistoryLine, type HistoryRange, type KindGroup } from '../ledger/read-history.ts';

/** What somebody asks of a history in the address. */
export interface HistoryQuery {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly kind: KindGroup;
  readonly currency?: string | undefined;
  readonly after?: Cursor | undefined;
  readonly errors: FieldErrors;
  readonly isFiltered: boolean;
}

export const pageSize = 25;
export const mostRows = 5000;
/** Longer ones are made in the background. */
export const mostPdfLines = 500;

/** A wrong query shows everything, and says beside the field what is wrong. */
export function readQuery(query: unknown, t: Translate): HistoryQuery {
  const result = form.safeParse(query);
  if (!result.success) return { kind: 'all', errors: fieldErrors(result.error, t), isFiltered: false };
  const { after, ...asked } = result.data;
  const [day = '', id = ''] = (after ?? '').split('_');
  return { ...asked, ...(after ? { after: { day, id } } : {}), errors: {}, isFiltered: Boolean(asked.from || asked.to || asked.currency || asked.kind !== 'all') };
}

/** One page, and the cursor of the next one: '' when this is the last. */
export async function readPage(accountId: string, range: HistoryRange, order: 'newest' | 'oldest', { size, after }: { size: number; after?: Cursor | undefined }): Promise<{ lines: HistoryLine[]; next: string }> {
  return pageOf(await readHistory(accountId, range, order, size, after), size);
}

/** Of lines that are one more than `size` when there are more. */
export function pageOf(found: readonly HistoryLine[], size: number): { lines: HistoryLine[]; next: string } {
  const last = found.length > size ? found[size - 1] : undefined;
  return { lines: found.slice(0, size), next: last ? `${last.postedOn}_${last.id}` : '' };
}

export function rangeOf({ kind, currency, from, to }: HistoryQuery, currencies: readonly string[]): HistoryRange {
  return { from, to, kinds: kindGroups[kind], currencies: currency ? [currency] : currencies };
}

/** A day and a currency, for what is true at the end of that day. */
export function readDayQuery(query: unknown, site: Site, t: Translate): { on: string; currency: string; errors: FieldErrors } {
  const result = dayForm.safeParse(query);
  const { on, currency } = result.success ? result.data : {};
  return { on: on || site.today(), currency: currency ?? site.currency, errors: result.success ? {} : fieldErrors(result.error, t) };
}

const currencyCode = z.string('forms.wrong').regex(/^[A-Z]{3}$/, 'forms.wrong');

export const optionalCurrency = z.union([z.literal('').transform(() => undefined), currencyCode]).optional();
const dayForm = z.object({ on: optionalDay, currency: optionalCurrency });
const form = z.object({
  from: optionalDay,
  to: optionalDay,
  kind: z.enum(Object.keys(kindGroups) as [KindGroup, ...KindGroup[]], 'forms.wrong').default('all'),
  currency: optionalCurrency,
  after: dayCursor.optional(),
}).refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: 'transactions.to-before-from' });

import { z } from 'zod';
import type { FieldErrors } from '../platform/errors.ts';
import { dayCursor, fieldErrors, optionalDay, text } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';
import type { Cursor, UsageFilter } from './usage.ts';

export interface UsageQuery {
  readonly filter: UsageFilter;
  readonly after?: Cursor | undefined;
  readonly errors: FieldErrors;
  /** The filter as it stands in an address: '?from=2026-11-01', '' without one. */
  readonly asked: string;
}

/** A wrong query shows everything, and says beside the field what is wrong. */
export function readQuery(query: unknown, t: Translate): UsageQuery {
  const result = form.safeParse(query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, t), asked: '' };
  const { after, ...given } = result.data;
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as UsageFilter;
  const asked = new URLSearchParams(filter as Record<string, string>).toString();
  const [day = '', id = ''] = (after ?? '').split('_');
  return { filter, errors: {}, asked: asked && `?${asked}`, ...(after ? { after: { day, id } } : {}) };
}

const quantity = text(20).refine((typed) => typed === '' || /^\d{1,12}(\.\d{1,6})?$/.test(typed), 'usages.not-a-quantity').optional();

const form = z.object({
  text: text(100).optional(),
  from: optionalDay,
  to: optionalDay,
  invoiced: z.union([z.literal('').transform(() => undefined), z.enum(['yes', 'no'], 'forms.wrong')]).optional(),
  least: quantity,
  most: quantity,
  after: dayCursor.optional().catch(undefined),
});

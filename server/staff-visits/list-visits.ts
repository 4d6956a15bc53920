import { z } from 'zod';
import { run } from '../platform/database.ts';
import type { FieldErrors } from '../platform/errors.ts';
import { fieldErrors, inOrder, optionalDay, text, uuid } from '../platform/forms.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { VisitStatus } from '../visits/visit.ts';

export interface ListedVisit {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly status: VisitStatus;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly resource: string | null;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly priceCents: number | null;
  readonly currency: string;
}

export interface VisitSearch {
  readonly filter: Readonly<Record<string, string>>;
  readonly after?: string | undefined;
  readonly errors: FieldErrors;
}

/** A wrong search lists everything, and says beside the field what is wrong. */
export function readSearch({ query, t }: Pick<StaffRequest, 't'> & { readonly query: unknown }): VisitSearch {
  const result = searchForm.safeParse(query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, t) };
  const { after, ...rest } = result.data;
  return { filter: Object.fromEntries(Object.entries(rest).filter(([, value]) => value)) as Record<string, string>, after, errors: {} };
}

/** The latest first; what has no day yet stands where it was written down. `next` is empty on the last page. */
export async function listVisits({ filter, after }: VisitSearch, zone: string, size: number): Promise<{ rows: ListedVisit[]; next: string }> {
  const values: unknown[] = [zone];
  const given = (value: unknown) => `$${values.push(value)}`;
  const asked = Object.entries(filter).map(([name, value]) => conditions[name]?.(given(name === 'q' ? `%${value.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : value)) ?? 'true');
  if (after) asked.push(`(v.listed_at, v.id) < (select listed_at, id from app.visits where id = ${given(after)}::uuid)`);
  const rows = await run<ListedVisit & Record<string, unknown>>(`select ${columns} where $1::text is not null ${asked.map((one) => `and ${one}`).join(' ')} order by v.listed_at desc, v.id desc limit ${size + 1}`, values);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last?.id ?? '' };
}

const conditions: Readonly<Record<string, (value: string) => string>> = {
  q: (value) => `(v.title ilike ${value} or v.number ilike ${value} or v.account_id in (select id from app.accounts where name ilike ${value} or number ilike ${value}))`,
  status: (value) => `v.status = ${value}`,
  resource: (value) => `v.resource_id = ${value}::uuid`,
  from: (value) => `v.listed_at >= ${value}::date::timestamp at time zone $1`,
  to: (value) => `v.listed_at < (${value}::date + 1)::timestamp at time zone $1`,
};

const columns = `v.id, v.number, v.title, v.status, v.starts_at as "startsAt", v.ends_at as "endsAt", (select name from app.resources r where (r.tenant_id, r.id) = (v.tenant_id, v.resource_id)) as resource,
  (select number from app.accounts a where (a.tenant_id, a.id) = (v.tenant_id, v.account_id)) as "accountNumber", (select name from app.accounts a where (a.tenant_id, a.id) = (v.tenant_id, v.account_id)) as "accountName",
  v.price_cents as "priceCents", v.currency from app.visits v`;

const none = z.literal('').transform(() => undefined);
const searchForm = z.object({
  q: text(60).optional(),
  status: z.union([none, z.enum(['waiting', 'scheduled', 'done', 'cancelled'], 'forms.wrong')]).optional(),
  resource: z.union([none, uuid]).optional(),
  from: optionalDay,
  to: optionalDay,
  after: uuid.optional().catch(undefined),
}).superRefine(inOrder);

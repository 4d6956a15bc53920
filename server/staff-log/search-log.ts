import { z } from 'zod';
import { read, run } from '../platform/database.ts';
import type { FieldErrors } from '../platform/errors.ts';
import { fieldErrors, inOrder, optionalDay, text, uuid } from '../platform/forms.ts';
import { kinds, type PortalLogKind } from '../portal-log/kinds.ts';
import type { StaffRequest } from '../tenancy/people.ts';

export interface LogLine {
  readonly id: string;
  readonly at: Date;
  readonly kind: PortalLogKind;
  readonly message: string;
  readonly reason: string | null;
  readonly accountName: string | null;
  /** null where the account or the contact is gone: their names have stayed. */
  readonly accountNumber: string | null;
  readonly contactId: string | null;
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  readonly loginId: string | null;
  readonly staffName: string | null;
}

export interface LogFilter {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: PortalLogKind;
  readonly login?: string;
  readonly account?: string;
  readonly contact?: string;
  readonly q?: string;
}

/** Microseconds since 1970 and the id of the line before. */
export type LogCursor = readonly [micros: string, id: string];

export interface LogSearch {
  readonly filter: LogFilter;
  readonly after?: LogCursor;
  readonly errors: FieldErrors;
}

export interface LogPage {
  readonly rows: LogLine[];
  /** The cursor of the next page, or ''. */
  readonly next: string;
  /** Where to go on looking when nothing more was found in the lines that one search looks at, or ''. `stoppedAt` is how far it came. */
  readonly further: string;
  readonly stoppedAt: Date | null;
  /** How many lines were looked at. */
  readonly looked: number;
}

/** So many lines are looked through at once for what no index finds. */
export const stretch = 20_000;

/** Empty fields of the form are no criteria. */
const blank = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const words = (max: number) => blank(text(max, { anyNumber: true }));
const cursor = z.string('forms.wrong').regex(/^\d{1,16}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'forms.wrong');
const form = z
  .object({ from: optionalDay, to: optionalDay, kind: blank(z.enum(kinds, 'forms.wrong')), login: words(200), account: words(200), contact: blank(uuid), q: words(100), after: blank(cursor) })
  .superRefine(inOrder);

/** A wrong search lists everything, and says beside the field what is wrong. */
export function readLogSearch({ query, t }: Pick<StaffRequest, 't'> & { readonly query: unknown }): LogSearch {
  const result = form.safeParse(query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, t) };
  const { after, ...asked } = result.data;
  const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) as LogFilter;
  return { filter, errors: {}, ...(after ? { after: after.split('_') as unknown as LogCursor } : {}) };
}

interface Where {
  /** What one index finds, in order. */
  readonly indexed: string;
  /** What is then looked for in a bounded stretch of it. */
  readonly rest: string;
  readonly values: unknown[];
}

/** The newest first. Whatever is asked for, at most `stretch` lines are read. */
export async function searchLog({ filter, after }: Pick<LogSearch, 'filter' | 'after'>, zone: string, size: number): Promise<LogPage> {
  const { indexed, rest, values } = await whereOf(filter, zone, after);
  const most = rest ? stretch : size + 1;
  const found = await run<LogLine & { micros: number; place: number; matches: boolean }>(
    `select p.*, a.number as "accountNumber", c.id as "contactId" from (
       select s.id, s.at, s.kind, s.message, s.reason, s.account_name as "accountName", s.contact_name as "contactName", s.contact_email as "contactEmail", s.login_id as "loginId",
              s.staff_name as "staffName", s.account_id, s.contact_id, s.place, (extract(epoch from s.at) * 1000000)::bigint as micros, (${rest || 'true'}) as matches
         from (select *, row_number() over (order by at desc, id desc)::int as place from app.portal_log ${indexed} order by at desc, id desc limit ${most}) s
        where ${rest ? `(${rest}) or s.place = ${stretch}` : 'true'} order by s.at desc, s.id desc limit ${size + 1}) p
       left join app.accounts a on a.id = p.account_id left join app.contacts c on c.id = p.contact_id
      order by p.at desc, p.id desc`,
    values,
  );
  const rows = found.filter(({ matches }) => matches);
  const cursorOf = (row: { micros: number; id: string } | undefined) => (row ? `${row.micros}_${row.id}` : '');
  if (rows.length > size) return { rows: rows.slice(0, size), next: cursorOf(rows[size - 1]), further: '', stoppedAt: null, looked: rows[size - 1]?.place ?? 0 };
  const end = rest ? found.find(({ place }) => place === stretch) : undefined;
  return { rows, next: '', further: cursorOf(end), stoppedAt: end?.at ?? null, looked: end?.place ?? rows.at(-1)?.place ?? 0 };
}

/** All lines that a search looks at: for jobs alone. */
export async function countLog({ filter }: Pick<LogSearch, 'filter'>, zone: string): Promise<number> {
  const { indexed, values } = await whereOf(filter, zone);
  const used = [...indexed.matchAll(/\$(\d+)/g)].map(([, at]) => Number(at));
  const [found] = await run<{ count: number }>(`select count(*)::int as count from app.portal_log ${indexed}`, values.slice(0, Math.max(0, ...used)));
  return found?.count ?? 0;
}

/** The narrowest criterion goes to its index; local days begin and end when they do in the organization's zone, 23 or 25 hours apart where clocks change. */
async function whereOf({ from, to, kind, login, account, contact, q }: LogFilter, zone: string, after?: LogCursor): Promise<Where> {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const range = [
    from && `at >= (${given(from)}::date)::timestamp at time zone ${given(zone)}`,
    to && `at < (${given(to)}::date + 1)::timestamp at time zone ${given(zone)}`,
    after && `(at, id) < (timestamptz 'epoch' + ${given(after[0])}::bigint * interval '1 microsecond', ${given(after[1])}::uuid)`,
  ].filter(Boolean);
  const one = account ? await accountCondition(account, given) : '';
  const criteria = [contact && `contact_id = ${given(contact)}`, login && `login_key = lower(${given(login)})`, one, kind && `kind = ${given(kind)}`].filter(Boolean);
  const [first, ...others] = criteria;
  const where = [first, ...range].filter(Boolean).join(' and ');
  const like = q && given(`%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
  const rest = [...others, like && `concat_ws(' ', message, account_name, contact_name, contact_email, login_id, staff_name) ilike ${like}`].filter(Boolean).join(' and ');
  return { indexed: where && `where ${where}`, rest, values };
}

/** An account by its number, whatever it was called when the line was written; else the name, as it was then. */
async function accountCondition(typed: string, given: (value: unknown) => string): Promise<string> {
  const [account] = await read<{ id: string }>('log-account', 'select id from app.accounts where number = $1', [typed]);
  return account ? `account_id = ${given(account.id)}` : `account_key = lower(${given(typed)})`;
}

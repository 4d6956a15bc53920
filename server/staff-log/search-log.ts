import { z } from 'zod';
import { boundedSearch, countBounded, cursorOf, cursorPattern, likeText, splitCriteria, type Criterion, type Cursor, type Found } from '../platform/bounded-search.ts';
import { read } from '../platform/database.ts';
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

export interface LogSearch {
  readonly filter: LogFilter;
  readonly after?: Cursor;
  readonly errors: FieldErrors;
}

/** Empty fields of the form are no criteria. */
const blank = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const words = (max: number) => blank(text(max, { anyNumber: true }));
const form = z
  .object({ from: optionalDay, to: optionalDay, kind: blank(z.enum(kinds, 'forms.wrong')), login: words(200), account: words(200), contact: blank(uuid), q: words(100), after: blank(z.string('forms.wrong').regex(cursorPattern, 'forms.wrong')) })
  .superRefine(inOrder);

/** A wrong search lists everything, and says beside the field what is wrong. */
export function readLogSearch({ query, t }: Pick<StaffRequest, 't'> & { readonly query: unknown }): LogSearch {
  const result = form.safeParse(query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, t) };
  const { after, ...asked } = result.data;
  const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) as LogFilter;
  return { filter, errors: {}, ...(after ? { after: cursorOf(after) } : {}) };
}

/** The newest first. Whatever is asked for, a bounded stretch of lines is read. */
export async function searchLog({ filter, after }: Pick<LogSearch, 'filter' | 'after'>, zone: string, size: number): Promise<Found<LogLine>> {
  return boundedSearch<LogLine>({ ...log, ...(await criteriaOf(filter, zone, after)) }, size);
}

/** All lines that a search looks at: for jobs alone. */
export async function countLog({ filter }: Pick<LogSearch, 'filter'>, zone: string): Promise<number> {
  return countBounded({ ...log, ...(await criteriaOf(filter, zone)) });
}

const log = {
  table: 'app.portal_log',
  at: 'at',
  columns: `s.kind, s.message, s.reason, s.account_name as "accountName", s.contact_name as "contactName", s.contact_email as "contactEmail", s.login_id as "loginId",
            s.staff_name as "staffName", s.account_id, s.contact_id`,
  added: '(select a.number from app.accounts a where a.id = p.account_id) as "accountNumber", (select c.id from app.contacts c where c.id = p.contact_id) as "contactId"',
} as const;

async function criteriaOf({ from, to, kind, login, account, contact, q }: LogFilter, zone: string, after?: Cursor) {
  return splitCriteria(
    'at',
    { from, to, zone, after },
    [contact ? ['contact_id = ?', contact] : undefined, login ? ['login_key = lower(?)', login] : undefined, account ? await accountCriterion(account) : undefined, kind ? ['kind = ?', kind] : undefined],
    q ? [`concat_ws(' ', message, account_name, contact_name, contact_email, login_id, staff_name) ilike ?`, likeText(q)] : undefined,
  );
}

/** An account by its number, whatever it was called when the line was written; else the name, as it was then. */
async function accountCriterion(typed: string): Promise<Criterion> {
  const [account] = await read<{ id: string }>('log-account', 'select id from app.accounts where number = $1', [typed]);
  return account ? ['account_id = ?', account.id] : ['account_key = lower(?)', typed];
}

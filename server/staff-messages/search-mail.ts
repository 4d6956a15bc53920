import { z } from 'zod';
import { mailTypes, type MailType } from '../messages/types.ts';
import { boundedSearch, countBounded, cursorOf, cursorPattern, likeText, splitCriteria, type Criterion, type Cursor, type Found } from '../platform/bounded-search.ts';
import { read } from '../platform/database.ts';
import type { FieldErrors } from '../platform/errors.ts';
import { fieldErrors, inOrder, optionalDay, text, uuid } from '../platform/forms.ts';
import type { StaffRequest } from '../tenancy/people.ts';

export const mailStatuses = ['complete', 'queued', 'failed'] as const;

export interface SentMail {
  readonly id: string;
  /** When it left, else when it was written. */
  readonly sentAt: Date;
  readonly status: (typeof mailStatuses)[number];
  readonly type: MailType;
  readonly subject: string;
  /** '' where only the address is known: S1-97. */
  readonly recipient: string;
  readonly to: string;
  readonly from: string;
}

export interface MailFilter {
  readonly from?: string;
  readonly to?: string;
  readonly type?: MailType;
  readonly status?: SentMail['status'];
  readonly address?: string;
  readonly account?: string;
  readonly contact?: string;
  readonly q?: string;
}

export interface MailSearch {
  readonly filter: MailFilter;
  readonly after?: Cursor;
  readonly errors: FieldErrors;
}

/** Empty fields of the form are no criteria. */
const blank = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const words = (max: number) => blank(text(max, { anyNumber: true }));
const form = z
  .object({
    from: optionalDay, to: optionalDay, type: blank(z.enum(mailTypes, 'forms.wrong')), status: blank(z.enum(mailStatuses, 'forms.wrong')),
    address: words(200), account: words(200), contact: blank(uuid), q: words(100), after: blank(z.string('forms.wrong').regex(cursorPattern, 'forms.wrong')),
  })
  .superRefine(inOrder);

/** A wrong search lists everything, and says beside the field what is wrong. */
export function readMailSearch({ query, t }: Pick<StaffRequest, 't'> & { readonly query: unknown }): MailSearch {
  const result = form.safeParse(query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, t) };
  const { after, ...asked } = result.data;
  const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) as MailFilter;
  return { filter, errors: {}, ...(after ? { after: cursorOf(after) } : {}) };
}

/** The newest first; a bounded stretch is looked through. */
export async function searchMail({ filter, after }: Pick<MailSearch, 'filter' | 'after'>, zone: string, size: number): Promise<Found<SentMail>> {
  return boundedSearch<SentMail>({ ...mail, ...(await criteriaOf(filter, zone, after)) }, size);
}

/** All mails that a search looks at: for jobs alone. */
export async function countMail({ filter }: Pick<MailSearch, 'filter'>, zone: string): Promise<number> {
  return countBounded({ ...mail, ...(await criteriaOf(filter, zone)) });
}

const mail = {
  table: 'app.messages', at: 'created_at', added: '',
  columns: `coalesce(s.sent_at, s.created_at) as "sentAt", s.status, s.type, s.subject, s.recipient, s.to_address as "to", s.from_address as "from"`,
} as const;

async function criteriaOf({ from, to, type, status, address, account, contact, q }: MailFilter, zone: string, after?: Cursor) {
  return splitCriteria(
    'created_at',
    { from, to, zone, after },
    [
      contact ? ['contact_id = ?', contact] : undefined,
      address ? ['to_key = lower(?)', address] : undefined,
      account ? await accountCriterion(account) : undefined,
      status && status !== 'complete' ? ['status = ?', status] : undefined,
      type ? ['type = ?', type] : undefined,
      status === 'complete' ? ['status = ?', status] : undefined,
    ],
    q ? [`concat_ws(' ', subject, recipient, to_address, from_address) ilike ?`, likeText(q)] : undefined,
  );
}

/** By its number, or by its name: mails know only which account they were about. */
async function accountCriterion(typed: string): Promise<Criterion> {
  const ids = (await read<{ id: string }>('mail-accounts', 'select id from app.accounts where number = $1 or lower(name) = lower($1) order by number = $1 desc, id limit 50', [typed])).map(({ id }) => id);
  return ids.length === 1 ? ['account_id = ?', ids[0]] : ['account_id = any(?::uuid[])', ids];
}

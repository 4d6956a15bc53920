import { z } from 'zod';
import { text } from '../platform/forms.ts';
import { read } from '../platform/database.ts';
import { mayEnter } from '../logins/people.ts';
import type { AccountRecord } from '../account-record/account-record.ts';

export interface ListedAccount {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly stage: AccountRecord['stage'];
  /** Whom to ask for: the primary contact, or whoever stands first. */
  readonly contact: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly open: readonly { readonly currency: string; readonly cents: number; readonly lateCents: number }[];
}

export interface Cursor {
  readonly name: string;
  readonly id: string;
}

export const owingChoices = ['owes', 'late', 'nothing'] as const;
export const portalChoices = ['can', 'cannot', 'locked', 'none'] as const;
export const stages = ['active', 'lead', 'suspended', 'closed'] as const;

export const filterForm = z.object({
  q: text(100, { anyNumber: true }).optional().catch(undefined),
  stage: z.enum(stages).optional().catch(undefined),
  owing: z.enum(owingChoices).optional().catch(undefined),
  portal: z.enum(portalChoices).optional().catch(undefined),
  after: z.string().max(2000).regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} /).transform((given): Cursor => ({ id: given.slice(0, 36), name: given.slice(37) })).optional().catch(undefined),
});

export type AccountFilter = z.infer<typeof filterForm>;

/** By name, at most `size` and what follows. `q` is found in the name, the number and the addresses of contacts. */
export async function listAccounts({ q, stage, owing, portal, after }: AccountFilter, today: string, size: number): Promise<{ rows: ListedAccount[]; next: Cursor | undefined }> {
  const like = q ? `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
  const where = [q && found, stage && 'a.stage = $2', owing && owings[owing], portal && portals[portal], after && '(lower(a.name), a.id) > ($3, $4::uuid)'].filter(Boolean).join(' and ');
  const name = `staff-accounts:${[q && 'q', stage && 'stage', owing, portal, after && 'after'].filter(Boolean).join()}`;
  const statement = `with given as (select $1::text, $2::text, $3::text, $4::uuid, $5::date),
    page as (select a.id, a.number, a.name, a.stage, lower(a.name) as sorted from app.accounts a ${where && `where ${where}`} order by lower(a.name), a.id limit $6)
    select p.id, p.number, p.name, p.stage, p.sorted, c.name as contact, c.email, c.phone, o.currency, o.cents, o.late as "lateCents" from page p
      left join lateral (select concat_ws(' ', c.first_name, c.last_name) as name, c.email, coalesce(c.cell_phone, c.home_phone, c.work_phone, c.other_phone) as phone
        from app.contacts c where c.account_id = p.id order by c.is_primary desc, c.id limit 1) c on true
      left join lateral (select i.currency, sum(i.total_cents - i.paid_cents)::bigint as cents, coalesce(sum(i.total_cents - i.paid_cents) filter (where i.due_on < $5::date), 0)::bigint as late
        from app.visible_invoices i where i.account_id = p.id and i.paid_cents < i.total_cents group by i.currency) o on true
     order by p.sorted, p.id, o.currency`;
  const rows = byAccount(await read<Row & Record<string, unknown>>(name, statement, [like, stage ?? null, after?.name ?? null, after?.id ?? null, today, size + 1]));
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last && { name: last.sorted, id: last.id } };
}

/** An account in one currency in which it owes; without one when it owes nothing. */
type Row = Omit<Sorted, 'open'> & { readonly currency: string | null; readonly cents: number; readonly lateCents: number };
type Sorted = ListedAccount & { readonly sorted: string };

function byAccount(rows: readonly Row[]): Sorted[] {
  const accounts: (Sorted & { open: ListedAccount['open'][number][] })[] = [];
  for (const { currency, cents, lateCents, ...account } of rows) {
    if (accounts.at(-1)?.id !== account.id) accounts.push({ ...account, open: [] });
    if (currency) accounts.at(-1)?.open.push({ currency, cents, lateCents });
  }
  return accounts;
}

const found = `(a.name ilike $1 or a.number ilike $1 or exists (select from app.contacts c where c.account_id = a.id and c.email ilike $1))`;
const open = 'select from app.visible_invoices i where i.account_id = a.id and i.paid_cents < i.total_cents';
const owings = { owes: `exists (${open})`, late: `exists (${open} and i.due_on < $5::date)`, nothing: `not exists (${open})` };
const login = 'select from app.contacts c join app.logins l on l.id = c.login_ref where c.account_id = a.id';
// A scalar, so that it is asked row by row in the order of the names: joined, the planner compares every contact with every account.
const entering = `coalesce((select true from app.contacts c where c.account_id = a.id and ${mayEnter} limit 1), false)`;
const portals = {
  can: entering,
  cannot: `not ${entering}`,
  locked: `exists (${login} and l.locked_at is not null)`,
  none: `not exists (${login} and l.password_hash is not null)`,
};

/** How many accounts there are in each stage. */
export async function countStages(): Promise<Partial<Record<AccountRecord['stage'], number>>> {
  const [row] = await read<{ counts: Partial<Record<AccountRecord['stage'], number>> }>(
    'account-stages', `select coalesce(jsonb_object_agg(stage, count), '{}') as counts from (select stage, count(*) from app.accounts group by stage) s`,
  );
  return row?.counts ?? {};
}

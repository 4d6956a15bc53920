import { monthsSql, type Month } from '../charts/months.ts';
import { read } from '../platform/database.ts';

export interface Figures {
  /** How the organization's accounts stand; null for whom accounts are no business. */
  readonly stages: Readonly<Partial<Record<'lead' | 'active' | 'suspended' | 'closed', number>>> | null;
  readonly lockedLogins: number | null;
  /** Billed and paid per month by all accounts, in the organization's currency. */
  readonly months: readonly Month[] | null;
  readonly activity: readonly LogLine[] | null;
  /** What waits for staff; null for whom accounts are no business. */
  readonly openTasks: number | null;
  /** Tickets whose customers wait for an answer; null for whom tickets are no business. */
  readonly waitingTickets: number | null;
  /** Open invoices that customers see, per currency; null for whom invoices are no business. */
  readonly open: readonly { readonly currency: string; readonly count: number; readonly openCents: number; readonly pastDueCents: number }[] | null;
  /** Issued more than a week ago and still not sent: customers see none of them. */
  readonly unsent: readonly { readonly currency: string; readonly count: number; readonly totalCents: number }[] | null;
}

interface LogLine {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly message: string;
  readonly accountName: string | null;
  readonly staffName: string | null;
}

/** The five newest, where the same line again and again is one with how often it was written. */
export function groupLines(lines: readonly LogLine[]): (LogLine & { times: number })[] {
  const groups: (LogLine & { times: number })[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && last.message === line.message && last.accountName === line.accountName && last.staffName === line.staffName) last.times += 1;
    else groups.push({ ...line, times: 1 });
  }
  return groups.slice(0, 5);
}

/** The figures of the staff home page, in one statement. What somebody may not see is not read either. */
export async function readFigures({ today, currency }: { readonly today: string; readonly currency: string }, may: { readonly accounts: boolean; readonly invoices: boolean; readonly tickets: boolean }): Promise<Figures> {
  const [row] = await read<{ figures: Figures }>('staff-home', text, [today, may.accounts, may.invoices, currency, may.tickets]);
  if (!row) throw new Error('no figures');
  return row.figures;
}

const text = `select jsonb_build_object(
  'stages', case when $2::boolean then (select coalesce(jsonb_object_agg(stage, count), '{}') from (select stage, count(*) from app.accounts group by stage) s) end,
  'lockedLogins', case when $2 then (select count(*) from app.logins where locked_at is not null) end,
  'openTasks', case when $2 then (select count(*) from app.staff_tasks where done_at is null) end,
  'waitingTickets', case when $5::boolean then (select count(*) from app.tickets where state = 'open' and waits_for = 'staff') end,
  'months', case when $3::boolean then (select jsonb_agg(months) from (${monthsSql({ day: '$1', currency: '$4' })}) months) end,
  'activity', case when $2 then (select coalesce(jsonb_agg(line), '[]') from (
     select id, at, kind, message, account_name as "accountName", staff_name as "staffName" from app.portal_log order by at desc, id desc limit 40) line) end,
  'open', case when $3::boolean then (select coalesce(jsonb_agg(sums), '[]') from (
     select currency, count(*), sum(total_cents - paid_cents) as "openCents", coalesce(sum(total_cents - paid_cents) filter (where due_on < $1::date), 0) as "pastDueCents"
       from app.visible_invoices where paid_cents < total_cents group by currency order by currency) sums) end,
  'unsent', case when $3 then (select coalesce(jsonb_agg(sums), '[]') from (
     select currency, count(*), sum(total_cents) as "totalCents" from app.invoices
      where status = 'unsent' and issued_on < $1::date - 7 group by currency order by currency) sums) end) as figures`;

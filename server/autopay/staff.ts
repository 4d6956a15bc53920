import { answerInWords } from '../gateways/answer-words.ts';
import { read } from '../platform/database.ts';
import { isCalendarDay } from '../platform/forms.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** How many charges of a run ended in which way. */
interface RunRow extends Record<string, unknown> {
  readonly runOn: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly accountsDue: number;
  readonly accountsDone: number;
  readonly results: Readonly<Record<string, number>>;
}

interface ChargeLine extends Record<string, unknown> {
  readonly id: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly currency: string;
  readonly result: string | null;
  readonly payment: string | null;
  readonly amountCents: number | null;
  readonly message: string | null;
}

/** The last runs, and of one of them how far it is, how it went, and which charges need somebody. */
async function showRuns(req: StaffRequest): Promise<Reply> {
  const { day, after } = req.query;
  const runs = await read<RunRow>('autopay-runs', runsText);
  const shown = runs.find(({ runOn }) => runOn === day) ?? runs[0];
  const from = typeof after === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after) ? after : null;
  const lines = shown && isCalendarDay(shown.runOn) ? await read<ChargeLine>('autopay-run-lines', linesText, [shown.runOn, from]) : [];
  const next = lines.length > pageSize ? (lines[pageSize - 1]?.id ?? '') : '';
  return page('autopay/runs', { title: req.t('autopay.runs'), runs, shown, lines: lines.slice(0, pageSize).map((line) => ({ ...line, message: answerInWords(line.message ?? '', req.t) })), next });
}

const pageSize = 50;

const runsText = `select r.run_on as "runOn", r.started_at as "startedAt", r.ended_at as "endedAt", r.accounts_due as "accountsDue", r.accounts_done as "accountsDone",
    (select coalesce(jsonb_object_agg(result, count), '{}') from (
       select coalesce(c.result, 'open') as result, count(*) from app.autopay_charges c where (c.tenant_id, c.run_on) = (r.tenant_id, r.run_on) group by 1) counted) as results
  from app.autopay_runs r order by r.run_on desc limit 14`;

const linesText = `select c.id, a.number as "accountNumber", a.name as "accountName", c.currency, c.result, p.number as payment, p.amount_cents as "amountCents", p.message
  from app.autopay_charges c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
  left join app.payments p on (p.tenant_id, p.account_id, p.request_key) = (c.tenant_id, c.account_id, c.request_key)
 where c.run_on = $1::date and c.result is distinct from 'paid' and ($2::uuid is null or c.id > $2) order by c.id limit ${pageSize + 1}`;

export const autopayStaffRoutes = [get('/staff/autopay', showRuns, { area: 'invoices' })];

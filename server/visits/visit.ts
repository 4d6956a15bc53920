import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import type { CustomerAccount, CustomerRequest } from '../tenancy/people.ts';

export type VisitStatus = 'waiting' | 'scheduled' | 'done' | 'cancelled';

/** One visit as its customer sees it: nothing of what staff note for themselves. Money in minor units; instants as the database gives them. */
export interface Visit {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly category: string;
  readonly status: VisitStatus;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly resource: string | null;
  readonly address: string;
  readonly notes: string;
  readonly priceCents: number | null;
  readonly currency: string;
  /** S4-52: whether its invoice is charged by autopay, as things are. */
  readonly isPaidByAutopay: boolean;
  /** Of the visible invoice it stands on. */
  readonly invoice: string | null;
  readonly series: Series | null;
  /** Whether another time has been asked for, and nobody has answered yet. */
  readonly isAskedToMove: boolean;
}

/** Comes again every so many days, weeks or months. */
export interface Series {
  readonly id: string;
  readonly every: number;
  readonly unit: 'day' | 'week' | 'month';
}

const seesMoney = `((select app.mode()) in ('staff', 'system') or v.account_id = any((select app.money_accounts())::uuid[]))`;

/** Of visits v; nobody sees an invoice that is unsent or void. */
export const visitColumns = `v.id, v.number, v.title, v.category, v.status, v.starts_at as "startsAt", v.ends_at as "endsAt",
  (select r.name from app.resources r where (r.tenant_id, r.id) = (v.tenant_id, v.resource_id)) as resource, v.address, v.notes,
  case when ${seesMoney} then v.price_cents end as "priceCents", v.currency,
  ${seesMoney} and coalesce(v.paid_by_autopay, (select a.autopay from app.accounts a where (a.tenant_id, a.id) = (v.tenant_id, v.account_id))) as "isPaidByAutopay",
  (select i.number from app.visible_invoices i where (i.tenant_id, i.id, i.account_id) = (v.tenant_id, v.invoice_id, v.account_id)) as invoice,
  (select jsonb_build_object('id', s.id, 'every', s.every, 'unit', s.unit) from app.visit_series s where (s.tenant_id, s.id) = (v.tenant_id, v.series_id)) as series,
  exists (select from app.reschedule_requests q where (q.tenant_id, q.visit_id) = (v.tenant_id, v.id) and q.state = 'open') as "isAskedToMove"`;

/** The account's visit with that number; another's does not exist for it. */
export async function findVisit(account: Pick<CustomerAccount, 'id'>, number: string): Promise<Visit | undefined> {
  const [found] = await read<Visit & Record<string, unknown>>('visit', `select ${visitColumns} from app.visits v where v.account_id = $1 and v.number = $2`, [account.id, number]);
  return found;
}

/** Those of a part that the organization does not show do not exist. */
export async function findVisitOr404(req: CustomerRequest): Promise<Visit> {
  const { site } = req.tenant;
  const visit = await findVisit(req.account, String(req.params['number']));
  const part = visit?.status === 'scheduled' || visit?.status === 'waiting' ? visit.status : 'history';
  if (!visit || !site.showsServices(part)) throw new NotFound('no such visit');
  return visit;
}

import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';

/** One visit as the board shows it. */
export interface Job {
  readonly number: string;
  readonly version: number;
  readonly status: 'waiting' | 'scheduled' | 'done';
  readonly title: string;
  readonly account: string;
  readonly address: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly day: string | null;
  readonly minutes: number;
  readonly resourceId: string | null;
  readonly isAskedToMove: boolean;
  /** The numbers of those that the same resource has at the same time. */
  readonly overlaps: readonly string[];
}

export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly kind: 'technician' | 'crew';
  readonly colour: string;
  readonly isActive: boolean;
  readonly version: number;
}

export interface Board {
  readonly days: readonly string[];
  readonly resources: readonly Resource[];
  readonly waiting: readonly Job[];
  readonly planned: readonly Job[];
}

const mostWaiting = 200;

/** Seven days from a Monday, what is planned on them, and what waits. */
export async function readBoard(monday: string, { zone }: Site): Promise<Board> {
  const rows = await read<Job & Record<string, unknown>>('board', boardText, [monday, zone]);
  const resources = await listResources();
  const planned = rows.filter(({ status }) => status !== 'waiting').map((job) => ({ ...job, overlaps: overlapsOf(job, rows) }));
  const named = new Set(planned.map(({ resourceId }) => resourceId));
  return {
    days: Array.from({ length: 7 }, (_, at) => addDays(monday, at)),
    resources: resources.filter(({ id, isActive }) => isActive || named.has(id)),
    waiting: rows.filter(({ status }) => status === 'waiting'),
    planned,
  };
}

export function listResources(): Promise<Resource[]> {
  return read<Resource & Record<string, unknown>>('resources', 'select id, name, kind, colour, is_active as "isActive", version from app.resources order by is_active desc, name, id');
}

export function mondayOf(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function overlapsOf(job: Job, others: readonly Job[]): string[] {
  if (!job.resourceId || job.status !== 'scheduled' || !job.startsAt || !job.endsAt) return [];
  const [from, to] = [job.startsAt, job.endsAt];
  return others.filter((other) => other.number !== job.number && other.status === 'scheduled' && other.resourceId === job.resourceId && other.startsAt && other.endsAt && other.startsAt < to && from < other.endsAt).map(({ number }) => number);
}

const columns = `v.number, v.version, v.status, v.title, v.address, v.starts_at as "startsAt", v.ends_at as "endsAt", (v.starts_at at time zone $2)::date as day, v.minutes, v.resource_id as "resourceId",
  (select a.name from app.accounts a where (a.tenant_id, a.id) = (v.tenant_id, v.account_id)) as account,
  exists (select from app.reschedule_requests q where (q.tenant_id, q.visit_id) = (v.tenant_id, v.id) and q.state = 'open') as "isAskedToMove", '{}'::text[] as overlaps`;

const boardText = `(select ${columns} from app.visits v where v.status in ('scheduled', 'done') and v.starts_at >= $1::date::timestamp at time zone $2 and v.starts_at < ($1::date + 7)::timestamp at time zone $2
    order by v.starts_at, v.id limit 2000)
  union all (select ${columns} from app.visits v where v.status = 'waiting' order by v.id limit ${mostWaiting})`;

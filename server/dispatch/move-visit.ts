import { z } from 'zod';
import { read } from '../platform/database.ts';
import { isoDay, readForm, refuse, uuid } from '../platform/forms.ts';
import { answerRequests } from '../visits/reschedule.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** Where and when staff want a visit to be. */
export type Wanted = z.infer<typeof moveForm>;

export interface Moved {
  readonly id: string;
  readonly number: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  /** What the same resource has at the same time: allowed, and said. */
  readonly overlaps: readonly string[];
}

/**
 * Puts a visit on a day, or back on the waiting list. One conditional statement: whoever has seen an older version than there is moves
 * nothing, is told who was first and sees both. Throws Refused.
 */
export async function moveVisit(number: string, req: StaffRequest): Promise<Moved> {
  const wanted = readForm(moveForm, req.body, req.t);
  const { zone } = req.tenant.site;
  if (wanted.to === 'board' && !wanted.day) refuse('day', req.t('forms.required'));
  const values = wanted.to === 'waiting' ? [number, wanted.version, req.staff.staffId] : [number, wanted.version, req.staff.staffId, zone, wanted.day, wanted.starts ?? null, wanted.minutes ?? null, wanted.resource ?? null];
  const [moved] = wanted.to === 'waiting' ? await read<Moved & Record<string, unknown>>('visit-waits', waitText, values) : await read<Moved & Record<string, unknown>>('visit-moves', moveText, values);
  if (!moved) await refuseMove(number, wanted, req);
  const done = moved as Moved;
  await answerRequests(done.id, { state: 'moved', staffId: req.staff.staffId });
  return done;
}

async function refuseMove(number: string, wanted: Wanted, { t, formats }: StaffRequest): Promise<void> {
  const [now] = await read<{ version: number; status: string; startsAt: Date | null; endsAt: Date | null; who: string | null; by: string | null; at: Date | null }>('visit-now', nowText, [number]);
  if (now && now.status !== 'waiting' && now.status !== 'scheduled') refuse('', t(`dispatch.already-${now.status}`));
  if (now && now.version !== wanted.version) {
    const place = now.startsAt && now.endsAt ? `${formats.window(now.startsAt, now.endsAt)}${now.who ? `, ${now.who}` : ''}` : t('dispatch.waiting');
    refuse('', t('dispatch.meanwhile', { name: now.by ?? t('dispatch.somebody'), at: now.at ? formats.dateTime(now.at) : '', place }));
  }
  refuse('resource', t('dispatch.no-resource'));
}

const whole = (min: number, max: number) => z.coerce.number('forms.wrong').int('forms.wrong').min(min, 'forms.wrong').max(max, 'forms.wrong');
const empty = z.literal('').transform(() => undefined);

const moveForm = z.object({
  version: whole(1, 1_000_000_000),
  to: z.enum(['board', 'waiting'], 'forms.wrong').default('board'),
  day: z.union([empty, isoDay]).optional(),
  starts: z.union([empty, z.string('forms.wrong').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'dispatch.not-a-time')]).optional(),
  minutes: z.union([empty, whole(5, 1440)]).optional(),
  resource: z.union([empty, uuid]).optional(),
});

const waitText = `update app.visits set status = 'waiting', starts_at = null, ends_at = null, resource_id = null, version = version + 1, changed_by = $3, changed_at = now()
  where number = $1 and version = $2 and status = 'scheduled' returning id, number, null as "startsAt", null as "endsAt", '{}'::text[] as overlaps`;

/** Without a time of the day the visit keeps its own; what has waited stands behind what the resource has on that day already. */
const moveText = `with wanted as (
    select v.id, coalesce($7::int, v.minutes) as minutes, ($5::date + coalesce($6::time, (v.starts_at at time zone $4)::time,
        (select max(o.ends_at at time zone $4)::time from app.visits o where o.resource_id = $8::uuid and o.status = 'scheduled'
            and (o.starts_at at time zone $4)::date = $5::date and (o.ends_at at time zone $4)::time between '08:00' and '18:00'), '08:00')) at time zone $4 as starts
      from app.visits v where v.number = $1)
  update app.visits v set status = 'scheduled', starts_at = w.starts, ends_at = w.starts + make_interval(mins => w.minutes), minutes = w.minutes, resource_id = $8::uuid,
         version = v.version + 1, changed_by = $3, changed_at = now()
    from wanted w where v.id = w.id and v.version = $2 and v.status in ('waiting', 'scheduled')
     and ($8::uuid is null or exists (select from app.resources r where r.id = $8 and (r.is_active or r.id = v.resource_id)))
  returning v.id, v.number, v.starts_at as "startsAt", v.ends_at as "endsAt", array(
    select o.number from app.visits o where o.resource_id = $8::uuid and o.status = 'scheduled' and o.id <> v.id and o.starts_at < v.ends_at and v.starts_at < o.ends_at order by o.starts_at) as overlaps`;

const nowText = `select v.version, v.status, v.starts_at as "startsAt", v.ends_at as "endsAt", r.name as who, u.name as by, v.changed_at as at
  from app.visits v left join app.resources r on (r.tenant_id, r.id) = (v.tenant_id, v.resource_id) left join app.staff_users u on (u.tenant_id, u.id) = (v.tenant_id, v.changed_by) where v.number = $1`;

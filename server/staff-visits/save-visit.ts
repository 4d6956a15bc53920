import { z } from 'zod';
import { drawNumbers, numberPrefixes } from '../ledger/numbers.ts';
import { amountField } from '../money/amount-field.ts';
import { read, run } from '../platform/database.ts';
import { isoDay, readForm, refuse, required, text, uuid } from '../platform/forms.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { StaffVisit } from './staff-visit.ts';

const mostAtOnce = 60;

/** Writes a new visit down, or a series of them. Without a day it waits. Returns the number of the first one. Throws Refused. */
export async function createVisits(req: StaffRequest): Promise<string> {
  const { site } = req.tenant;
  const given = readForm(newForm(site.currency), req.body, req.t);
  const [account] = await run<{ id: string }>('select id from app.accounts where number = $1', [given.account]);
  if (!account) refuse('account', req.t('staff-visits.no-account'));
  const times = given.unit && given.day ? given.times : 1;
  const [series] = times > 1 ? await run<{ id: string }>('insert into app.visit_series (account_id, every, unit) values ($1, $2, $3) returning id', [account.id, given.every, given.unit]) : [];
  const first = await drawNumbers('visits', times);
  await run(createText, [
    account.id, numberPrefixes.visits, first, times, given.title, given.category, given.day ?? null, given.starts, given.minutes, given.day ? (given.resource ?? null) : null, series?.id ?? null,
    given.address, given.notes, given.internalNotes, given.price, site.currency, site.zone, given.every, given.unit ?? 'week', req.staff.staffId,
  ]);
  return `${numberPrefixes.visits}${first}`;
}

/** Saves what a visit is; when and by whom is another form. Somebody else's change meanwhile is not written over. Throws Refused. */
export async function editVisit(visit: StaffVisit, req: StaffRequest): Promise<void> {
  const { version, ...given } = readForm(editForm(visit.currency), req.body, req.t);
  const saved = await read('visit-edit', `update app.visits set title = $3, category = $4, address = $5, notes = $6, internal_notes = $7, price_cents = $8, version = version + 1, changed_by = $9, changed_at = now()
    where id = $1 and version = $2 returning id`, [visit.id, version, given.title, given.category, given.address, given.notes, given.internalNotes, given.price, req.staff.staffId]);
  if (!saved.length) refuse('', req.t('staff-visits.meanwhile', { name: visit.changedBy ?? req.t('dispatch.somebody') }));
}

/** Ends a visit. One conditional statement: whoever comes second changes nothing. Returns whether it was this one. */
export async function closeVisit(visit: StaffVisit, how: 'done' | 'cancelled', staffId: string): Promise<boolean> {
  const open = how === 'done' ? `status = 'scheduled'` : `status in ('waiting', 'scheduled')`;
  return (await run(`update app.visits set status = $2, closed_at = now(), version = version + 1, changed_by = $3, changed_at = now() where id = $1 and ${open} returning id`, [visit.id, how, staffId])).length === 1;
}

/** Each repeat keeps its time of the day, whatever the clock does in between. */
const createText = `insert into app.visits (account_id, number, title, category, status, starts_at, ends_at, minutes, resource_id, series_id, address, notes, internal_notes, price_cents, currency, changed_by, changed_at)
  select $1, $2 || ($3::bigint + n), $5, $6, case when starts is null then 'waiting' else 'scheduled' end, starts, starts + make_interval(mins => $9::int), $9::int,
         (select id from app.resources where id = $10::uuid and is_active), $11::uuid, $12, $13, $14, $15::bigint, $16, $20::uuid, now()
    from generate_series(0, $4::int - 1) n cross join lateral (
      select (($7::date + n * $18::int * ('1 ' || $19)::interval)::date + $8::time) at time zone $17 as starts) one`;

const whole = (min: number, max: number) => z.coerce.number('forms.wrong').int('forms.wrong').min(min, 'forms.wrong').max(max, 'forms.wrong');
const empty = z.literal('').transform(() => undefined);
const what = (currency: string) => ({
  title: required(200),
  category: text(100).default(''),
  address: text(300, { anyNumber: true }).default(''),
  notes: text(500).default(''),
  internalNotes: text(500).default(''),
  price: amountField(currency).default(null).refine((cents) => cents === null || cents >= 0, 'forms.not-an-amount'),
});
const editForm = (currency: string) => z.object({ ...what(currency), version: whole(1, 1_000_000_000) });
const newForm = (currency: string) => z.object({
  ...what(currency),
  account: required(40, { anyNumber: true }),
  day: z.union([empty, isoDay]).optional(),
  starts: z.union([z.literal('').transform(() => '08:00'), z.string('forms.wrong').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'dispatch.not-a-time')]).default('08:00'),
  minutes: whole(5, 1440).default(60),
  resource: z.union([empty, uuid]).optional(),
  unit: z.union([empty, z.enum(['day', 'week', 'month'], 'forms.wrong')]).optional(),
  every: whole(1, 52).default(1),
  times: whole(1, mostAtOnce).default(1),
}).refine(({ unit, day }) => !unit || day, { path: ['day'], message: 'staff-visits.series-needs-day' })
  .refine(({ unit, times }) => !unit || times > 1, { path: ['times'], message: 'staff-visits.series-needs-times' });

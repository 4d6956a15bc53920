import type { AccountRecord } from '../account-record/account-record.ts';
import { recordEvent } from '../account-record/record-events.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { run } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { mergeContacts } from './merge-contacts.ts';

export interface MergePlan {
  /** What stands in the way: money that is still open is never carried from one account's ledger to another's. */
  readonly hindrances: readonly ('already' | 'open-invoices' | 'unsent-invoices' | 'payments-under-way' | 'credits' | 'prepayments' | 'autopay' | 'tasks')[];
  readonly contacts: readonly { readonly id: string; readonly name: string; readonly email: string | null; readonly doubleOf: string | null; readonly doubleName: string | null; readonly endsLogin: string | null }[];
  readonly invoices: number;
  readonly payments: number;
  readonly methods: number;
}

/** What would happen if `gone` were merged into `kept`. */
export async function planMerge(kept: string, gone: string): Promise<MergePlan> {
  const [plan] = await run<MergePlan & Record<string, unknown>>(planText, [kept, gone]);
  if (!plan) throw new Error('no plan');
  return plan;
}

/** Contacts, logins, notes, mails, tickets, jobs and consents go over, doubles become one; the rest of `gone` is archived under its own number, its ledger untouched. Returns what stands in the way. */
export async function mergeAccounts(kept: AccountRecord, gone: AccountRecord, staff: { staffId: string; name: string }): Promise<MergePlan['hindrances']> {
  for (const id of [kept.id, gone.id].toSorted()) await lockAccount(id);
  const { hindrances, contacts } = await planMerge(kept.id, gone.id);
  if (hindrances.length > 0) return hindrances;
  for (const { id, doubleOf } of contacts) {
    if (doubleOf) await mergeContacts(doubleOf, id, staff.name);
    else await moveContact(id, kept.id);
  }
  await run('update app.account_notes set account_id = $1 where account_id = $2', [kept.id, gone.id]);
  await run('update app.messages set account_id = $1 where account_id = $2', [kept.id, gone.id]);
  for (const table of ['tickets', 'ticket_entries', 'ticket_files', 'visit_series', 'visits', 'visit_photos', 'reschedule_requests']) await run(`update app.${table} set account_id = $1 where account_id = $2`, [kept.id, gone.id]);
  await run(`update app.accounts set stage = 'closed', merged_into = $1, related_group = null, suspended_at = null where id = $2`, [kept.id, gone.id]);
  await recordEvent({ accountId: kept.id, name: `${gone.name} (${gone.number})`, kind: 'merged', staffName: staff.name });
  await recordEvent({ accountId: gone.id, name: `${kept.name} (${kept.number})`, kind: 'merged', staffName: staff.name });
  await recordPortalLog({ kind: 'account', message: `Account ${gone.number} merged into ${kept.number} by staff`, accountId: kept.id, staffId: staff.staffId });
  return [];
}

async function moveContact(id: string, accountId: string): Promise<void> {
  await run(
    `update app.contacts c set account_id = $2, is_primary = c.is_primary and not exists (select from app.contacts o where o.account_id = $2 and o.is_primary) where id = $1`,
    [id, accountId],
  );
  await run('update app.text_consents set account_id = $2 where contact_id = $1', [id, accountId]);
  await run('update app.custom_values set account_id = $2 where contact_id = $1', [id, accountId]);
}

const hindrances = Object.entries({
  'already': `app.accounts where id in ($1, $2) and merged_into is not null`,
  'open-invoices': `app.invoices where account_id = $2 and status = 'sent' and paid_cents < total_cents`,
  'unsent-invoices': `app.invoices where account_id = $2 and status = 'unsent'`,
  'payments-under-way': `app.payments where account_id = $2 and state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'processing', 'disputed')`,
  'credits': `app.credits where account_id = $2 and balance_cents > 0 and voided_at is null`,
  'prepayments': `app.payments where account_id = $2 and state in ('succeeded', 'partially_refunded') and unapplied_cents > 0`,
  'autopay': `app.accounts where id = $2 and autopay`,
  'tasks': `app.staff_tasks where account_id = $2 and done_at is null`,
});

const planText = `select array_remove(array[${hindrances.map(([name, where]) => `case when exists (select from ${where}) then '${name}' end`).join(', ')}], null) as hindrances,
    (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', concat_ws(' ', g.first_name, g.last_name), 'email', g.email, 'doubleOf', k.id, 'doubleName', k.name,
            'endsLogin', case when k.login_ref <> g.login_ref then l.login_id end) order by g.is_primary desc, g.id), '[]')
       from app.contacts g left join app.logins l on l.id = g.login_ref
       left join lateral (select k.id, k.login_ref, concat_ws(' ', k.first_name, k.last_name) as name from app.contacts k
          where k.account_id = $1 and (k.login_ref = g.login_ref or lower(concat_ws(' ', k.first_name, k.last_name)) = lower(concat_ws(' ', g.first_name, g.last_name)))
          order by k.login_ref = g.login_ref desc nulls last, k.id limit 1) k on true
      where g.account_id = $2) as contacts,
    (select count(*)::int from app.invoices where account_id = $2) as invoices, (select count(*)::int from app.payments where account_id = $2) as payments,
    (select count(*)::int from app.payment_methods where account_id = $2 and removed_at is null) as methods`;

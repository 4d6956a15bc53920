import { drawNumber } from '../ledger/numbers.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { fromCents } from '../money/money.ts';
import { read, run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { refuse } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** A credit as staff see it. Money is in minor units of its currency. */
export interface StaffCredit {
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly issuedOn: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly balanceCents: number;
  readonly reference: string | null;
  readonly voidedAt: Date | null;
  readonly applied: readonly { readonly id: string; readonly invoice: string; readonly on: string; readonly amountCents: number }[];
}

/** Throws NotFound. */
export async function findCredit(number: string): Promise<StaffCredit> {
  const [row] = await read<StaffCredit & Record<string, unknown>>('staff-credit', select, [number]);
  if (!row) throw new NotFound('no such credit');
  return row;
}

export interface NewCredit {
  /** Made with the form: sending it twice issues one credit. */
  readonly key: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly reference: string;
}

/** Gives the account a credit as of today and returns its number. */
export async function issueCredit(accountId: string, { key, amountCents, currency, reference }: NewCredit, { tenant, staff }: StaffRequest): Promise<string> {
  await lockAccount(accountId);
  const [earlier] = await read<{ number: string }>('earlier-credit', 'select number from app.credits where id = $1', [key]);
  if (earlier) return earlier.number;
  const today = tenant.site.today();
  const number = await drawFree();
  await run('insert into app.credits (id, account_id, number, issued_on, currency, amount_cents, balance_cents, reference) values ($1, $2, $3, $4, $5, $6, $6, $7)', [key, accountId, number, today, currency, amountCents, reference || null]);
  await postJournal({
    accountId, kind: 'credit', sourceId: key, currency, postedOn: today, memo: number,
    legs: [{ ledger: 'revenue', amountCents }, { ledger: 'credit', amountCents: -amountCents }],
  });
  await recordPortalLog({ kind: 'credit', message: `Credit ${number} issued Amount: ${fromCents(amountCents, currency)}`, accountId, staffId: staff.staffId });
  return number;
}

/** Takes back a credit of which nothing has been used. A repeat changes nothing. Throws Refused. */
export async function voidCredit(number: string, { tenant, staff, t }: StaffRequest): Promise<void> {
  const { id, accountId, currency } = await findCredit(number);
  await lockAccount(accountId);
  const [gone] = await read<{ cents: number }>('void-credit', 'update app.credits set voided_at = now() where id = $1 and voided_at is null and balance_cents = amount_cents returning amount_cents as cents', [id]);
  if (!gone) {
    if ((await findCredit(number)).voidedAt) return;
    refuse('', t('staff-credits.used', { number }));
  }
  await postJournal({
    accountId, kind: 'credit_void', sourceId: id, currency, postedOn: tenant.site.today(), memo: number,
    legs: [{ ledger: 'revenue', amountCents: -gone.cents }, { ledger: 'credit', amountCents: gone.cents }],
  });
  await recordPortalLog({ kind: 'credit', message: `Credit ${number} voided Amount: ${fromCents(gone.cents, currency)}`, accountId, staffId: staff.staffId });
}

/** Numbers that came from elsewhere may stand where the counter has not been yet. */
async function drawFree(): Promise<string> {
  for (;;) {
    const number = await drawNumber('credits');
    const taken = await read('credit-number-taken', 'select 1 from app.credits where number = $1', [number]);
    if (taken.length === 0) return number;
  }
}

const select = `select c.id, c.number, c.account_id as "accountId", a.number as "accountNumber", a.name as "accountName", c.issued_on as "issuedOn", c.currency,
    c.amount_cents as "amountCents", c.balance_cents as "balanceCents", c.reference, c.voided_at as "voidedAt", (
      select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'invoice', i.number, 'on', coalesce(j.posted_on, l.applied_at::date), 'amountCents', l.amount_cents) order by l.applied_at, l.id), '[]')
        from app.allocations l join app.invoices i on i.id = l.invoice_id left join app.journals j on (j.kind, j.source_id) = ('apply', l.id)
       where l.credit_id = c.id and l.applied_at is not null and l.reversed_at is null) as applied
  from app.credits c join app.accounts a on a.id = c.account_id where c.number = $1`;

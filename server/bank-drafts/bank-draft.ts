import { lockAccount } from '../accounts/lock-account.ts';
import { seal, unseal } from '../platform/crypto.ts';
import { read, run } from '../platform/database.ts';
import type { GivenDraft } from './forms.ts';

/** The bank account that an organization draws an account's drafts on, as pages may show it. */
export interface BankDraft {
  readonly holder: string;
  readonly kind: 'checking' | 'savings';
  readonly routing: string;
  readonly last4: string;
}

export async function findDraft(accountId: string): Promise<BankDraft | undefined> {
  const [draft] = await read<BankDraft & Record<string, unknown>>('bank-draft', 'select holder, kind, routing, last4 from app.bank_drafts where account_id = $1', [accountId]);
  return draft;
}

/** Keeps it instead of what was there. A number that is not given stays. Returns whether it is new, or undefined when there is no number to keep. */
export async function saveDraft(accountId: string, { holder, kind, routing, number }: GivenDraft, keys: readonly Buffer[]): Promise<'added' | 'changed' | undefined> {
  await lockAccount(accountId);
  const sealed = number ? seal(keys, number, contextOf(accountId)) : null;
  const changed = await run(
    `update app.bank_drafts set holder = $2, kind = $3, routing = $4, sealed_number = coalesce($5, sealed_number), last4 = coalesce($6, last4), changed_at = now()
      where account_id = $1 returning id`,
    [accountId, holder, kind, routing, sealed, number ? lastFour(number) : null],
  );
  if (changed.length > 0) return 'changed';
  if (!sealed) return undefined;
  await run('insert into app.bank_drafts (account_id, holder, kind, routing, sealed_number, last4) values ($1, $2, $3, $4, $5, $6)', [accountId, holder, kind, routing, sealed, lastFour(number)]);
  return 'added';
}

/** Returns its last digits, or undefined when there was none. */
export async function removeDraft(accountId: string): Promise<string | undefined> {
  await lockAccount(accountId);
  const [gone] = await run<{ last4: string }>('delete from app.bank_drafts where account_id = $1 returning last4', [accountId]);
  return gone?.last4;
}

/** The whole number. Whoever asks for it is written down by the caller, in the same transaction. */
export async function openNumber(accountId: string, keys: readonly Buffer[]): Promise<string | undefined> {
  const [draft] = await run<{ sealed: string }>('select sealed_number as sealed from app.bank_drafts where account_id = $1', [accountId]);
  return draft && unseal(keys, draft.sealed, contextOf(accountId));
}

/** Of a short number even four digits would be all of it. */
const lastFour = (number: string) => number.slice(-Math.min(4, number.length - 2));

/** A sealed number that is copied to another account does not open there. */
const contextOf = (accountId: string) => `bank-draft ${accountId}`;

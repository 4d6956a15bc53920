import { seal, unseal } from '../platform/crypto.ts';
import { run } from '../platform/database.ts';
import type { Holder } from '../sign-ins/holder.ts';
import { hashesOf, newRecoveryCodes, newSecret } from './codes.ts';

export interface TwoStep {
  readonly id: string;
  readonly sealedSecret: string;
  /** null while it is being set up. */
  readonly since: Date | null;
  readonly codesLeft: number;
}

/** What this person has set up, or is setting up now. */
export async function findTwoStep(holder: Holder): Promise<TwoStep | undefined> {
  const [row] = await run<TwoStep & Record<string, unknown>>(
    `select id, sealed_secret as "sealedSecret", confirmed_at as since,
            (select count(*)::int from app.recovery_codes c where c.two_step_id = t.id and c.used_at is null) as "codesLeft"
       from app.two_steps t where (login_ref = $1 or staff_id = $1) and (confirmed_at is not null or created_at > now() - interval '1 hour')`,
    [holder.id],
  );
  return row;
}

/** Makes a new secret for an app; what was begun before is forgotten, what is in use stays. */
export async function startTwoStep(holder: Holder, keys: readonly Buffer[]): Promise<void> {
  await run('delete from app.two_steps where (login_ref = $1 or staff_id = $1) and confirmed_at is null', [holder.id]);
  await run('insert into app.two_steps (login_ref, staff_id, sealed_secret) values ($1, $2, $3) on conflict do nothing', [holder.loginRef, holder.staffId, seal(keys, newSecret(), contextOf(holder.id))]);
}

export function secretOf(holderId: string, sealedSecret: string, keys: readonly Buffer[]): string {
  return unseal(keys, sealedSecret, contextOf(holderId));
}

/** Turns it on by the first code of the app, which is spent by that. This sign-in counts as one with two steps. False: it is on already. */
export async function confirmTwoStep(twoStep: TwoStep, holder: Holder, halfMinute: number): Promise<boolean> {
  const confirmed = await run('update app.two_steps set confirmed_at = now(), last_used_step = $2 where id = $1 and confirmed_at is null returning id', [twoStep.id, halfMinute]);
  if (confirmed.length) await run('update app.sign_ins set second_step_at = now() where id = $1', [holder.signInId]);
  return confirmed.length > 0;
}

/** Ten new ones; the old ones are worth nothing any more. Only their hashes are kept. */
export async function renewRecoveryCodes(twoStepId: string, keys: readonly Buffer[]): Promise<string[]> {
  const codes = newRecoveryCodes();
  await run('delete from app.recovery_codes where two_step_id = $1', [twoStepId]);
  await run('insert into app.recovery_codes (two_step_id, code_hash) select $1, unnest($2::text[])', [twoStepId, codes.map((code) => hashesOf(keys, twoStepId, code)[0])]);
  return codes;
}

/** From now on the password alone is enough, and this sign-in counts as one without a second step. False: it was off. */
export async function removeTwoStep(holder: Holder): Promise<boolean> {
  const removed = await run('delete from app.two_steps where (login_ref = $1 or staff_id = $1) returning confirmed_at', [holder.id]);
  await run('update app.sign_ins set second_step_at = null where (login_ref = $1 or staff_id = $1)', [holder.id]);
  return removed.length > 0;
}

const contextOf = (holderId: string) => `two-step ${holderId}`;

import { read, run } from '../platform/database.ts';
import { halfMinuteOf, hashesOf, recoveryCodeIn } from './codes.ts';
import { secretOf } from './two-step.ts';

/** Somebody whose password was right and who still owes the code. */
export interface HalfSignIn {
  readonly signInId: string;
  readonly twoStepId: string;
  readonly loginRef: string | null;
  readonly staffId: string | null;
  readonly userId: string;
}

/** undefined: the second step has been done, or it took longer than ten minutes. */
export async function findHalfSignIn(signInId: string | undefined, isStaff: boolean): Promise<HalfSignIn | undefined> {
  if (!signInId) return undefined;
  const [row] = await read<HalfSignIn & Record<string, unknown>>(
    'half-sign-in',
    `select s.id as "signInId", t.id as "twoStepId", s.login_ref as "loginRef", s.staff_id as "staffId", coalesce(l.login_id, u.email) as "userId"
       from app.sign_ins s join app.two_steps t on (t.login_ref = s.login_ref or t.staff_id = s.staff_id)
       left join app.logins l on l.id = s.login_ref left join app.staff_users u on u.id = s.staff_id
      where s.id = $1 and s.second_step_due and s.ended_at is null and s.expires_at > now() and (s.staff_id is not null) = $2`,
    [signInId, isStaff],
  );
  return row;
}

/** 'wait': too many wrong codes lately, none is looked at. codesLeft: after a recovery code. */
export type CodeAnswer = { readonly outcome: 'wrong' | 'wait' } | { readonly outcome: 'in'; readonly codesLeft?: number };

/**
 * Takes a code of the app or a recovery code, in a transaction that commits whatever comes of it. Each works once: of twenty at the
 * same time one gets in. A code of the app is counted as wrong before it is looked at, so fifty guesses at once are five guesses.
 */
export async function giveCode(half: HalfSignIn, typed: string, keys: readonly Buffer[]): Promise<CodeAnswer> {
  const recoveryCode = recoveryCodeIn(typed);
  return recoveryCode ? spendRecoveryCode(half, recoveryCode, keys) : spendAppCode(half, typed, keys);
}

/** A sign-in like any other from now on. False: it has ended meanwhile. */
export async function completeSignIn(half: HalfSignIn, absoluteHours: number): Promise<boolean> {
  const completed = await run(
    `update app.sign_ins set second_step_due = false, second_step_at = now(), seen_at = now(), expires_at = now() + make_interval(hours => $2)
      where id = $1 and second_step_due and ended_at is null and expires_at > now() returning id`,
    [half.signInId, absoluteHours],
  );
  return completed.length > 0;
}

async function spendAppCode(half: HalfSignIn, typed: string, keys: readonly Buffer[]): Promise<CodeAnswer> {
  // After five wrong ones there is one more each quarter of an hour, then half an hour, an hour … a day.
  const [counted] = await run<{ sealedSecret: string; at: number }>(
    `update app.two_steps set failed_tries = failed_tries + 1, tried_at = now()
      where id = $1 and (failed_tries < 5 or tried_at < now() - make_interval(mins => least(15 * power(2, least(failed_tries - 5, 7)), 1440)::int))
      returning sealed_secret as "sealedSecret", floor(extract(epoch from now()))::bigint as at`,
    [half.twoStepId],
  );
  if (!counted) return { outcome: 'wait' };
  const halfMinute = halfMinuteOf(secretOf(half.loginRef ?? half.staffId ?? '', counted.sealedSecret, keys), typed, counted.at);
  if (halfMinute === null) return { outcome: 'wrong' };
  const spent = await run('update app.two_steps set last_used_step = $2, failed_tries = 0 where id = $1 and last_used_step < $2 returning id', [half.twoStepId, halfMinute]);
  return { outcome: spent.length ? 'in' : 'wrong' };
}

async function spendRecoveryCode(half: HalfSignIn, code: string, keys: readonly Buffer[]): Promise<CodeAnswer> {
  const spent = await run('update app.recovery_codes set used_at = now() where two_step_id = $1 and code_hash = any($2::text[]) and used_at is null returning id', [
    half.twoStepId,
    hashesOf(keys, half.twoStepId, code),
  ]);
  if (!spent.length) return { outcome: 'wrong' };
  const [left] = await run<{ count: number }>('select count(*)::int as count from app.recovery_codes where two_step_id = $1 and used_at is null', [half.twoStepId]);
  return { outcome: 'in', codesLeft: left?.count ?? 0 };
}

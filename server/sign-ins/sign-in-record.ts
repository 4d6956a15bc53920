import { run } from '../platform/database.ts';
import type { Holder } from './holder.ts';

/** A device that is signed in, or waits for its second step. */
export interface SignInRecord {
  readonly id: string;
  /** As the browser calls itself. */
  readonly device: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly isHere: boolean;
}

/** Where this person is signed in now: this device first, then the one seen last. */
export function listSignIns(holder: Holder): Promise<SignInRecord[]> {
  return run<SignInRecord & Record<string, unknown>>(
    `select id, device, created_at as "startedAt", seen_at as "seenAt", id = $2 as "isHere" from app.sign_ins s
      where (login_ref = $1 or staff_id = $1) and ${isOpen} and not second_step_due order by id = $2 desc, seen_at desc, id limit 100`,
    [holder.id, holder.signInId],
  );
}

/** Ends one of this person's own sign-ins. False: it is not theirs, or has ended already. */
export async function endOne(holder: Holder, signInId: string): Promise<boolean> {
  const ended = await run(`update app.sign_ins s set ended_at = now() where id = $2 and (login_ref = $1 or staff_id = $1) and ${isOpen} returning id`, [holder.id, signInId]);
  return ended.length > 0;
}

/** Signs this person out on every other device, the half sign-ins too. What a stolen password or session could do ends here. */
export async function endOthers(holder: Holder): Promise<void> {
  await run('update app.sign_ins set ended_at = now() where (login_ref = $1 or staff_id = $1) and id <> $2 and ended_at is null', [holder.id, holder.signInId]);
}

export async function endAll(holder: Holder): Promise<void> {
  await run('update app.sign_ins set ended_at = now() where (login_ref = $1 or staff_id = $1) and ended_at is null', [holder.id]);
}

const isOpen = `s.ended_at is null and s.expires_at > now() and s.seen_at > now() - make_interval(mins => s.idle_minutes)`;

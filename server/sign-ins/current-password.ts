import { withHashing } from '../passwords/hash-password.ts';
import { run } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { again } from '../walk/walk.ts';
import { holderOf, type Holder, type HolderRequest } from './holder.ts';

/**
 * Refuses the form unless its field `currentPassword` is the person's password: whoever finds an open session must not be able to keep
 * it. Ten tries in ten minutes. Hashes, so no transaction may be open (outside routes).
 */
export async function needCurrentPassword(req: HolderRequest): Promise<void> {
  const typed = (req.body as { currentPassword?: unknown }).currentPassword;
  if (typeof typed !== 'string' || !typed) return refuse('currentPassword', req.t('forms.required'));
  const holder = holderOf(req);
  await req.outside.limits.take('password-check', `${req.tenant.id} ${holder.id}`);
  const stored = await again(req, () => readHash(holder));
  const isRight = await withHashing((hasher) => hasher.verify(stored, typed.slice(0, 512)));
  if (!isRight) refuse('currentPassword', req.t('sign-ins.wrong-password'));
}

/** For what a password just typed at the door allows as well: asked again only when that is longer than ten minutes ago. */
export async function needPasswordUnlessFresh(req: HolderRequest): Promise<void> {
  if (!(await again(req, () => isFresh(holderOf(req))))) await needCurrentPassword(req);
}

export async function isFresh(holder: Holder): Promise<boolean> {
  const fresh = await run(`select 1 from app.sign_ins where id = $1 and created_at > now() - interval '10 minutes'`, [holder.signInId]);
  return fresh.length > 0;
}

async function readHash({ staffId, id }: Holder): Promise<string | null> {
  const [row] = await run<{ hash: string | null }>(`select password_hash as hash from app.${staffId ? 'staff_users' : 'logins'} where id = $1`, [id]);
  return row?.hash ?? null;
}

import { seeOther, type Reply } from '../platform/replies.ts';
import { post, type Route } from '../platform/routes.ts';
import { endSession, setFlash } from '../platform/session.ts';
import { again } from '../walk/walk.ts';
import { bases, holderOf, type HolderRequest } from './holder.ts';
import { endAll, endOne } from './sign-in-record.ts';

/** Ends one of the own sign-ins (field `signIn`), or all of them, this one too ('everywhere'). */
export const signOutRoutes = (door: keyof typeof bases): Route<HolderRequest>[] => [post(`${bases[door]}/sign-outs`, signOut, { outside: true })];

async function signOut(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const { signIn } = req.body as { signIn?: unknown };
  if (signIn === 'everywhere' || signIn === holder.signInId) {
    await again(req, async () => (signIn === 'everywhere' ? endAll(holder) : void (await endOne(holder, holder.signInId))));
    await endSession(req);
    return seeOther(holder.staffId ? '/staff/login' : '/login');
  }
  const ended = typeof signIn === 'string' && isId.test(signIn) && (await again(req, () => endOne(holder, signIn)));
  setFlash(req, ended ? 'success' : 'warning', req.t(ended ? 'sign-ins.ended' : 'sign-ins.not-there'));
  return seeOther(`${holder.base}#sign-ins`);
}

const isId = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

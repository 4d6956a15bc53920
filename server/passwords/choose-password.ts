import { z } from 'zod';
import type { Door } from '../links/door.ts';
import { drop } from '../links/carried-token.ts';
import { useLink, type Link } from '../links/link.ts';
import { refuse, readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { hashPassword } from './hash-password.ts';
import { newPasswordFields, refuseUnfit } from './forms.ts';
import { mailPasswordChanged } from './changed-mail.ts';
import { setPassword } from './set-password.ts';

/** What somebody has chosen on the page behind a link. */
export interface Chosen {
  readonly passwordHash: string;
  readonly username: string | undefined;
}

interface PasswordDoor extends Pick<Door, 'kind' | 'path' | 'renew'> {
  /** Where its words stand: '<words>-title', '<words>-lead', '<words>-button'. */
  readonly words: string;
  /** The labels of its steps, and which of them this is. */
  readonly steps?: (req: PublicRequest) => { readonly steps: readonly string[]; readonly current: number };
  readonly accept?: (req: PublicRequest, link: Link, token: string, chosen: Chosen) => Promise<Reply>;
}

/** The door of a link behind which a password is chosen: twice the same, eight characters, none that everybody tries first. */
export function passwordDoor({ kind, path, renew, words, steps, accept = takePassword }: PasswordDoor): Door {
  return {
    kind,
    path,
    ...(renew && { renew }),
    show: (req, link) =>
      page('passwords/choose', { title: req.t(`${words}-title`), words, action: path, loginId: link.loginId ?? (asksUsername(req, link) ? null : link.email), asksUsername: asksUsername(req, link), ...steps?.(req) }),
    use: async (req, link, token) => {
      const { username, ...typed } = asksUsername(req, link) ? readForm(withUsername, req.body, req.t) : { ...readForm(z.object(newPasswordFields), req.body, req.t), username: undefined };
      if (username?.includes('@') && username.toLowerCase() !== link.email.toLowerCase()) refuse('username', req.t('passwords.username-foreign'));
      await refuseUnfit(typed, [link.email, link.name, link.loginId, username, req.tenant.site.displayName, req.tenant.name], req.t);
      return accept(req, link, token, { passwordHash: await hashPassword(typed.password), username });
    },
  };
}

/** The password is the person's from now on. */
async function takePassword(req: PublicRequest, link: Link, token: string, chosen: Chosen): Promise<Reply> {
  const isDone = await withTenant(req.tenant.id, async () => {
    const used = await useLink(link.kind, token);
    if (used) await givePassword(req, used, chosen);
    return used !== null;
  });
  if (!isDone) return seeOther(req.path);
  drop(req, link.kind);
  return seeOther('/password/ready');
}

/** In the transaction that has used the link up. Throws Refused, and so gives the link back, when the username is taken. */
export async function givePassword(req: PublicRequest, link: Link, { passwordHash, username }: Chosen): Promise<void> {
  const { contactId, loginRef, email } = link;
  const login = await setPassword(req.tenant.site, { contactId: contactId ?? '', loginRef, email, username }, passwordHash);
  if (!login) refuse('username', req.t('passwords.username-taken'));
  const isReset = link.kind === 'reset' || link.kind === 'confirm_password';
  await recordPortalLog({ kind: 'password-set', message: `Password ${isReset ? 'reset' : 'created'} for UserID: ${login.loginId}`, loginRef: login.loginRef, contactId: contactId ?? undefined });
  if (link.hasPassword) await mailPasswordChanged(req, { name: link.name, email, contactId: contactId ?? undefined });
}

const withUsername = z.object({
  ...newPasswordFields,
  username: z.string('forms.wrong').trim().min(1, 'forms.required').regex(/^[a-z0-9][a-z0-9._@+-]{2,59}$/i, 'passwords.username-wrong'),
});

/** Where user ids are names, a newcomer chooses one; elsewhere only when the own address is somebody's name already. */
function asksUsername(req: PublicRequest, link: Link): boolean {
  if (link.loginRef || link.staffId) return false;
  const { identifier } = req.tenant.site;
  return identifier === 'username' || (identifier === 'either' && (req.errors?.['username'] !== undefined || (req.body as { username?: unknown } | undefined)?.username !== undefined));
}

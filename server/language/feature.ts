import { z } from 'zod';
import { run } from '../platform/database.ts';
import { readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { languages } from '../platform/text.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { holderOf, type HolderRequest } from '../sign-ins/holder.ts';
import type { Feature } from '../tenancy/feature.ts';
import { speak } from '../tenancy/resolve-tenant.ts';

/** The language somebody reads the portal and its mails in; until one is chosen, the organization's. */
const routes = (path: string): Route<HolderRequest>[] => [get(path, show), post(path, save, { page: show })];

export const languageFeature: Feature = { key: 'language', isPersonal: true, customer: routes('/account/language'), staff: routes('/staff/my-account/language') };

function show(req: HolderRequest): Reply {
  return page('language/choose', { title: req.t('language.title'), back: backFrom(req), options: languages.map((value) => ({ value, label: req.t(`language.name-${value}`) })) });
}

async function save(req: HolderRequest): Promise<Reply> {
  const { language } = readForm(z.object({ language: z.enum(languages, 'forms.wrong') }), req.body, req.t);
  const { id, loginRef, staffId, accountId, contactId, userId } = holderOf(req);
  await run(`update app.${staffId ? 'staff_users' : 'logins'} set locale = $2 where id = $1`, [id, language]);
  await recordPortalLog({ kind: 'profile-changed', message: `Language changed to ${language} by UserID: ${userId}`, loginRef: loginRef ?? undefined, staffId: staffId ?? undefined, accountId, contactId });
  speak(req, language);
  setFlash(req, 'success', req.t('language.saved'));
  return seeOther(backFrom(req));
}

const backFrom = (req: HolderRequest): string => (req.staff ? '/staff/my-account' : '/account');

import { mailTo } from '../links/link-mail.ts';
import { Forbidden, NotFound } from '../platform/errors.ts';
import { uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { listQuestions } from '../security-questions/answers.ts';
import { checkAnswer } from '../security-questions/check-answer.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findHelpedContact, findHelpedStaff, removeSecondSteps, type Helped } from './helped.ts';

/** For who has lost the phone, or is on the telephone: of a contact, and of a colleague. */
export const signInHelpRoutes: Route<StaffRequest>[] = [...helpRoutes('/staff/contacts/:id', 'accounts', findHelpedContact), ...helpRoutes('/staff/people/:id', 'staff', findHelpedStaff)];

function helpRoutes(owner: string, area: string, find: (id: string) => Promise<Helped | undefined>): Route<StaffRequest>[] {
  const path = `${owner}/sign-in-help`;
  const helped = async (req: StaffRequest): Promise<Helped> => {
    const id = uuid.safeParse(req.params['id']);
    const found = id.success ? await find(id.data) : undefined;
    if (!found) throw new NotFound('nobody who signs in');
    return found;
  };
  const show = async (req: StaffRequest) => showHelp(req, await helped(req));
  return [
    get(path, show, { area }),
    post(`${path}/second-steps`, async (req: StaffRequest) => takeAway(req, await helped(req)), { area, page: show }),
    ...(area === 'accounts' ? [post(`${path}/answers`, (req: StaffRequest) => checkAnswer(req, () => helped(req)), { area, page: show, outside: true })] : []),
  ];
}

async function showHelp(req: StaffRequest, helped: Helped): Promise<Reply> {
  const asked = helped.loginRef && req.tenant.site.securityQuestions !== 'off' ? (await listQuestions(helped.loginRef)).map(({ question }) => question) : [];
  const back = helped.contactId ? `/staff/contacts/${helped.contactId}` : '/staff/people';
  return page('sign-in-help/help', { title: req.t('sign-in-help.title', { name: helped.name }), helped, asked, back, action: req.path.replace(/(\/sign-in-help).*/, '$1') });
}

async function takeAway(req: StaffRequest, helped: Helped): Promise<Reply> {
  if (helped.role === 'owner' && req.staff.role !== 'owner') throw new Forbidden('only an owner may help an owner');
  await removeSecondSteps(helped);
  const { loginRef, contactId, accountId, name, email, locale, userId } = helped;
  await recordPortalLog({ kind: 'second-steps-removed', message: `Two-step sign-in and passkeys removed by staff for UserID: ${userId}`, loginRef: loginRef ?? undefined, contactId: contactId ?? undefined, accountId: accountId ?? undefined, staffId: req.staff.staffId });
  if (email) await mailTo(req, { name, email, locale, accountId: accountId ?? undefined, contactId: contactId ?? undefined }, (t) => ({
    type: 'Sign-in Security',
    subject: t('sign-in-help.mail-removed'),
    blocks: [{ text: t('sign-in-help.mail-removed-text', { staff: req.staff.name, portal: req.tenant.site.displayName }) }, { text: t('sign-in-help.mail-removed-next') }],
  }));
  setFlash(req, 'success', req.t('sign-in-help.removed', { name }));
  return seeOther(req.path.replace(/\/second-steps$/, ''));
}

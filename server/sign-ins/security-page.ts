import { page, type Reply } from '../platform/replies.ts';
import { get, type Route } from '../platform/routes.ts';
import { deviceInWords, isPhone } from './device.ts';
import { bases, holderOf, type HolderRequest } from './holder.ts';
import { listSignIns } from './sign-in-record.ts';
import { listPasskeys } from '../passkeys/passkey.ts';
import { questionsAccess, questionsPath } from '../security-questions/routes.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { listLooks } from '../support/view-as.ts';
import { mayUseTwoSteps } from '../two-step/rule.ts';
import { findTwoStep } from '../two-step/two-step.ts';

/** Everything about how the person signs in, on one page; the same for customers and staff. */
export const securityRoutes = (door: keyof typeof bases): Route<HolderRequest>[] => [get(bases[door], showSecurity)];

async function showSecurity(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const twoStep = await findTwoStep(holder);
  const signIns = (await listSignIns(holder)).map((signIn) => ({ ...signIn, words: deviceInWords(signIn.device, req.t), isPhone: isPhone(signIn.device) }));
  return page('sign-ins/security', {
    title: req.t(holder.staffId ? 'accounts.title' : 'accounts.security'),
    base: holder.base,
    isStaff: holder.staffId !== null,
    userId: holder.userId,
    twoStep: mayUseTwoSteps(req) || twoStep ? { isOn: Boolean(twoStep?.since), codesLeft: twoStep?.codesLeft ?? 0 } : undefined,
    passkeys: (await listPasskeys(holder)).length,
    questions: req.staff ? undefined : questionsOf(req as CustomerRequest),
    signIns,
    looks: req.account ? await listLooks(req.account.id) : [],
  });
}

/** undefined: not shown. path '': not to be changed here. */
function questionsOf({ tenant, person }: CustomerRequest): { isOn: boolean; path: string } | undefined {
  const access = questionsAccess(tenant.site);
  return access === 'hidden' ? undefined : { isOn: person.hasQuestions, path: access === 'edit' ? questionsPath : '' };
}

import { z } from 'zod';
import { readForm, refuse, required } from '../platform/forms.ts';
import { safeReturnPath } from '../platform/origin.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { endSession, setFlash, signInOf, startSession } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { deviceOf } from '../sign-in/open-sign-in.ts';
import { endSignIn } from '../sign-in/sign-in.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { completeSignIn, findHalfSignIn, giveCode, type CodeAnswer, type HalfSignIn } from './half-sign-in.ts';

type Door = '/login' | '/staff/login';

/** What stands between a right password and being signed in. */
export function secondStepRoutes(door: Door): Route[] {
  const show = (req: PublicRequest) => showCodeForm(req, door);
  return [
    get(`${door}/code`, show),
    post(`${door}/code`, (req) => takeCode(req, door), { page: show }),
    post(`${door}/code/cancellation`, (req) => startOver(req, door)),
  ];
}

async function showCodeForm(req: PublicRequest, door: Door): Promise<Reply> {
  if (!(await findHalf(req, door))) return seeOther(signInOf(req, req.tenant.id) ? homeOf(door) : door);
  return page('two-step/code', { title: req.t('two-step.code-title'), door, next: safeReturnPath(req.query['next']) });
}

async function takeCode(req: PublicRequest, door: Door): Promise<Reply> {
  const half = await findHalf(req, door);
  if (!half) return seeOther(door);
  const { code } = readForm(codeForm, req.body, req.t);
  await req.outside.limits.take('forms', `${req.tenant.id} ${half.signInId}`);
  const answer = await withTenant(req.tenant.id, () => settle(req, half, code));
  if (answer.outcome !== 'in') return refuse('code', req.t(`two-step.code-${answer.outcome}`));
  await startSession(req, { tenantId: req.tenant.id, signInId: half.signInId });
  if (answer.codesLeft !== undefined) setFlash(req, 'info', req.t('two-step.codes-left', { count: answer.codesLeft }));
  const next = safeReturnPath(req.query['next']);
  return seeOther(door === '/staff/login' && !next.startsWith('/staff') ? '/staff' : next);
}

const codeForm = z.object({ code: required(60) });

/** What must stay whatever the browser is told: the try that was counted, the code that was spent, the lines of the log. */
async function settle(req: PublicRequest, half: HalfSignIn, code: string): Promise<CodeAnswer> {
  const answer = await giveCode(half, code, req.outside.keys);
  const who = { loginRef: half.loginRef ?? undefined, staffId: half.staffId ?? undefined, device: deviceOf(req) };
  if (answer.outcome !== 'in') {
    await recordPortalLog({ kind: 'second-step-refused', message: `Incorrect sign-in code for UserID: ${half.userId}`, ...who });
    return answer;
  }
  if (!(await completeSignIn(half, req.tenant.site.absoluteHours))) return { outcome: 'wrong' };
  if (answer.codesLeft !== undefined) await recordPortalLog({ kind: 'recovery-code', message: `Recovery code used for UserID: ${half.userId}`, ...who });
  await recordPortalLog(half.staffId ? { kind: 'staff-sign-in', message: 'Staff login successful', ...who } : { kind: 'sign-in', message: `Login successful for UserID: ${half.userId}`, ...who });
  return answer;
}

async function startOver(req: PublicRequest, door: Door): Promise<Reply> {
  const half = await findHalf(req, door);
  if (!half) return seeOther(door);
  await endSignIn(req.tenant.id, half.signInId);
  await endSession(req);
  return seeOther(door);
}

const homeOf = (door: Door) => (door === '/login' ? '/' : '/staff');

function findHalf(req: PublicRequest, door: Door): Promise<HalfSignIn | undefined> {
  return withTenant(req.tenant.id, () => findHalfSignIn(signInOf(req, req.tenant.id), door === '/staff/login'));
}

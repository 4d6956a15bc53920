import { z } from 'zod';
import { NotOffered } from '../platform/errors.ts';
import { readForm, refuse, required } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { needPasswordUnlessFresh, isFresh } from '../sign-ins/current-password.ts';
import { bases, holderOf, type HolderRequest } from '../sign-ins/holder.ts';
import { endOthers } from '../sign-ins/sign-in-record.ts';
import { tellHolder } from '../sign-ins/tell-holder.ts';
import { again } from '../walk/walk.ts';
import { appAddress, halfMinuteOf } from './codes.ts';
import { mayUseTwoSteps, mustUseTwoSteps } from './rule.ts';
import { confirmTwoStep, findTwoStep, removeTwoStep, renewRecoveryCodes, secretOf, startTwoStep, type TwoStep } from './two-step.ts';

/** Setting it up, new recovery codes, turning it off: the same pages for customers and staff. */
export function twoStepRoutes(door: keyof typeof bases): Route<HolderRequest>[] {
  const path = `${bases[door]}/two-step`;
  return [
    get(path, showTwoStep, { early: true }),
    post(path, start, { page: showTwoStep, outside: true, early: true }),
    post(`${path}/confirmation`, confirm, { page: showTwoStep, early: true }),
    post(`${path}/recovery-codes`, renewCodes, { page: showTwoStep, outside: true }),
    post(`${path}/cancellation`, turnOff, { page: showTwoStep, outside: true }),
  ];
}

async function showTwoStep(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const twoStep = await findTwoStep(holder);
  if (!twoStep && !mayUseTwoSteps(req)) throw new NotOffered('two-step');
  const data = { title: req.t('two-step.title'), base: holder.base, isRequired: mustUseTwoSteps(req), asksPassword: !(await isFresh(holder)) };
  if (!twoStep) return page('two-step/off', data);
  return twoStep.since ? page('two-step/on', { ...data, since: twoStep.since, codesLeft: twoStep.codesLeft }) : page('two-step/set-up', { ...data, ...(await drawSecret(req, twoStep)) });
}

async function start(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  if (!mayUseTwoSteps(req)) throw new NotOffered('two-step');
  await needPasswordUnlessFresh(req);
  await again(req, () => startTwoStep(holder, req.outside.keys));
  return seeOther(`${holder.base}/two-step`);
}

async function confirm(req: HolderRequest): Promise<Reply> {
  const { code } = readForm(z.object({ code: required(20) }), req.body, req.t);
  const holder = holderOf(req);
  const twoStep = await findTwoStep(holder);
  if (!twoStep || twoStep.since) return seeOther(`${holder.base}/two-step`);
  const halfMinute = halfMinuteOf(secretOf(holder.id, twoStep.sealedSecret, req.outside.keys), code, Math.floor(Date.now() / 1000));
  if (halfMinute === null) return refuse('code', req.t('two-step.code-wrong'));
  if (!(await confirmTwoStep(twoStep, holder, halfMinute))) return seeOther(`${holder.base}/two-step`);
  await endOthers(holder);
  await tellHolder(req, { kind: 'two-step-on', message: 'Two-step sign-in turned on', text: 'two-step.mail-on' });
  return showCodes(req, await renewRecoveryCodes(twoStep.id, req.outside.keys), true);
}

async function renewCodes(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  await needPasswordUnlessFresh(req);
  const codes = await again(req, async () => {
    const twoStep = await findTwoStep(holder);
    if (!twoStep?.since) return undefined;
    await tellHolder(req, { kind: 'recovery-codes-renewed', message: 'New recovery codes', text: 'two-step.mail-codes' });
    return renewRecoveryCodes(twoStep.id, req.outside.keys);
  });
  return codes ? showCodes(req, codes, false) : seeOther(`${holder.base}/two-step`);
}

async function turnOff(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  await needPasswordUnlessFresh(req);
  await again(req, async () => {
    if (!(await removeTwoStep(holder))) return;
    await endOthers(holder);
    await tellHolder(req, { kind: 'two-step-off', message: 'Two-step sign-in turned off', text: 'two-step.mail-off' });
  });
  setFlash(req, 'info', req.t('two-step.turned-off'));
  return seeOther(mayUseTwoSteps(req) ? `${holder.base}/two-step` : holder.base);
}

/** Shown once, from the answer to the form itself: nothing keeps them. */
function showCodes(req: HolderRequest, codes: readonly string[], isNew: boolean): Reply {
  return page('two-step/recovery-codes', { title: req.t('two-step.codes-title'), base: holderOf(req).base, codes, isNew });
}

async function drawSecret(req: HolderRequest, twoStep: TwoStep) {
  const holder = holderOf(req);
  const secret = secretOf(holder.id, twoStep.sealedSecret, req.outside.keys);
  const { default: QRCode } = await import('qrcode');
  const svg = await QRCode.toString(appAddress(secret, { portal: req.tenant.site.displayName, userId: holder.userId }), { type: 'svg', margin: 2 });
  return { qrCode: `data:image/svg+xml,${encodeURIComponent(svg)}`, secret: secret.replace(/.{4}(?=.)/g, '$& ') };
}

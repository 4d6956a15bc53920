import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { refuse } from '../platform/forms.ts';
import { safeReturnPath } from '../platform/origin.ts';
import { file, seeOther, type Reply } from '../platform/replies.ts';
import { post, type Handler, type Route } from '../platform/routes.ts';
import { startSession } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { countTry } from '../sign-in/count-tries.ts';
import { deviceOf, openSignIn } from '../sign-in/open-sign-in.ts';
import { openStaffSignIn } from '../sign-in/sign-in-staff.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { readAnswer } from './answer.ts';
import { issueChallenge, spendChallenge } from './challenge.ts';
import { findKnownPasskey, notePasskeyUse, type KnownPasskey } from './passkey.ts';

type Door = '/login' | '/staff/login';

/** The passkey beside the password. `page` draws the sign-in page again when the device's answer is refused. */
export function passkeyDoorRoutes(door: Door, page: Handler): Route[] {
  return [post(`${door}/passkey/challenge`, askForPasskey), post(`${door}/passkey`, (req) => takePasskey(req, door), { page })];
}

/** For public/passkeys.js. The same for everybody: the device knows whom it has a passkey for. */
async function askForPasskey(req: PublicRequest): Promise<Reply> {
  await req.outside.limits.take('forms-tenant', req.tenant.id);
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.ip}`);
  const challenge = await withTenant(req.tenant.id, () => issueChallenge());
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({ rpID: hostOf(req), challenge: Buffer.from(challenge, 'base64url'), userVerification: 'required' });
  return file({ name: 'challenge.json', type: 'application/json', inline: true, make: async () => JSON.stringify(options) });
}

async function takePasskey(req: PublicRequest, door: Door): Promise<Reply> {
  await req.outside.limits.take('sign-in-tenant', req.tenant.id);
  const signInId = await countTry(req, () => openByPasskey(req, door));
  if (!signInId) refuse('passkey', req.t('passkeys.refused'));
  await startSession(req, { tenantId: req.tenant.id, signInId });
  const next = safeReturnPath(req.query['next']);
  return seeOther(door === '/staff/login' && !next.startsWith('/staff') ? '/staff' : next);
}

async function openByPasskey(req: PublicRequest, door: Door): Promise<string | null> {
  const given = readAnswer<AuthenticationResponseJSON>(req.body);
  const passkey = given && (await withTenant(req.tenant.id, async () => ((await spendChallenge(given.challenge)) ? findKnownPasskey(given.answer.id, door === '/staff/login') : undefined)));
  if (!given || !passkey) return null;
  const counter = await counterOf(req, given, passkey);
  return withTenant(req.tenant.id, () => (counter === null ? refuseAndLog(req, passkey, door) : admit(req, passkey, counter, door)));
}

/** The device's new counter when its answer is right, else null. No transaction is open: this computes. */
async function counterOf(req: PublicRequest, { answer, challenge }: { answer: AuthenticationResponseJSON; challenge: string }, passkey: KnownPasskey): Promise<number | null> {
  const { credentialId: id, publicKey, counter } = passkey;
  try {
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: req.origin,
      expectedRPID: hostOf(req),
      credential: { id, publicKey, counter },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch (error) {
    req.log.info({ err: error }, 'a passkey was refused');
    return null;
  }
}

/** The same gate as behind a password: blocked, locked and gone people stay out. */
async function admit(req: PublicRequest, passkey: KnownPasskey, counter: number, door: Door): Promise<string | null> {
  if (!passkey.hasAccess || !(await notePasskeyUse(passkey, counter))) return refuseAndLog(req, passkey, door);
  const open = door === '/staff/login' ? openStaffSignIn : openSignIn;
  return open(req.tenant, passkey.ownerId, deviceOf(req), { byPasskey: true });
}

async function refuseAndLog(req: PublicRequest, { ownerId, userId }: KnownPasskey, door: Door): Promise<null> {
  const who = door === '/staff/login' ? { staffId: ownerId } : { loginRef: ownerId };
  await recordPortalLog({ kind: 'sign-in-refused', message: `Passkey refused for UserID: ${userId}`, ...who, device: deviceOf(req) });
  return null;
}

/** What passkeys are bound to: the portal's own host, so that another organization's portal can never ask for them. */
export function hostOf(req: PublicRequest): string {
  return new URL(req.origin).hostname;
}

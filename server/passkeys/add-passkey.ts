import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { setFlash } from '../platform/session.ts';
import { needPasswordUnlessFresh } from '../sign-ins/current-password.ts';
import { holderOf, type HolderRequest } from '../sign-ins/holder.ts';
import { tellHolder } from '../sign-ins/tell-holder.ts';
import { again } from '../walk/walk.ts';
import { readAnswer } from './answer.ts';
import { findAdding, issueChallenge, spendChallenge } from './challenge.ts';
import { hostOf } from './door.ts';
import { addPasskey, listPasskeys, mostPasskeys, nameForm, type NewPasskey } from './passkey.ts';

/** First the name and, where it is asked, the password: after that the device has five minutes. */
export async function begin(req: HolderRequest): Promise<Reply> {
  const { name } = readForm(nameForm, req.body, req.t);
  const holder = holderOf(req);
  await needPasswordUnlessFresh(req);
  await again(req, async () => {
    if ((await listPasskeys(holder)).length >= mostPasskeys) refuse('', req.t('passkeys.too-many', { count: mostPasskeys }));
    await issueChallenge({ signInId: holder.signInId, name });
  });
  return seeOther(`${holder.base}/passkeys/new`);
}

export async function showNew(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const adding = await findAdding(holder.signInId);
  if (!adding) return seeOther(`${holder.base}/passkeys`);
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const options = await generateRegistrationOptions({
    rpName: req.tenant.site.displayName,
    rpID: hostOf(req),
    userID: Buffer.from(holder.id.replaceAll('-', ''), 'hex'),
    userName: holder.userId,
    userDisplayName: holder.name,
    challenge: Buffer.from(adding.challenge, 'base64url'),
    attestationType: 'none',
    excludeCredentials: (await listPasskeys(holder)).map(({ credentialId: id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [-8, -7, -257],
  });
  return page('passkeys/new', { title: req.t('passkeys.new-title'), base: holder.base, name: adding.name, options: JSON.stringify(options) });
}

export async function add(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const given = readAnswer<RegistrationResponseJSON>(req.body);
  const adding = given && (await again(req, () => spendChallenge(given.challenge, holder.signInId)));
  const passkey = given && adding?.name ? await checkedPasskey(req, given, adding.name) : null;
  const isAdded = passkey && (await again(req, () => keep(req, passkey)));
  if (!isAdded) return refuse('', req.t('passkeys.not-added'));
  setFlash(req, 'success', req.t('passkeys.added', { name: passkey.name }));
  return seeOther(`${holder.base}/passkeys`);
}

async function keep(req: HolderRequest, passkey: NewPasskey): Promise<boolean> {
  if (!(await addPasskey(holderOf(req), passkey))) return false;
  await tellHolder(req, { kind: 'passkey-added', message: 'Passkey added', text: 'passkeys.mail-added' });
  return true;
}

async function checkedPasskey(req: HolderRequest, { answer, challenge }: { answer: RegistrationResponseJSON; challenge: string }, name: string): Promise<NewPasskey | null> {
  try {
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const { verified, registrationInfo } = await verifyRegistrationResponse({ response: answer, expectedChallenge: challenge, expectedOrigin: req.origin, expectedRPID: hostOf(req), requireUserVerification: true, supportedAlgorithmIDs: [-8, -7, -257] });
    if (!verified) return null;
    const { id: credentialId, publicKey, counter, transports = [] } = registrationInfo.credential;
    return { credentialId, publicKey, counter, transports, name };
  } catch (error) {
    req.log.info({ err: error }, 'a new passkey was refused');
    return null;
  }
}

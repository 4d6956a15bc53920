import { generateRegistrationOptions, verifyRegistrationResponse, type RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { isFresh, needPasswordUnlessFresh } from '../sign-ins/current-password.ts';
import { deviceInWords } from '../sign-ins/device.ts';
import { bases, holderOf, type HolderRequest } from '../sign-ins/holder.ts';
import { endOthers } from '../sign-ins/sign-in-record.ts';
import { tellHolder } from '../sign-ins/tell-holder.ts';
import { again } from '../tenancy/walk.ts';
import { readAnswer } from './answer.ts';
import { findAdding, issueChallenge, spendChallenge } from './challenge.ts';
import { hostOf } from './door.ts';
import { addPasskey, findPasskey, listPasskeys, mostPasskeys, removePasskey, renamePasskey, type NewPasskey, type Passkey } from './passkey.ts';

/** The own passkeys: the same pages for customers and staff. */
export function passkeyRoutes(door: keyof typeof bases): Route<HolderRequest>[] {
  const path = `${bases[door]}/passkeys`;
  return [
    get(path, showPasskeys),
    post(path, begin, { page: showPasskeys, outside: true }),
    get(`${path}/new`, showNew),
    post(`${path}/new`, add, { page: showPasskeys, outside: true }),
    get(`${path}/:id`, showPasskey),
    post(`${path}/:id`, rename, { page: showPasskey }),
    post(`${path}/:id/removal`, remove, { page: showPasskey, outside: true }),
  ];
}

async function showPasskeys(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  return page('passkeys/list', {
    title: req.t('passkeys.title'),
    base: holder.base,
    passkeys: await listPasskeys(holder),
    mostPasskeys,
    name: deviceInWords(req.get('user-agent') ?? '', req.t),
    asksPassword: !(await isFresh(holder)),
  });
}

const nameForm = z.object({ name: required(60) });

async function begin(req: HolderRequest): Promise<Reply> {
  const { name } = readForm(nameForm, req.body, req.t);
  const holder = holderOf(req);
  await needPasswordUnlessFresh(req);
  await again(req, async () => {
    if ((await listPasskeys(holder)).length >= mostPasskeys) refuse('', req.t('passkeys.too-many', { count: mostPasskeys }));
    await issueChallenge({ signInId: holder.signInId, name });
  });
  return seeOther(`${holder.base}/passkeys/new`);
}

async function showNew(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const adding = await findAdding(holder.signInId);
  if (!adding) return seeOther(`${holder.base}/passkeys`);
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

async function add(req: HolderRequest): Promise<Reply> {
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
    const { verified, registrationInfo } = await verifyRegistrationResponse({ response: answer, expectedChallenge: challenge, expectedOrigin: req.origin, expectedRPID: hostOf(req), requireUserVerification: true, supportedAlgorithmIDs: [-8, -7, -257] });
    if (!verified) return null;
    const { id: credentialId, publicKey, counter, transports = [] } = registrationInfo.credential;
    return { credentialId, publicKey, counter, transports, name };
  } catch (error) {
    req.log.info({ err: error }, 'a new passkey was refused');
    return null;
  }
}

async function showPasskey(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  return page('passkeys/passkey', { title: req.t('passkeys.one-title'), base: holder.base, passkey: await ownPasskey(req), asksPassword: !(await isFresh(holder)) });
}

async function rename(req: HolderRequest): Promise<Reply> {
  const { name } = readForm(nameForm, req.body, req.t);
  await renamePasskey(await ownPasskey(req), name);
  setFlash(req, 'success', req.t('passkeys.renamed', { name }));
  return seeOther(`${holderOf(req).base}/passkeys`);
}

async function remove(req: HolderRequest): Promise<Reply> {
  const holder = holderOf(req);
  const passkey = await again(req, () => ownPasskey(req));
  await needPasswordUnlessFresh(req);
  await again(req, async () => {
    await removePasskey(passkey);
    await endOthers(holder);
    await tellHolder(req, { kind: 'passkey-removed', message: 'Passkey removed', text: 'passkeys.mail-removed' });
  });
  setFlash(req, 'info', req.t('passkeys.removed', { name: passkey.name }));
  return seeOther(`${holder.base}/passkeys`);
}

async function ownPasskey(req: HolderRequest): Promise<Passkey> {
  const id = uuid.safeParse(req.params['id']);
  const passkey = id.success ? await findPasskey(holderOf(req), id.data) : undefined;
  if (!passkey) throw new NotFound('no such passkey');
  return passkey;
}

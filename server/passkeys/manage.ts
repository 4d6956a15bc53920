import { NotFound } from '../platform/errors.ts';
import { readForm, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { isFresh, needPasswordUnlessFresh } from '../sign-ins/current-password.ts';
import { deviceInWords } from '../sign-ins/device.ts';
import { bases, holderOf, type HolderRequest } from '../sign-ins/holder.ts';
import { endOthers } from '../sign-ins/sign-in-record.ts';
import { tellHolder } from '../sign-ins/tell-holder.ts';
import { again } from '../walk/walk.ts';
import { add, begin, showNew } from './add-passkey.ts';
import { findPasskey, listPasskeys, mostPasskeys, nameForm, removePasskey, renamePasskey, type Passkey } from './passkey.ts';

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

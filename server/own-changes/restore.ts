import { lockAccount } from '../accounts/lock-account.ts';
import { readDetails, saveDetails, type Changeable } from '../contacts/details.ts';
import { restoreValues } from '../custom-fields/values.ts';
import { setDefault, takeAway } from '../payment-methods/change-method.ts';
import { findMethod } from '../payment-methods/payment-method.ts';
import { read, run } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import type { ChangeKind, OwnChange } from './change.ts';

/** 'changed-since': something newer stands there. 'impossible': it cannot be put back, and people are told so. */
export type Restored = 'restored' | 'changed-since' | 'impossible';

interface Way {
  readonly site: Site;
  readonly tenantId: string;
  /** Puts it back whatever stands there by now, and whether or not the person may change it any more. */
  readonly isForced: boolean;
}

/** Puts back what stood there before the change, in the current transaction. */
export function restore(change: OwnChange, way: Way): Promise<Restored> {
  return restorers[change.kind](change, way);
}

/** What people may undo by themselves, without a word to anybody. */
export const isUndoable = ({ kind, isTakenBack }: Pick<OwnChange, 'kind' | 'isTakenBack'>): boolean => !isTakenBack && (kind === 'details' || kind === 'fields');

const restorers: Readonly<Record<ChangeKind, (change: OwnChange, way: Way) => Promise<Restored>>> = {
  details: restoreDetails,
  fields: ({ accountId, contactId, before, after }, { isForced }) => restoreValues({ accountId, contactId }, { before, after, isForced }),
  email: restoreEmail,
  username: restoreUsername,
  // Nobody wants the old one back: a new one is chosen.
  password: () => Promise.resolve('restored'),
  method_added: removeAdded,
  method_removed: () => Promise.resolve('impossible'),
  method_default: restoreDefault,
  autopay: restoreAutopay,
};

async function restoreDetails({ contactId, before, after }: OwnChange, { site, isForced }: Way): Promise<Restored> {
  await read('lock-contact', 'select id from app.contacts where id = $1 for no key update', [contactId]);
  const now = await readDetails(contactId);
  if (!now) return 'impossible';
  const names = Object.keys(before) as (keyof Changeable)[];
  if (!isForced && names.some((name) => site.profile(groupOf(name)) !== 'edit')) return 'impossible';
  if (!isForced && names.some((name) => now[name] !== after[name])) return 'changed-since';
  await saveDetails(now, before);
  return 'restored';
}

function groupOf(name: string): 'name' | 'phones' | 'address' {
  return name.endsWith('Name') ? 'name' : name.endsWith('Phone') ? 'phones' : 'address';
}

/** Also the login that had followed; where its old id is somebody else's by now, it keeps the one it has. */
async function restoreEmail({ contactId, loginRef, before, after }: OwnChange): Promise<Restored> {
  await run('update app.contacts set email = $2 where id = $1 or (login_ref = $3 and lower(email) = lower($4))', [contactId, before['email'], loginRef, after['email']]);
  await run(
    `update app.logins l set email = $2, login_id = case when lower(l.login_id) = lower($4) and not exists (select from app.logins o where lower(o.login_id) = lower($3) and o.id <> l.id) then $3 else l.login_id end where l.id = $1`,
    [loginRef, before['loginEmail'], before['loginId'], after['loginId']],
  );
  return 'restored';
}

async function restoreUsername({ loginRef, before }: OwnChange): Promise<Restored> {
  const done = await run('update app.logins l set login_id = $2 where id = $1 and not exists (select from app.logins o where lower(o.login_id) = lower($2) and o.id <> l.id) returning id', [loginRef, before['username']]);
  return done.length ? 'restored' : 'impossible';
}

async function removeAdded({ accountId, after }: OwnChange, { tenantId }: Way): Promise<Restored> {
  await lockAccount(accountId);
  const method = await findMethod(accountId, after['method'] ?? '');
  if (!method) return 'restored';
  await run(
    `update app.accounts a set autopay_method_id = case when autopay_method_id = $2 then null else autopay_method_id end,
            autopay = autopay and exists (select from app.payment_methods m where m.account_id = a.id and m.removed_at is null and m.id <> $2) where id = $1`,
    [accountId, method.id],
  );
  await takeAway(tenantId, accountId, method.id);
  return 'restored';
}

async function restoreDefault({ accountId, before }: OwnChange): Promise<Restored> {
  await lockAccount(accountId);
  const method = before['method'] ? await findMethod(accountId, before['method']) : null;
  if (!method) return 'impossible';
  await setDefault(accountId, method.id);
  return 'restored';
}

async function restoreAutopay({ accountId, before }: OwnChange): Promise<Restored> {
  await lockAccount(accountId);
  const done = await run(
    `update app.accounts a set autopay = $2, autopay_method_id = (select m.id from app.payment_methods m where m.id = $3 and m.account_id = a.id and m.removed_at is null and $2)
      where id = $1 and (not $2 or exists (select from app.payment_methods m where m.account_id = a.id and m.removed_at is null)) returning id`,
    [accountId, before['on'] === 'yes', before['method'] ?? null],
  );
  return done.length ? 'restored' : 'impossible';
}

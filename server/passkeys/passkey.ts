import { z } from 'zod';
import { mayEnter } from '../logins/people.ts';
import { run } from '../platform/database.ts';
import { required } from '../platform/forms.ts';
import type { Holder } from '../sign-ins/holder.ts';

export interface Passkey {
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  readonly addedAt: Date;
  readonly usedAt: Date | null;
}

/** What the device has told us once: by this its answers are checked. */
export interface NewPasskey {
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly name: string;
}

export const mostPasskeys = 20;
export const nameForm = z.object({ name: required(60) });

export function listPasskeys(holder: Holder): Promise<Passkey[]> {
  return run<Passkey & Record<string, unknown>>(`${select} order by created_at, id`, [holder.id]);
}

export async function findPasskey(holder: Holder, id: string): Promise<Passkey | undefined> {
  const [row] = await run<Passkey & Record<string, unknown>>(`${select} and id = $2`, [holder.id, id]);
  return row;
}

/** False: this device's passkey is here already. */
export async function addPasskey(holder: Holder, { credentialId, publicKey, counter, transports, name }: NewPasskey): Promise<boolean> {
  const added = await run(
    `insert into app.passkeys (login_ref, staff_id, credential_id, public_key, counter, transports, name) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (tenant_id, credential_id) do nothing returning id`,
    [holder.loginRef, holder.staffId, credentialId, Buffer.from(publicKey), counter, transports, name],
  );
  return added.length > 0;
}

export async function renamePasskey(passkey: Passkey, name: string): Promise<void> {
  await run('update app.passkeys set name = $2 where id = $1', [passkey.id, name]);
}

export async function removePasskey(passkey: Passkey): Promise<void> {
  await run('delete from app.passkeys where id = $1', [passkey.id]);
}

/** A passkey as the door sees it. */
export interface KnownPasskey {
  readonly id: string;
  readonly credentialId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: number;
  readonly ownerId: string;
  readonly userId: string;
  /** Whose it is may get in: not blocked, locked or gone. */
  readonly hasAccess: boolean;
}

export async function findKnownPasskey(credentialId: string, isStaff: boolean): Promise<KnownPasskey | undefined> {
  const [row] = await run<KnownPasskey & Record<string, unknown>>(
    `select p.id, p.credential_id as "credentialId", p.public_key as "publicKey", p.counter, coalesce(p.login_ref, p.staff_id) as "ownerId", coalesce(l.login_id, u.email) as "userId",
            case when u.id is not null then u.ended_at is null and u.locked_at is null
                 else l.locked_at is null and exists (select from app.contacts c join app.accounts a on a.id = c.account_id where c.login_ref = l.id and ${mayEnter}) end as "hasAccess"
       from app.passkeys p left join app.logins l on l.id = p.login_ref left join app.staff_users u on u.id = p.staff_id
      where p.credential_id = $1 and (p.staff_id is not null) = $2`,
    [credentialId, isStaff],
  );
  return row;
}

/** Keeps the device's counter. False: it did not go on from where it was, so somebody has a copy, or it was removed meanwhile. */
export async function notePasskeyUse({ id }: KnownPasskey, counter: number): Promise<boolean> {
  const noted = await run('update app.passkeys set counter = $2, last_used_at = now() where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id', [id, counter]);
  return noted.length > 0;
}

const select = `select id, credential_id as "credentialId", name, created_at as "addedAt", last_used_at as "usedAt" from app.passkeys where (login_ref = $1 or staff_id = $1)`;

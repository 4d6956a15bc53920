import { newToken, hashToken } from '../platform/crypto.ts';
import { read, run } from '../platform/database.ts';
import { mayEnter } from '../logins/people.ts';

export type LinkKind = 'reset' | 'confirm_password' | 'sign_up' | 'invitation' | 'confirm_invitation' | 'temporary' | 'staff_invitation' | 'staff_reset' | 'new_email';

/** What waits in a link until it is used. */
export interface LinkPayload {
  readonly passwordHash?: string;
  readonly username?: string;
  /** The request at the door that this link answers: its browser knows the id. */
  readonly requestId?: string;
}

export interface Link {
  readonly id: string;
  readonly kind: LinkKind;
  readonly state: 'living' | 'used' | 'replaced' | 'expired';
  /** Where it was sent, which proves that its holder reads this address. */
  readonly email: string;
  readonly contactId: string | null;
  readonly staffId: string | null;
  readonly loginRef: string | null;
  readonly loginId: string | null;
  readonly hasPassword: boolean;
  readonly name: string;
  readonly payload: LinkPayload;
}

interface NewLink {
  readonly kind: LinkKind;
  readonly email: string;
  readonly owner: { readonly contactId: string; readonly loginRef: string | null } | { readonly staffId: string };
  /** How long it lives, in hours by the database's clock. */
  readonly hours: number;
  readonly payload?: LinkPayload;
}

/** Makes a link and takes the place of the owner's living ones of its kind. Returns the token, which is kept nowhere. */
export async function issueLink({ kind, email, owner, hours, payload = {} }: NewLink): Promise<string> {
  const { contactId, loginRef, staffId } = { contactId: null, loginRef: null, staffId: null, ...owner };
  await lockOwner({ contactId, loginRef, staffId });
  await read(
    'replace-links',
    `update app.links set replaced_at = now(), payload = '{}'
      where kind = $1 and used_at is null and replaced_at is null and (contact_id = $2 or login_ref = $3 or staff_id = $4)`,
    [kind, contactId, loginRef, staffId],
  );
  const { token, hash } = newToken();
  await read(
    'issue-link',
    `insert into app.links (kind, token_hash, email, contact_id, login_ref, staff_id, payload, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(hours => $8))`,
    [kind, hash, email, contactId, loginRef, staffId, payload, hours],
  );
  return token;
}

/**
 * The link behind a token: null when there is none of this kind here, or when its owner may not get in any more. One that was sent to an
 * address that is no longer on file counts as replaced; but one that confirms a new address was never sent to another.
 */
export async function findLink(kind: LinkKind, token: string): Promise<Link | null> {
  const [row] = await read<Link & Record<string, unknown>>('find-link', found, [kind, hashToken(token)]);
  return row ?? null;
}

/** Uses a link up: the link as it was, or null when it was not living any more. Of twenty at once one gets it. */
export async function useLink(kind: LinkKind, token: string): Promise<Link | null> {
  const link = await findLink(kind, token);
  if (link?.state !== 'living') return null;
  await lockOwner(link);
  const used = await read(
    'use-link',
    `update app.links set used_at = now(), payload = '{}' where id = $1 and used_at is null and replaced_at is null and expires_at > now() returning id`,
    [link.id],
  );
  return used.length ? link : null;
}

/** Ends the living links of a login and its contacts, or of a member of staff, by which a password could still be set: there is a new one. */
export async function endLinks(ownerId: string): Promise<void> {
  await read(
    'end-links',
    `update app.links set replaced_at = now(), payload = '{}' where used_at is null and replaced_at is null
        and (login_ref = $1 or staff_id = $1 or contact_id in (select id from app.contacts where login_ref = $1))`,
    [ownerId],
  );
}

/** Remembers when a link was first opened, for whoever helps its owner. */
export async function markOpened(id: string): Promise<void> {
  await run('update app.links set opened_at = now() where id = $1 and opened_at is null', [id]);
}

/** So many links were sent to the contact or member of staff within the hour: more would only fill the mailbox. */
export async function isMailedEnough(ownerId: string): Promise<boolean> {
  const [row] = await read<{ sent: number }>('links-sent', `select count(*)::int as sent from app.links where (contact_id = $1 or staff_id = $1) and created_at > now() - interval '1 hour'`, [ownerId]);
  return (row?.sent ?? 0) >= 10;
}

/** Two at once would each find nothing to replace: whoever comes second waits here. Always before a row of links, never after. */
async function lockOwner({ loginRef, contactId, staffId }: Pick<Link, 'loginRef' | 'contactId' | 'staffId'>): Promise<void> {
  const table = loginRef ? 'logins' : contactId ? 'contacts' : 'staff_users';
  await read(`lock-${table}`, `select from app.${table} where id = $1 for update`, [loginRef ?? contactId ?? staffId]);
}

const found = `select k.id, k.kind, k.email, k.contact_id as "contactId", k.staff_id as "staffId", l.id as "loginRef", l.login_id as "loginId", l.password_hash is not null as "hasPassword", k.payload,
       coalesce(concat_ws(' ', c.first_name, c.last_name), u.name) as name,
       case when k.used_at is not null then 'used'
            when k.replaced_at is not null or (k.kind <> 'new_email' and lower(k.email) <> lower(coalesce(c.email, u.email))) then 'replaced'
            when k.expires_at <= now() then 'expired' else 'living' end as state
  from app.links k
  left join app.contacts c on (c.tenant_id, c.id) = (k.tenant_id, k.contact_id)
  left join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
  left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
  left join app.staff_users u on (u.tenant_id, u.id) = (k.tenant_id, k.staff_id) and u.ended_at is null
 where k.kind = $1 and k.token_hash = $2 and (u.id is not null or k.kind = 'new_email' or (${mayEnter}))`;

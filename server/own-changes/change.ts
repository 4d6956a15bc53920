import { hashToken, newToken, seal, unseal } from '../platform/crypto.ts';
import { read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';

export type ChangeKind = 'details' | 'fields' | 'email' | 'username' | 'password' | 'method_added' | 'method_removed' | 'method_default' | 'autopay';
export type Values = Readonly<Record<string, string | null>>;

/** What somebody has changed of the own account; both sides have the same names. */
export interface NewChange {
  readonly kind: ChangeKind;
  readonly accountId: string;
  readonly contactId: string;
  readonly loginRef: string | null;
  /** The line of the portal log that tells of it. */
  readonly logId: string;
  readonly before: Values;
  readonly after: Values;
}

export interface OwnChange extends NewChange {
  readonly id: string;
  readonly createdAt: Date;
  readonly state: 'living' | 'used' | 'expired';
  readonly isTakenBack: boolean;
}

/** In the transaction of the change. What stood there is sealed. Returns the token of the link that says "this was not me": 72 hours, once; kept nowhere. */
export async function keepChange({ keys }: Pick<Outside, 'keys'>, change: NewChange): Promise<string> {
  const { token, hash } = newToken();
  const { before, after } = change;
  await read(
    'keep-own-change',
    'insert into app.own_changes (kind, account_id, contact_id, login_ref, log_id, sealed, token_hash) values ($1, $2, $3, $4, $5, $6, $7)',
    [change.kind, change.accountId, change.contactId, change.loginRef, change.logId, seal(keys, JSON.stringify({ before, after }), context(hash)), hash],
  );
  return token;
}

export async function findByToken(outside: Pick<Outside, 'keys'>, token: string): Promise<OwnChange | undefined> {
  const [row] = await read<Row>('own-change-by-token', `select ${columns} from app.own_changes ch where ch.token_hash = $1`, [hashToken(token)]);
  return row && opened(outside, row);
}

/** One of this contact's own. */
export async function findOwn(outside: Pick<Outside, 'keys'>, id: string, contactId: string): Promise<OwnChange | undefined> {
  const [row] = await read<Row>('own-change', `select ${columns} from app.own_changes ch where ch.id = $1 and ch.contact_id = $2`, [id, contactId]);
  return row && opened(outside, row);
}

/** Those that these lines of the portal log tell of, by line. */
export async function findByLines(outside: Pick<Outside, 'keys'>, logIds: readonly string[]): Promise<Map<string, OwnChange>> {
  const rows = await read<Row>('own-changes-by-line', `select ${columns} from app.own_changes ch where ch.log_id = any($1::uuid[])`, [logIds]);
  return new Map(rows.map((row) => [row.logId, opened(outside, row)]));
}

/** Later changes of the same person or account that still stand, the newest first. */
export async function findLater(outside: Pick<Outside, 'keys'>, { id, contactId, loginRef }: OwnChange): Promise<OwnChange[]> {
  const rows = await read<Row>(
    'later-own-changes',
    `select ${columns} from app.own_changes ch where ch.id > $1 and (ch.contact_id = $2 or ch.login_ref = $3) and ch.taken_back_at is null order by ch.id desc for update`,
    [id, contactId, loginRef],
  );
  return rows.map((row) => opened(outside, row));
}

/** False: it has been taken back already. Of twenty at once one is first. */
export async function markTakenBack(id: string): Promise<boolean> {
  return (await read('take-back', 'update app.own_changes set taken_back_at = now() where id = $1 and taken_back_at is null returning id', [id])).length === 1;
}

/** Uses the link up. False: it was used before, or came too late. */
export async function markDisputed(id: string): Promise<boolean> {
  return (await read('dispute-change', 'update app.own_changes set disputed_at = now() where id = $1 and disputed_at is null and expires_at > now() returning id', [id])).length === 1;
}

interface Row extends Omit<OwnChange, 'before' | 'after'>, Record<string, unknown> {
  readonly sealed: string;
  readonly hash: string;
}

function opened({ keys }: Pick<Outside, 'keys'>, { sealed, hash, ...row }: Row): OwnChange {
  return { ...(row as unknown as Omit<OwnChange, 'before' | 'after'>), ...(JSON.parse(unseal(keys, sealed, context(hash))) as { before: Values; after: Values }) };
}

const context = (hash: string): string => `own_changes ${hash}`;
const columns = `ch.id, ch.kind, ch.account_id as "accountId", ch.contact_id as "contactId", ch.login_ref as "loginRef", ch.log_id as "logId", ch.sealed, ch.token_hash as hash, ch.created_at as "createdAt",
  case when ch.disputed_at is not null then 'used' when ch.expires_at <= now() then 'expired' else 'living' end as state, ch.taken_back_at is not null as "isTakenBack"`;

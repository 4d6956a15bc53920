import { endSignIns } from '../passwords/set-password.ts';
import { read, run } from '../platform/database.ts';
import { boxes, texts, type ContactValues } from './contact-form.ts';

/** Who changes records in this transaction, for the line that each change leaves. */
export async function signChanges(staffName: string): Promise<void> {
  await read('editor', `select set_config('app.editor', $1, true)`, [staffName]);
}

/** Writes the whole form, but only over the version that was shown: false when somebody has changed the contact since. */
export async function saveContact(id: string, revision: number, values: ContactValues): Promise<boolean> {
  const { sets, given } = assignments(values, 3);
  const [saved] = await run<{ accountId: string }>(`update app.contacts set ${sets.join(', ')} where id = $1 and revision = $2 returning account_id as "accountId"`, [id, revision, ...given]);
  if (!saved) return false;
  if (values.isPrimary) await makePrimary(id, saved.accountId);
  return true;
}

export async function addContact(accountId: string, values: ContactValues): Promise<string> {
  const { names, given } = assignments(values, 2);
  const [row] = await run<{ id: string }>(
    `insert into app.contacts (account_id, ${names.join(', ')}) values ($1, ${given.map((_, at) => `$${at + 2}`).join(', ')}) returning id`,
    [accountId, ...given],
  );
  const id = row?.id ?? '';
  if (values.isPrimary) await makePrimary(id, accountId);
  return id;
}

/** S1-71: an account has one primary contact. */
async function makePrimary(id: string, accountId: string): Promise<void> {
  await run('update app.contacts set is_primary = false where account_id = $1 and id <> $2 and is_primary', [accountId, id]);
}

/** The login whose id is the old address is called by the new one, and signed in nowhere any more. False: somebody else signs in with that address. */
export async function moveLoginId(loginRef: string, old: string, email: string): Promise<boolean> {
  const [moved] = await run(
    `update app.logins l set login_id = $3, email = $3 where id = $1 and lower(login_id) = lower($2)
        and not exists (select from app.logins o where lower(o.login_id) = lower($3) and o.id <> l.id) returning id`,
    [loginRef, old, email],
  );
  if (moved) await endSignIns(loginRef);
  return moved !== undefined;
}

function assignments(values: ContactValues, first: number): { names: string[]; sets: string[]; given: unknown[] } {
  const columns = { ...texts, ...boxes };
  const names = (Object.keys(columns) as (keyof typeof columns)[]).filter((name) => name in values);
  const given = names.map((name) => (typeof values[name] === 'string' && !name.endsWith('Name') ? values[name] || null : values[name]));
  return { names: names.map((name) => columns[name]), sets: names.map((name, at) => `${columns[name]} = $${at + first}`), given };
}

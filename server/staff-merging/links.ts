import { recordEvent } from '../account-record/record-events.ts';
import { run } from '../platform/database.ts';

export interface LinkedAccount {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly stage: string;
}

/** Related properties: the others of the same group. */
export function readLinked(accountId: string): Promise<LinkedAccount[]> {
  return run<LinkedAccount & Record<string, unknown>>(
    `select o.id, o.number, o.name, o.stage from app.accounts a join app.accounts o on o.related_group = a.related_group and o.id <> a.id where a.id = $1 order by lower(o.name), o.id limit 100`,
    [accountId],
  );
}

/** Both, and whoever was linked with either, are one group. With `shares`, whoever signs in for one of the two enters the other as well. A repeat changes nothing. */
export async function linkAccounts(one: LinkedAccount, other: LinkedAccount, { shares, staffName }: { shares: boolean; staffName: string }): Promise<void> {
  const [first, second] = [one.id, other.id].toSorted();
  const rows = await run<{ group: string | null }>('select related_group as group from app.accounts where id in ($1, $2) order by id for no key update', [first, second]);
  const groups = rows.flatMap(({ group }) => group ?? []);
  const isNew = groups.length < 2 || groups[0] !== groups[1];
  await run('update app.accounts set related_group = coalesce($3, uuidv7()::text) where id in ($1, $2) or related_group = any($4::text[])', [first, second, groups[0] ?? null, groups]);
  if (shares) for (const [from, to] of [[one.id, other.id], [other.id, one.id]] as const) await shareAccess(from, to);
  if (!isNew) return;
  await recordEvent({ accountId: one.id, name: `${other.name} (${other.number})`, kind: 'linked', staffName });
  await recordEvent({ accountId: other.id, name: `${one.name} (${one.number})`, kind: 'linked', staffName });
}

/** Contacts are not taken away: what they may enter is decided on their own pages. */
export async function unlinkAccount(one: LinkedAccount, staffName: string): Promise<void> {
  const left = await readLinked(one.id);
  await run('update app.accounts set related_group = null where id = $1', [one.id]);
  if (left.length === 1 && left[0]) await run('update app.accounts set related_group = null where id = $1', [left[0].id]);
  for (const other of left) {
    await recordEvent({ accountId: one.id, name: `${other.name} (${other.number})`, kind: 'unlinked', staffName });
    await recordEvent({ accountId: other.id, name: `${one.name} (${one.number})`, kind: 'unlinked', staffName });
  }
}

async function shareAccess(from: string, to: string): Promise<void> {
  await run(
    `insert into app.contacts (account_id, login_ref, first_name, last_name, type, email, home_phone, work_phone, cell_phone, other_phone, may_sign_in, may_see_money, may_pay)
     select $2, c.login_ref, c.first_name, c.last_name, c.type, c.email, c.home_phone, c.work_phone, c.cell_phone, c.other_phone, true, c.may_see_money, c.may_pay
       from app.contacts c where c.account_id = $1 and c.login_ref is not null and c.may_sign_in
        and not exists (select from app.contacts o where o.account_id = $2 and o.login_ref = c.login_ref)`,
    [from, to],
  );
}

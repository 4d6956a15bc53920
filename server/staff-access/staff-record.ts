import { endLinks } from '../links/link.ts';
import { run } from '../platform/database.ts';
import type { StaffMember } from '../tenancy/people.ts';

export type Role = StaffMember['role'];

export interface StaffRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
  readonly role: Role;
  readonly permissions: Readonly<Record<string, boolean>>;
  readonly hasPassword: boolean;
  readonly lockedAt: Date | null;
  readonly endedAt: Date | null;
}

export async function findStaffRecord(id: string): Promise<StaffRecord | undefined> {
  const [row] = await run<StaffRecord & Record<string, unknown>>(
    `select id, name, email, locale, role, permissions, password_hash is not null as "hasPassword", locked_at as "lockedAt", ended_at as "endedAt" from app.staff_users where id = $1`,
    [id],
  );
  return row;
}

/** A new member of staff, or one who comes back, without a password. null: somebody with this address works here. */
export async function addStaff(given: { readonly name: string; readonly email: string; readonly role: Role }): Promise<string | null> {
  const [row] = await run<{ id: string }>(
    `insert into app.staff_users (name, email, role) values ($1, $2, $3)
     on conflict (tenant_id, lower(email)) do update set name = $1, role = $3, permissions = '{}', password_hash = null, failed_attempts = 0, locked_at = null, ended_at = null
       where app.staff_users.ended_at is not null
     returning id`,
    [given.name, given.email, given.role],
  );
  return row?.id ?? null;
}

/** false: nobody would be owner any more, and nothing was changed. */
export async function saveRole(record: StaffRecord, role: Role, permissions: Readonly<Record<string, boolean>>): Promise<boolean> {
  if (role !== 'owner' && (await isLastOwner(record))) return false;
  await run('update app.staff_users set role = $2, permissions = $3 where id = $1', [record.id, role, permissions]);
  return true;
}

/** Ends the work of somebody here: every sign-in and every link with it. false: nobody would be owner any more. */
export async function endStaff(record: StaffRecord): Promise<boolean> {
  if (await isLastOwner(record)) return false;
  await run('update app.staff_users set ended_at = now() where id = $1 and ended_at is null', [record.id]);
  await run('update app.sign_ins set ended_at = now() where staff_id = $1 and ended_at is null', [record.id]);
  await endLinks(record.id);
  return true;
}

/** Two owners who take it from each other at once: the second waits here and is refused. */
async function isLastOwner({ id }: StaffRecord): Promise<boolean> {
  const owners = await run<{ id: string }>(`select id from app.staff_users where role = 'owner' and ended_at is null order by id for update`);
  return owners.length === 1 && owners[0]?.id === id;
}

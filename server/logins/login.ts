import { DataTypes, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import { database, read } from '../platform/database.ts';
import { TenantRecord } from '../tenancy/tenant-record.ts';
import { mayEnter } from './people.ts';

/** An identity of one organization: one login id, and the contacts (of one or many accounts) that it opens. */
export class Login extends TenantRecord<InferAttributes<Login>, InferCreationAttributes<Login>> {
  declare id: CreationOptional<string>;
  declare loginId: string;
  /** An address that this person has proved to read: contacts with it may be joined to the login. */
  declare email: CreationOptional<string | null>;
  declare passwordHash: CreationOptional<string | null>;
  declare failedAttempts: CreationOptional<number>;
  declare lockedAt: CreationOptional<Date | null>;
  declare lastLoginAt: CreationOptional<Date | null>;
  declare loginCount: CreationOptional<number>;
  declare locale: CreationOptional<string | null>;
}

Login.init(
  {
    id: { type: DataTypes.UUID, primaryKey: true, defaultValue: database.literal('uuidv7()') },
    loginId: { type: DataTypes.TEXT, allowNull: false },
    email: DataTypes.TEXT,
    passwordHash: DataTypes.TEXT,
    failedAttempts: DataTypes.INTEGER,
    lockedAt: DataTypes.DATE,
    lastLoginAt: DataTypes.DATE,
    loginCount: DataTypes.INTEGER,
    locale: DataTypes.TEXT,
  },
  { sequelize: database, tableName: 'logins', modelName: 'Login' },
);

export interface LockRule {
  readonly maxAttempts: number;
  /** null: only a new password ends a lock. */
  readonly lockMinutes: number | null;
  readonly identifier: 'email' | 'username' | 'either';
}

/** A try at a known login. */
export interface CountedTry {
  readonly id: string;
  readonly loginId: string;
  /** null while it is locked: then nothing that is typed is looked at. */
  readonly passwordHash: string | null;
  readonly hasPassword: boolean;
  /** One of its contacts may sign in. */
  readonly hasAccess: boolean;
}

/**
 * Counts one try before the password is looked at, in one conditional statement, so that fifty guesses at once are five guesses.
 * undefined: nobody has that id. The commit does not wait for the disk: a known id would take longer than an unknown one.
 */
export async function countTry(typed: string, rule: LockRule): Promise<CountedTry | undefined> {
  const [row] = await read<CountedTry>(
    'count-try',
    `with who as (
       select l.id from app.logins l where lower(l.login_id) = lower($1)
       union all
       select (array_agg(distinct c.login_ref))[1] from app.contacts c
        where $4 and lower(c.email) = lower($1) and c.login_ref is not null and c.test_until is null and not exists (select from app.logins l where lower(l.login_id) = lower($1))
       having count(distinct c.login_ref) = 1),
     counted as (
       update app.logins l set failed_attempts = case when l.locked_at is null then l.failed_attempts + 1 else 1 end,
              locked_at = case when l.locked_at is null and l.failed_attempts + 1 >= $2 then now() end
         from who where l.id = who.id and (l.locked_at is null or l.locked_at < now() - make_interval(mins => $3))
          and set_config('synchronous_commit', 'off', true) is not null
       returning l.id, l.password_hash)
     select l.id, l.login_id as "loginId", counted.password_hash as "passwordHash", l.password_hash is not null as "hasPassword",
            exists (select from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
                     where c.tenant_id = l.tenant_id and c.login_ref = l.id and ${mayEnter}) as "hasAccess"
       from who join app.logins l on l.id = who.id left join counted on counted.id = l.id`,
    [typed, rule.maxAttempts, rule.lockMinutes, rule.identifier === 'either'],
  );
  return row;
}

/**
 * The password was right: ends the counting. null when the login has got another password meanwhile, or when this one was temporary
 * and is used or too old.
 */
export async function acceptPassword(login: CountedTry): Promise<{ isTemporary: boolean } | null> {
  const [row] = await read<{ isTemporary: boolean }>(
    'accept-password',
    `update app.logins set failed_attempts = 0, locked_at = null, temporary_used_at = case when temporary_until is not null then now() end
      where id = $1 and password_hash = $2 and (temporary_until is null or (temporary_until > now() and temporary_used_at is null))
      returning temporary_until is not null as "isTemporary"`,
    [login.id, login.passwordHash],
  );
  return row ?? null;
}

export async function isTaken(loginId: string): Promise<boolean> {
  const taken = await read('login-id-taken', 'select from app.logins where lower(login_id) = lower($1)', [loginId]);
  return taken.length > 0;
}

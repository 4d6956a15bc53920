import { DataTypes, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import { database, read } from '../platform/database.ts';
import { TenantRecord } from '../tenancy/tenant-record.ts';

/** An identity of one organization: one login id, and the contacts (of one or many accounts) that it opens. */
export class Login extends TenantRecord<InferAttributes<Login>, InferCreationAttributes<Login>> {
  declare id: CreationOptional<string>;
  declare loginId: string;
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

export interface CountedTry {
  readonly id: string;
  readonly loginId: string;
  readonly passwordHash: string | null;
  readonly hasAccess: boolean;
}

export const maxAttempts = 5;

/**
 * Counts one try before the password is looked at, in one conditional statement, so that fifty guesses at once are five guesses.
 * null: unknown or locked. Whoever has no open account gets an answer too, and is refused after the same work (hasAccess false).
 */
export async function countTry(loginId: string): Promise<CountedTry | null> {
  const [row] = await read<CountedTry>(
    'count-try',
    `update app.logins l set failed_attempts = failed_attempts + 1,
            locked_at = case when failed_attempts + 1 >= $2 then now() end
      where lower(l.login_id) = lower($1) and l.locked_at is null
      returning l.id, l.login_id as "loginId", l.password_hash as "passwordHash",
        exists (select 1 from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
                 where c.tenant_id = l.tenant_id and c.login_ref = l.id and c.may_sign_in and a.stage in ('active', 'suspended')) as "hasAccess"`,
    [loginId, maxAttempts],
  );
  return row ?? null;
}

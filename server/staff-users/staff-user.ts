import { DataTypes, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import { database, read, run } from '../platform/database.ts';
import { TenantRecord } from '../tenancy/tenant-record.ts';

/** Somebody who works for the organization. Never a customer by the same session. */
export class StaffUser extends TenantRecord<InferAttributes<StaffUser>, InferCreationAttributes<StaffUser>> {
  declare id: CreationOptional<string>;
  declare email: string;
  declare name: string;
  declare role: 'owner' | 'manager' | 'front_desk';
  declare permissions: CreationOptional<Record<string, boolean>>;
  declare passwordHash: CreationOptional<string | null>;
  declare endedAt: CreationOptional<Date | null>;
}

StaffUser.init(
  {
    id: { type: DataTypes.UUID, primaryKey: true, defaultValue: database.literal('uuidv7()') },
    email: { type: DataTypes.TEXT, allowNull: false },
    name: { type: DataTypes.TEXT, allowNull: false },
    role: { type: DataTypes.TEXT, allowNull: false },
    permissions: DataTypes.JSONB,
    passwordHash: DataTypes.TEXT,
    endedAt: DataTypes.DATE,
  },
  { sequelize: database, tableName: 'staff_users', modelName: 'StaffUser' },
);

/** As for customers: one try is counted before the password is looked at. null: unknown, locked or gone. */
export async function countStaffTry(email: string, maxAttempts: number): Promise<{ id: string; passwordHash: string | null } | null> {
  const [row] = await read<{ id: string; passwordHash: string | null }>(
    'count-staff-try',
    `update app.staff_users set failed_attempts = failed_attempts + 1, locked_at = case when failed_attempts + 1 >= $2 then now() end
      where lower(email) = lower($1) and locked_at is null and ended_at is null returning id, password_hash as "passwordHash"`,
    [email, maxAttempts],
  );
  return row ?? null;
}

export interface StaffRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: StaffUser['role'];
  readonly lastSignedInAt: Date | null;
  readonly lockedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Everybody who works or worked for the organization; those who still do come first. */
export function listStaff(): Promise<StaffRow[]> {
  return run<StaffRow & Record<string, unknown>>(
    `select id, name, email, role, last_login_at as "lastSignedInAt", locked_at as "lockedAt", ended_at as "endedAt"
       from app.staff_users order by ended_at is not null, array_position(array['owner', 'manager', 'front_desk'], role), lower(name), id limit 1000`,
  );
}

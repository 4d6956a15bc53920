import { DataTypes, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import type { MethodKind } from '../gateways/gateway.ts';
import { database, read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';
import { TenantRecord } from '../tenancy/tenant-record.ts';

/** A way to pay that the gateway keeps for an account: we hold a token, the brand and the last four digits, never a number. */
export class PaymentMethod extends TenantRecord<InferAttributes<PaymentMethod>, InferCreationAttributes<PaymentMethod>> {
  declare id: CreationOptional<string>;
  declare accountId: string;
  declare gateway: string;
  declare token: string;
  declare kind: MethodKind;
  declare brand: string;
  declare last4: string;
  declare expMonth: number | null;
  declare expYear: number | null;
  declare isDefault: CreationOptional<boolean>;
  declare removedAt: CreationOptional<Date | null>;
}

PaymentMethod.init(
  {
    id: { type: DataTypes.UUID, primaryKey: true, defaultValue: database.literal('uuidv7()') },
    accountId: { type: DataTypes.UUID, allowNull: false },
    gateway: { type: DataTypes.TEXT, allowNull: false },
    token: { type: DataTypes.TEXT, allowNull: false },
    kind: { type: DataTypes.TEXT, allowNull: false },
    brand: { type: DataTypes.TEXT, allowNull: false },
    last4: { type: DataTypes.TEXT, allowNull: false },
    expMonth: DataTypes.INTEGER,
    expYear: DataTypes.INTEGER,
    isDefault: DataTypes.BOOLEAN,
    removedAt: DataTypes.DATE,
  },
  { sequelize: database, tableName: 'payment_methods', modelName: 'PaymentMethod' },
);

/** What pages show of a saved method; the token stays here. */
export interface SavedMethodRow {
  readonly id: string;
  readonly gateway: string;
  readonly kind: MethodKind;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  readonly isDefault: boolean;
  readonly hasExpired: boolean;
}

/** The default first, then the newest. A card is good to the end of its month. */
export function listMethods(account: Pick<CustomerAccount, 'id'>, today: string): Promise<SavedMethodRow[]> {
  return read<SavedMethodRow>(
    'payment-methods',
    `select id, gateway, kind, brand, last4, exp_month as "expMonth", exp_year as "expYear", is_default as "isDefault",
            coalesce(make_date(exp_year, exp_month, 1) + interval '1 month' <= $2::date, false) as "hasExpired"
       from app.payment_methods where account_id = $1 and removed_at is null order by is_default desc, id desc`,
    [account.id, today],
  );
}

/** One that this account may still use; null for foreign, removed and unknown ones alike. */
export async function findMethod(accountId: string, id: string): Promise<PaymentMethod | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null;
  return PaymentMethod.findOne({ where: { id, accountId, removedAt: null } });
}

/** @param today an ISO day */
export function hasExpired({ expMonth, expYear }: Pick<PaymentMethod, 'expMonth' | 'expYear'>, today: string): boolean {
  if (expMonth === null || expYear === null) return false;
  return `${expYear}-${String(expMonth).padStart(2, '0')}` < today.slice(0, 7);
}

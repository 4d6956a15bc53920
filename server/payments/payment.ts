import { DataTypes, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import { database, read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import type { CustomerAccount } from '../tenancy/people.ts';
import { TenantRecord } from '../tenancy/tenant-record.ts';

export type PaymentState =
  | 'created' | 'submitted' | 'unknown' | 'awaiting_customer' | 'processing' | 'succeeded' | 'declined' | 'failed'
  | 'partially_refunded' | 'refunded' | 'returned' | 'disputed';

/** One attempt to pay. Which state may follow which is decided in the table app.payment_moves, by a trigger. */
export class Payment extends TenantRecord<InferAttributes<Payment>, InferCreationAttributes<Payment>> {
  declare id: CreationOptional<string>;
  declare accountId: string;
  declare number: string;
  declare requestKey: string | null;
  declare state: CreationOptional<PaymentState>;
  declare purpose: CreationOptional<'invoices' | 'prepayment'>;
  declare amountCents: number;
  declare currency: string;
  declare methodKind: 'card' | 'bank_draft';
  declare methodId: string | null;
  declare methodLabel: string;
  declare gateway: string;
  declare loginRef: string | null;
  declare contactId: string | null;
  declare staffId: CreationOptional<string | null>;
  /** On the gateway's own page, which closes at expiresAt: no saved method. */
  declare isHosted: CreationOptional<boolean>;
  declare expiresAt: CreationOptional<Date | null>;
  /** The day it was asked for, and from its success on the day it was made. */
  declare paidOn: string;
}

Payment.init(
  {
    id: { type: DataTypes.UUID, primaryKey: true, defaultValue: database.literal('uuidv7()') },
    accountId: { type: DataTypes.UUID, allowNull: false },
    number: { type: DataTypes.TEXT, allowNull: false },
    requestKey: DataTypes.UUID,
    state: DataTypes.TEXT,
    purpose: DataTypes.TEXT,
    amountCents: { type: DataTypes.BIGINT, allowNull: false },
    currency: { type: DataTypes.TEXT, allowNull: false },
    methodKind: { type: DataTypes.TEXT, allowNull: false },
    methodId: DataTypes.UUID,
    methodLabel: { type: DataTypes.TEXT, allowNull: false },
    gateway: { type: DataTypes.TEXT, allowNull: false },
    loginRef: DataTypes.UUID,
    contactId: DataTypes.UUID,
    staffId: DataTypes.UUID,
    isHosted: DataTypes.BOOLEAN,
    expiresAt: DataTypes.DATE,
    paidOn: DataTypes.DATEONLY,
  },
  { sequelize: database, tableName: 'payments', modelName: 'Payment' },
);

/** What a payer sees. Money is in minor units of the payment's currency. */
export interface PaymentRow {
  readonly id: string;
  readonly number: string;
  readonly state: PaymentState;
  readonly amountCents: number;
  readonly currency: string;
  readonly refundedCents: number;
  readonly unappliedCents: number;
  readonly paidOn: string | null;
  readonly methodKind: 'card' | 'bank_draft' | 'cash' | 'check' | 'other';
  /** null for what came from outside the portal. */
  readonly brand: string | null;
  readonly last4: string | null;
  readonly gateway: string | null;
  readonly reference: string | null;
  readonly message: string;
  readonly ageSeconds: number;
  readonly isHosted: boolean;
  readonly expiresAt: string | null;
  readonly pageSecondsLeft: number | null;
  readonly invoices: readonly { readonly number: string; readonly amountCents: number; readonly isVisible: boolean }[];
}

/** Of the payment `p`: how long the gateway's own page can still be paid; null where there is none. */
export const pageSecondsLeft = 'extract(epoch from p.expires_at - now())::float8';

/** Of the payment `p` and its saved method `m`; what was paid with on the gateway's page is kept as a label: 'Visa 4242'. */
export const paidWith = `case when p.is_hosted then substring(p.method_label from '^(.+) [0-9]{4}$') else m.brand end as brand,
  case when p.is_hosted then substring(p.method_label from '[0-9]{4}$') else m.last4 end as last4`;

export const columns = `p.id, p.number, p.state, p.amount_cents as "amountCents", p.currency, p.refunded_cents as "refundedCents",
  p.unapplied_cents as "unappliedCents", p.paid_on as "paidOn", p.method_kind as "methodKind", ${paidWith}, p.gateway, p.gateway_reference as reference, p.message, p.is_hosted as "isHosted", p.expires_at as "expiresAt", ${pageSecondsLeft} as "pageSecondsLeft",
  extract(epoch from now() - p.created_at)::float8 as "ageSeconds",
  (select coalesce(jsonb_agg(jsonb_build_object('number', i.number, 'amountCents', l.amount_cents, 'isVisible', i.status = 'sent') order by i.issued_on, i.number), '[]')
     from app.allocations l join app.invoices i on (i.tenant_id, i.id) = (l.tenant_id, l.invoice_id)
    where (l.tenant_id, l.payment_id) = (p.tenant_id, p.id) and (l.reversed_at is null or p.state in ('declined', 'failed'))) as invoices`;
export const tables = 'app.payments p left join app.payment_methods m on (m.tenant_id, m.id) = (p.tenant_id, p.method_id)';

/** The account's payment with that number, or undefined. */
export async function findPayment(account: CustomerAccount, number: string): Promise<PaymentRow | undefined> {
  const [row] = await read<PaymentRow & Record<string, unknown>>('payment', `select ${columns} from ${tables} where p.account_id = $1 and p.number = $2`, [account.id, number]);
  return row;
}

export interface Unsettled extends Record<string, unknown> {
  readonly number: string;
  readonly amountCents: number;
  readonly currency: string;
}

/**
 * undecided: the attempt that nobody knows the end of; the account can pay nothing else until somebody does.
 * waiting: the one that waits on the gateway's page; a newer one closes it.
 */
export async function findUnsettled(account: CustomerAccount): Promise<{ undecided: Unsettled | undefined; waiting: Unsettled | undefined }> {
  const [row] = await read<Unsettled & { state: PaymentState }>(
    'unsettled-payment',
    `select number, amount_cents as "amountCents", currency, state from app.payments where account_id = $1 and state in ('created', 'submitted', 'unknown', 'awaiting_customer')`,
    [account.id],
  );
  const isWaiting = row?.state === 'awaiting_customer';
  return { undecided: isWaiting ? undefined : row, waiting: isWaiting ? row : undefined };
}

/** Whether the form with this key has made a payment before. */
export async function wasSent(account: CustomerAccount, requestKey: string): Promise<boolean> {
  const [row] = await read('was-sent', 'select 1 from app.payments where account_id = $1 and request_key = $2', [account.id, requestKey]);
  return row !== undefined;
}

/** It may still come or fail: the gateway has to be asked. Until then its invoices cannot be paid again. */
export function isUndecided(state: PaymentState): boolean {
  return state === 'created' || state === 'awaiting_customer' || state === 'submitted' || state === 'unknown' || state === 'processing';
}

/** Under the Payments tab where there is one, else under Billing: a payer can always reach what was paid. */
export function paymentPath(site: Site, number: string): string {
  return `${site.hasTab('payments') ? '' : '/billing'}/payments/${encodeURIComponent(number)}`;
}

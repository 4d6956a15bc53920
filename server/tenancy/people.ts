import type { Request } from 'express';

export interface CustomerAccount {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly stage: 'active' | 'suspended';
  readonly contactId: string;
  readonly contactName: string;
  readonly contactEmail: string | null;
  /** What this contact may do with the money of this account; who may not see it may not pay. */
  readonly maySeeMoney: boolean;
  readonly mayPay: boolean;
  readonly isOnAutopay: boolean;
}

/** A signed-in customer, as app.enter answers it. */
export interface Customer {
  readonly signInId: string;
  readonly loginRef: string;
  readonly loginId: string;
  readonly email: string | null;
  readonly locale: string | null;
  /** Came in by a second step or a passkey, not by a password alone. */
  readonly twoSteps: boolean;
  /** Has given answers to security questions. */
  readonly hasQuestions: boolean;
  /** A member of staff as a test contact, until then: sees everything, changes nothing. */
  readonly testUntil?: string | null;
  readonly accounts: readonly CustomerAccount[];
}

/** A signed-in member of staff, as app.enter answers it. */
export interface StaffMember {
  readonly signInId: string;
  readonly staffId: string;
  readonly email: string;
  readonly name: string;
  readonly locale: string | null;
  readonly role: 'owner' | 'manager' | 'front_desk';
  readonly permissions: Readonly<Record<string, boolean>>;
  readonly twoSteps: boolean;
}

/** A member of staff looks in as a customer: the customer's pages, and nothing is ever written. */
export interface Looking {
  readonly kind: string;
  readonly expiresAt: string;
  readonly staff: StaffMember;
  readonly person: Customer;
  readonly secretHash: string;
}

export type PublicRequest = Request;
export type CustomerRequest = Request & { person: Customer; account: CustomerAccount };
export type StaffRequest = Request & { staff: StaffMember };

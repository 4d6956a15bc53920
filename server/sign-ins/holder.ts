import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';

/** Customers and staff have the same pages about how they sign in. */
export type HolderRequest = CustomerRequest | StaffRequest;

/** Whose signing in it is about: a customer's login, or a member of staff. */
export interface Holder {
  /** Of the login or of the staff user: no id is both. */
  readonly id: string;
  readonly loginRef: string | null;
  readonly staffId: string | null;
  readonly signInId: string;
  /** What is typed at the door. */
  readonly userId: string;
  readonly name: string;
  /** Where mail about this person's signing in goes. */
  readonly email: string | null;
  readonly accountId?: string;
  readonly contactId?: string;
  /** The address of the pages about it. */
  readonly base: string;
}

export const bases = { customer: '/account/security', staff: '/staff/my-account' } as const;

export function holderOf(req: HolderRequest): Holder {
  if (req.staff) {
    const { staffId, signInId, email, name } = req.staff;
    return { id: staffId, loginRef: null, staffId, signInId, userId: email, name, email, base: bases.staff };
  }
  const { person, account } = req as CustomerRequest;
  const { loginRef, signInId, loginId } = person;
  const email = person.email ?? account.contactEmail;
  return { id: loginRef, loginRef, staffId: null, signInId, userId: loginId, name: account.contactName, email, accountId: account.id, contactId: account.contactId, base: bases.customer };
}

import { acceptPassword, countTry, type CountedTry } from '../logins/login.ts';
import { withHashing } from '../passwords/hash-password.ts';
import { read } from '../platform/database.ts';
import type { RefusalReason } from '../portal-log/kinds.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { askForOwnPassword } from '../temporary-passwords/own-password.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { openSignIn } from './open-sign-in.ts';
import { idForLog } from './typed-id.ts';

export interface Credentials {
  readonly tenant: Tenant;
  readonly loginId: string;
  readonly password: string;
  readonly device: string;
}

/** Signed in; or known by a temporary password and not signed in before an own one is chosen. */
export type Outcome = { readonly signInId: string; readonly isTemporary: boolean } | { readonly ownPasswordToken: string };

/**
 * Looks at a user id and a password: counts the try, hashes with no transaction open, then resets the counter and makes the sign-in.
 * null for every refusal (unknown, locked, blocked, lead, no email, wrong password), each after one hash and the same statements.
 */
export function signInCustomer(given: Credentials): Promise<Outcome | null> {
  const { id: tenantId, site } = given.tenant;
  return withHashing(async (hasher) => {
    const login = await withTenant(tenantId, () => countTry(given.loginId, site));
    const isRight = await hasher.verify(login?.passwordHash ?? null, given.password);
    return withTenant(tenantId, async () => (isRight && login?.hasAccess && (await admit(login, given))) || refuse(given, login, isRight));
  });
}

async function admit(login: CountedTry, { tenant, device }: Credentials): Promise<Outcome | null> {
  const accepted = await acceptPassword(login);
  if (!accepted) return null;
  const { isTemporary } = accepted;
  if (isTemporary && tenant.site.mustReplaceTemporary) return { ownPasswordToken: await askForOwnPassword(login.id) };
  return { signInId: await openSignIn(tenant, login.id, device), isTemporary };
}

async function refuse({ loginId, password, device }: Credentials, login: CountedTry | undefined, isRight: boolean): Promise<null> {
  const typed = login?.loginId ?? idForLog(loginId, password);
  await recordPortalLog({ kind: 'sign-in-refused', message: `Incorrect Password for UserID: ${typed}`, loginRef: login?.id, loginId: typed, reason: reasonOf(login, isRight), device });
  return null;
}

/** For the front desk alone: the door says the same to everybody. */
function reasonOf(login: CountedTry | undefined, isRight: boolean): RefusalReason {
  if (!login) return 'unknown';
  if (!login.hasPassword) return 'no-password';
  if (login.passwordHash === null) return 'locked';
  if (!isRight) return 'wrong-password';
  return login.hasAccess ? 'temporary-over' : 'no-access';
}

export async function endSignIn(tenantId: string, signInId: string): Promise<void> {
  await withTenant(tenantId, () => read('end-sign-in', 'update app.sign_ins set ended_at = now() where id = $1 and ended_at is null', [signInId]));
}

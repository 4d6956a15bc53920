import { withHashing } from '../passwords/hash-password.ts';
import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { countStaffTry } from '../staff-users/staff-user.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { Credentials, Outcome } from './sign-in.ts';
import { idForLog } from './typed-id.ts';

type StaffOutcome = Extract<Outcome, { signInId: string }>;

/** The staff door: the same walk as for customers, by email address. null for every refusal. */
export function signInStaff(given: Credentials): Promise<StaffOutcome | null> {
  const { id: tenantId, site } = given.tenant;
  return withHashing(async (hasher) => {
    const counted = await withTenant(tenantId, () => countStaffTry(given.loginId, site.maxAttempts));
    const isRight = await hasher.verify(counted?.passwordHash ?? null, given.password);
    return withTenant(tenantId, () => (isRight && counted ? admit(counted.id, given) : refuse(given)));
  });
}

async function admit(staffId: string, { tenant, device }: Credentials): Promise<StaffOutcome> {
  const signInId = await openStaffSignIn(tenant, staffId, device);
  return { signInId, isTemporary: false };
}

/** As openSignIn, for staff. */
export async function openStaffSignIn({ site }: Tenant, staffId: string, device: string, { byPasskey = false } = {}): Promise<string> {
  const [signIn] = await read<{ id: string; isHalf: boolean }>(
    'admit-staff',
    `with reset as (update app.staff_users set failed_attempts = 0, locked_at = null, last_login_at = now() where id = $1)
     insert into app.sign_ins (staff_id, device, idle_minutes, expires_at, second_step_at)
     values ($1, $2, $3, now() + make_interval(hours => $4), case when $5 then now() end) returning id, second_step_due as "isHalf"`,
    [staffId, device, site.idleMinutes, site.absoluteHours, byPasskey],
  );
  if (!signIn) throw new Error('a sign-in of a member of staff who is gone');
  if (!signIn.isHalf) await recordPortalLog({ kind: 'staff-sign-in', message: 'Staff login successful', staffId, device });
  return signIn.id;
}

async function refuse({ loginId, password, device }: Credentials): Promise<null> {
  const typed = idForLog(loginId, password);
  await recordPortalLog({ kind: 'staff-sign-in-refused', message: `Incorrect staff password for: ${typed}`, loginId: typed, device });
  return null;
}

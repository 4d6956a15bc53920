import { isMailedEnough } from '../links/link.ts';
import { takeRequest } from '../links/request-link.ts';
import { run } from '../platform/database.ts';
import type { JobPayload } from '../platform/queue.ts';
import type { Outside } from '../tenancy/outside.ts';
import { findTenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { sendStaffInvitation, sendStaffReset, type StaffAddressee } from './staff-mail.ts';

/** As for customers: whoever asked at the door learns nothing; who works here gets a mail. */
export async function answerStaffReset(outside: Outside, { slug = '', requestId = '' }: JobPayload): Promise<void> {
  const tenant = await findTenant(slug);
  if (!tenant) return;
  await withTenant(tenant.id, async () => {
    const request = await takeRequest(requestId);
    const staff = request && (await findStaff(request.typed));
    if (!staff || (await isMailedEnough(staff.staffId))) return;
    await (staff.hasPassword ? sendStaffReset : sendStaffInvitation)({ outside, tenant }, staff);
  });
}

async function findStaff(email: string): Promise<(StaffAddressee & { hasPassword: boolean }) | undefined> {
  const [row] = await run<StaffAddressee & { hasPassword: boolean }>(
    `select id as "staffId", name, email, locale, password_hash is not null as "hasPassword" from app.staff_users where lower(email) = lower($1) and ended_at is null`,
    [email],
  );
  return row;
}

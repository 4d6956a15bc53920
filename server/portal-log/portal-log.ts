import { read } from '../platform/database.ts';
import type { PortalLogKind, RefusalReason } from './kinds.ts';

export interface PortalLogLine {
  readonly kind: PortalLogKind;
  /** The exact words of the report, with no secret in them. */
  readonly message: string;
  readonly accountId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly loginRef?: string | undefined;
  /** What somebody typed, when no login is known. */
  readonly loginId?: string | undefined;
  readonly staffId?: string | undefined;
  readonly reason?: RefusalReason | undefined;
  /** What the browser calls itself. */
  readonly device?: string | undefined;
}

/** One line that can never be changed. Names are copied, so that it outlives the people it is about. */
export async function recordPortalLog(line: PortalLogLine): Promise<void> {
  await recordLine(line);
}

/** The same, for whoever refers to the line: its id. */
export async function recordLine(line: PortalLogLine): Promise<string> {
  const [row] = await read<{ id: string }>(
    'portal-log',
    `with person as (
       select c.id, c.account_id, c.login_ref, concat_ws(' ', c.first_name, c.last_name) as name, c.email from app.contacts c
        where c.id = $4 or ($4::uuid is null and c.login_ref = $5) order by c.is_primary desc, c.id limit 1)
     insert into app.portal_log (kind, message, account_id, account_name, contact_id, contact_name, contact_email, login_id, staff_id, staff_name, reason, device)
     select $1, $2, a.id, a.name, p.id, p.name, p.email,
            coalesce((select login_id from app.logins where id = $5), $6, (select login_id from app.logins where id = p.login_ref)), $7, (select name from app.staff_users where id = $7), $8, nullif($9, '')
       from (select 1) one left join person p on true
       left join app.accounts a on a.id = coalesce($3, p.account_id) returning id`,
    [line.kind, inOneLine(line.message), line.accountId ?? null, line.contactId ?? null, line.loginRef ?? null, line.loginId?.slice(0, 200) ?? null, line.staffId ?? null, line.reason ?? null, line.device ?? null],
  );
  return row?.id ?? '';
}

/** A line end in a name that somebody gave would begin a line that nobody wrote. */
function inOneLine(message: string): string {
  return message.replace(/\s+/g, ' ').trim();
}

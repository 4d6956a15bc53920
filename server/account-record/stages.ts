import { lockAccount } from '../accounts/lock-account.ts';
import { read } from '../platform/database.ts';
import type { AccountRecord } from './account-record.ts';

type Stage = AccountRecord['stage'];

/** Where an account may go from where it is. A lead becomes a customer; what was one never becomes a lead again. */
export const moves: Readonly<Record<Stage, readonly Stage[]>> = {
  lead: ['active', 'closed'],
  active: ['suspended', 'closed'],
  suspended: ['active', 'closed'],
  closed: ['active'],
};

/** false: it is no longer where it was. A lead that becomes active is a customer since today, unless a day is on file. Who is archived pays by autopay no more. */
export async function changeStage(account: AccountRecord, to: Stage, today: string): Promise<boolean> {
  await lockAccount(account.id);
  const [moved] = await read(
    'change-stage',
    `update app.accounts set stage = $3, suspended_at = case when $3 = 'suspended' then now() end, autopay = autopay and $3 <> 'closed', autopay_method_id = case when $3 <> 'closed' then autopay_method_id end,
            opened_on = case when $2 = 'lead' and $3 = 'active' then coalesce(opened_on, $4::date) else opened_on end
      where id = $1 and stage = $2 and merged_into is null returning id`,
    [account.id, account.stage, to, today],
  );
  return moved !== undefined;
}

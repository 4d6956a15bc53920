import { read } from '../platform/database.ts';

/** Whether the operator has given that connected account to the organization of this request; '' is always allowed. */
export async function mayNameStripeAccount(account: string): Promise<boolean> {
  if (account === '') return true;
  const rows = await read('may-name-stripe-account', `select 1 from app.gateway_accounts where gateway = 'stripe' and external_account = $1 and owner_id = app.tenant()`, [account]);
  return rows.length > 0;
}

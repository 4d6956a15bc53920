import { read } from '../platform/database.ts';

/**
 * Everything that moves an account's money, or changes how it pays, waits here for everything else that does. First of all locks.
 * Rows that merely refer to the account, such as an import's, can be written meanwhile.
 */
export async function lockAccount(accountId: string): Promise<void> {
  await read('lock-account', 'select id from app.accounts where id = $1 for no key update', [accountId]);
}

import { read } from '../platform/database.ts';

export interface AccountNote {
  readonly id: string;
  readonly body: string;
  readonly isPinned: boolean;
  readonly staffName: string;
  readonly createdAt: string;
}

/** The pinned ones first, then the newest. */
export function readNotes(accountId: string): Promise<AccountNote[]> {
  return read<AccountNote & Record<string, unknown>>(
    'account-notes',
    `select id, body, is_pinned as "isPinned", staff_name as "staffName", created_at as "createdAt" from app.account_notes
      where account_id = $1 order by is_pinned desc, id desc limit 50`,
    [accountId],
  );
}

export async function addNote(accountId: string, note: { body: string; isPinned: boolean; staffName: string }): Promise<void> {
  await read('add-account-note', 'insert into app.account_notes (account_id, body, is_pinned, staff_name) values ($1, $2, $3, $4)', [accountId, note.body, note.isPinned, note.staffName]);
}

export async function removeNote(accountId: string, id: string): Promise<void> {
  await read('remove-account-note', 'delete from app.account_notes where account_id = $1 and id = $2', [accountId, id]);
}

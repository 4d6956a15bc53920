import type { Request } from 'express';
import { NotFound } from '../platform/errors.ts';
import { uuid } from '../platform/forms.ts';
import { file, type Reply } from '../platform/replies.ts';
import { findTicketFile, type Ticket } from '../tickets/ticket.ts';

/** Pictures that we have drawn ourselves are shown; anything else is a file to keep, never a page of ours. */
export async function sendTicketFile(req: Request, ticket: Ticket): Promise<Reply> {
  const id = uuid.safeParse(req.params['id']);
  const found = id.success ? await findTicketFile(ticket.id, id.data) : undefined;
  if (!found) throw new NotFound('no such file');
  const make = async () => {
    const content = await req.outside.files.read(found.storedAs);
    if (!content) throw new NotFound('the file is gone');
    return content;
  };
  return file({ name: found.name, type: found.type, inline: found.type.startsWith('image/'), make });
}

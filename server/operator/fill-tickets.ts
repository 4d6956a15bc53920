import { z } from 'zod';
import { drawAbove } from '../ledger/numbers.ts';
import { run } from '../platform/database.ts';

/** What people of a demo portal have asked, and what came of it. Hours are counted back from now: a demo is never old. */
export const demoTickets = z.array(z.strictObject({
  account: z.string(), contact: z.string(), category: z.string(), body: z.string(), hoursAgo: z.number(), assignedTo: z.string(),
  /** The newest of the account. */
  about: z.enum(['invoice', 'visit']).optional(),
  said: z.array(z.strictObject({ kind: z.enum(['answer', 'message', 'note', 'closed']), hoursLater: z.number(), body: z.string().default('') })),
}));
export const demoReplies = z.array(z.strictObject({ title: z.string(), body: z.string() }));

/** Runs in the organization's transaction. Doing it twice changes nothing. */
export async function fillTickets(tickets: z.infer<typeof demoTickets>, replies: z.infer<typeof demoReplies>): Promise<void> {
  for (const { title, body } of replies) await run('insert into app.ticket_replies (title, body) values ($1, $2) on conflict do nothing', [title, body]);
  if (tickets.length > 0) await drawAbove('tickets', 1000 + tickets.length);
  for (const [at, ticket] of tickets.entries()) await addTicket(ticket, `T-${1001 + at}`);
}

async function addTicket({ account, contact, category, body, hoursAgo, assignedTo, about, said }: z.infer<typeof demoTickets>[number], number: string): Promise<void> {
  const isClosed = said.at(-1)?.kind === 'closed';
  const answered = said.find(({ kind }) => kind === 'answer')?.hoursLater;
  const last = said.findLast(({ kind }) => kind === 'answer' || kind === 'message')?.kind;
  const [made] = await run<{ id: string }>(
    `insert into app.tickets (account_id, contact_id, opened_by, number, request_key, category, body, assigned_to, state, waits_for, created_at, first_answered_at, closed_at, invoice_id, visit_id)
     select a.id, c.id, concat_ws(' ', c.first_name, c.last_name), $3, uuidv7(), $4, $5, u.id, $6, $7, t.at, t.at + make_interval(mins => $8::int), case when $6 = 'closed' then t.at + make_interval(mins => $9::int) end,
            case when $10 = 'invoice' then (select i.id from app.visible_invoices i where i.account_id = a.id order by i.issued_on desc, i.id desc limit 1) end,
            case when $10 = 'visit' then (select v.id from app.visits v where v.account_id = a.id order by v.listed_at desc, v.id desc limit 1) end
       from app.accounts a join app.contacts c on c.account_id = a.id and c.external_id = $2 join app.staff_users u on u.email = $11, (select now() - make_interval(mins => $12::int) as at) t
      where a.external_id = $1 on conflict (tenant_id, number) do nothing returning id`,
    [account, contact, number, category, body, isClosed ? 'closed' : 'open', last === 'answer' ? 'customer' : 'staff', answered === undefined ? null : minutes(answered), minutes(said.at(-1)?.hoursLater ?? 0), about ?? null, assignedTo, minutes(hoursAgo)],
  );
  for (const { kind, hoursLater, body: words } of made ? said : []) {
    await run(
      `insert into app.ticket_entries (ticket_id, account_id, kind, contact_id, staff_id, author, body, at)
       select t.id, t.account_id, $2, case when $2 = 'message' then t.contact_id end, case when $2 <> 'message' then t.assigned_to end, case when $2 = 'message' then t.opened_by else u.name end, $3, t.created_at + make_interval(mins => $4::int)
         from app.tickets t join app.staff_users u on u.id = t.assigned_to where t.id = $1`,
      [made?.id, kind, words, minutes(hoursLater)],
    );
  }
}

const minutes = (hours: number) => Math.round(hours * 60);

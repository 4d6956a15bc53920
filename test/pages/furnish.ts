import { randomUUID } from 'node:crypto';
import { setUpTwoSteps } from '../support/authenticator.ts';
import { visit } from '../support/visitor.ts';
import { sql, type World } from '../support/world.ts';
import { demoPassword } from './place.ts';

/** What two years of imported data lack: what only happens in the portal itself. Returns a login with two-step sign-in. */
export async function furnish(world: World, { accountId, contactId }: { accountId: string; contactId: string }): Promise<string> {
  for (const text of rows) await sql(world, text, text.includes('$2') ? [accountId, contactId] : text.includes('$1') ? [accountId] : []);
  await sql(world, `insert into app.passkeys (login_ref, credential_id, public_key, name) select login_ref, $2, '', 'Pixel 9' from app.contacts where id = $1`, [contactId, randomUUID()]);
  await sql(world, `insert into app.passkeys (staff_id, credential_id, public_key, name) select id, $1, '', 'Office laptop' from app.staff_users where role = 'owner'`, [randomUUID()]);
  const [other] = await sql<{ id: string }>(world, `select login_id as id from app.logins where password_hash is not null and locked_at is null and login_id <> 'mbestie@example.com' order by login_id limit 1`);
  const login = other?.id ?? '';
  await setUpTwoSteps(await (await visit(world.slug)).signIn(login, demoPassword));
  await setUpTwoSteps(await (await visit(world.slug)).signIn('frontdesk@example.com', demoPassword, '/staff/login'), '/staff/my-account');
  return login;
}

const newest = `(select id from app.invoices where account_id = $1 and status = 'sent' order by issued_on desc limit 1)`;
const rows = [
  `update app.accounts set autopay = true, autopay_method_id = (select id from app.payment_methods where account_id = $1 and is_default limit 1) where id = $1`,
  `insert into app.autopay_runs (run_on, accounts_due, accounts_done, started_at, ended_at) select current_date - n, 40 + n, 40 + n, now() - make_interval(days => n), now() - make_interval(days => n) from generate_series(1, 3) n`,
  `insert into app.autopay_charges (account_id, run_on, currency, attempt, request_key, result, closed_at)
     select $1, current_date - n, 'USD', n, uuidv7(), case n when 1 then 'paid' else 'declined' end, now() from generate_series(1, 2) n`,
  `insert into app.import_runs (noun, file_name, staff_name, status, rows_seen, bytes_seen, bytes_total, created, updated, unchanged, errors, error_count, ended_at)
     select 'contacts', 'contacts-autumn.csv', 'Olivia Grant', 'refused', 220, 18400, 18400, 0, 0, 0, errors, jsonb_array_length(errors), now()
       from (select jsonb_build_array(jsonb_build_object('line', 12, 'column', 'email', 'key', 'not-an-email', 'values', jsonb_build_object('typed', 'ann@')), jsonb_build_object('line', 41, 'column', 'account', 'key', 'required', 'values', '{}'::jsonb)) as errors) e`,
  `insert into app.staff_tasks (account_id, contact_id, kind, source, details) select $1, $2, kind, 'look:' || kind, jsonb_build_object('amountCents', 8500, 'currency', 'USD', 'payment', (select number from app.payments where account_id = $1 order by paid_on desc limit 1), 'message', 'The bank sent it back')
     from unnest(array['card_payment', 'returned', 'refund']) kind`,
  `with file as (insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) select $1, 'invoice attachment', 'Work report, October.pdf', 'application/pdf', 48211, repeat('0', 64), 'attachments/look' returning id)
     insert into app.invoice_attachments (account_id, invoice_id, file_id) select $1, ${newest}, id from file`,
  `with asked as (insert into app.contact_requests (account_id, contact_id, request_key, name, email, subject, body, state, version)
     select $1, $2, uuidv7(), 'Maria Bestie', 'mbestie@example.com', 'The gate was left open', 'Please close the gate behind you next time. The dog got out.', 'answered', 2 returning id, account_id)
     insert into app.contact_answers (request_id, account_id, staff_id, body) select asked.id, account_id, u.id, 'We are sorry. We have told the crew.' from asked, app.staff_users u where u.role = 'owner'`,
  `insert into app.messages (account_id, contact_id, type, status, subject, recipient, to_address, from_address, text_body, html_body, renewal, error, error_code)
     select $1, $2, 'Portal Password', state, 'Your portal password', 'Maria Bestie', 'mbestie@example.com', 'desk@example.com', 'Your Portal Password is: ••••••••', '', 'temporary', case state when 'failed' then '550 5.1.1 no such user here' end, case state when 'failed' then 550 end
       from unnest(array['complete', 'failed']) state`,
  `insert into app.contact_requests (request_key, name, email, subject, body) values (uuidv7(), 'Theo Visitor', 'theo@example.com', 'I cannot sign in', 'My address has changed.')`,
  `insert into app.exports (account_id, login_ref, email, columns, filter, most) select $1, login_ref, 'mbestie@example.com', '{number}', '{}', 1000 from app.contacts where id = $2`,
  `insert into app.exports (noun, account_id, login_ref, filter, rows_done, rows_total) select 'history-csv', $1, login_ref, '{}', 3000, 10180 from app.contacts where id = $2`,
  `insert into app.exports (noun, staff_id, filter, rows_done, rows_total) select 'invoices-csv', id, '{}', 3000, 10180 from app.staff_users where role = 'owner'`,
  `insert into app.bank_drafts (account_id, holder, kind, routing, sealed_number, last4) values ($1, 'Megan Bestie', 'checking', '021000021', 'v1.never opened', '6789')`,
  `with run as (insert into app.invitation_runs (request_key, staff_id, subject, body, total, ended_at) select uuidv7(), id, 'x', 'x', 1, now() from app.staff_users where role = 'owner' returning id)
     insert into app.invitation_targets (run_id, contact_id, state) select run.id, $2, 'sent' from run where $1::uuid is not null`,
  `with asked as (insert into app.tickets (account_id, contact_id, opened_by, number, request_key, category, body, waits_for, state, closed_at, invoice_id, assigned_to)
     select $1, $2, 'Maria Bestie', 'T-90' || n, uuidv7(), 'Billing', 'Why are there two lines for the same day on this invoice? I remember only one visit.', 'customer', case n when 1 then 'open' else 'closed' end, case n when 2 then now() end, ${newest}, u.id
       from generate_series(1, 2) n, app.staff_users u where u.role = 'owner' returning id, account_id, assigned_to),
     said as (insert into app.ticket_entries (ticket_id, account_id, kind, staff_id, author, body) select id, account_id, kind, assigned_to, 'Olivia Grant', 'The second line is the part that we had to order.' from asked, unnest(array['answer', 'note']) kind returning id)
     insert into app.ticket_entries (ticket_id, account_id, kind, contact_id, author, body) select id, account_id, 'message', $2, 'Maria Bestie', 'Thank you.' from asked`,
  `insert into app.ticket_replies (title, body) values ('We come tomorrow', 'Hello {name}, somebody will be with you tomorrow.') on conflict do nothing`,
  `insert into app.faq_entries (position, question, answer, is_published) values (1, 'When is my invoice due?', 'On the day that stands on it.', true), (2, 'How do I change my card?', 'Open your account and save a new one.', true)`,
  `with made as (insert into app.custom_fields (noun, key, label, hint, type, access, choices, least, most, position) values
       ('account', 'gate_code', 'Gate code', 'So that the crew gets in.', 'text', 'edit', '{}', null, null, 1), ('account', 'pets', 'Pets', '', 'choice', 'edit', '{None,Dog,Cat}', null, null, 2),
       ('account', 'lot', 'Lot size in acres', '', 'number', 'view', '{}', 0, 500, 3), ('contact', 'birthday', 'Birthday', '', 'date', 'edit', '{}', null, null, 1), ('contact', 'newsletter', 'Wants the newsletter', '', 'yes_no', 'edit', '{}', null, null, 2) returning id, type, key)
     insert into app.custom_values (field_id, field_type, subject_id, account_id, contact_id, value) select id, type, case key when 'birthday' then $2::uuid else $1::uuid end, $1, case key when 'birthday' then $2::uuid end, case key when 'birthday' then '1984-05-03' when 'lot' then '0.75' when 'pets' then 'Dog' else '4711#' end from made where key <> 'newsletter'`,
  `insert into app.pending_changes (account_id, contact_id, what, wanted) values ($1, $2, 'phones', '{"cellPhone": "(704) 555-0166", "homePhone": "", "workPhone": "", "otherPhone": ""}')`,
  `update app.contacts set invited_at = now() where id in (select id from app.contacts order by id limit 40)`,
];

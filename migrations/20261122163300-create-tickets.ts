import type { Migration } from '../server/platform/migrations.ts';

/** What customers ask about their account, the conversation on it, and the answers that staff have ready. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.tickets (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, contact_id uuid, opened_by text not null, number text not null, request_key uuid not null,
      category text not null check (category <> ''), body text not null check (body <> ''),
      state text not null default 'open' check (state in ('open', 'closed')),
      waits_for text not null default 'staff' check (waits_for in ('staff', 'customer')),
      version integer not null default 1, assigned_to uuid,
      invoice_id uuid, payment_id uuid, visit_id uuid, check (num_nonnulls(invoice_id, payment_id, visit_id) <= 1),
      created_at timestamptz not null default now(), first_answered_at timestamptz, closed_at timestamptz,
      check ((state = 'closed') = (closed_at is not null)),
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, request_key),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete set null (contact_id),
      foreign key (tenant_id, assigned_to) references app.staff_users (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id) on delete set null (invoice_id),
      foreign key (tenant_id, payment_id) references app.payments (tenant_id, id) on delete set null (payment_id));
    select app.wall('app.tickets', 'account_id');
    create index tickets_account on app.tickets (tenant_id, account_id, state, id desc);
    create index tickets_state on app.tickets (tenant_id, state, id desc);
    create index tickets_assigned on app.tickets (tenant_id, assigned_to, id desc) where state = 'open';
    create index tickets_contact on app.tickets (tenant_id, contact_id);
    create index tickets_invoice on app.tickets (tenant_id, invoice_id) where invoice_id is not null;
    create index tickets_payment on app.tickets (tenant_id, payment_id) where payment_id is not null;
    create index tickets_visit on app.tickets (tenant_id, visit_id) where visit_id is not null;

    create table app.ticket_entries (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), ticket_id uuid not null, account_id uuid not null, request_key uuid,
      kind text not null check (kind in ('message', 'answer', 'note', 'closed', 'reopened')),
      contact_id uuid, staff_id uuid, author text not null, body text not null default '',
      check (kind not in ('answer', 'note') or (body <> '' and staff_id is not null)),
      at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, request_key),
      foreign key (tenant_id, ticket_id) references app.tickets (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete set null (contact_id),
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id));
    select app.wall('app.ticket_entries', 'account_id');
    create policy notes_wall on app.ticket_entries as restrictive using (kind <> 'note' or (select app.mode()) in ('staff', 'system'));
    create index ticket_entries_ticket on app.ticket_entries (tenant_id, ticket_id, id);
    create index ticket_entries_contact on app.ticket_entries (tenant_id, contact_id);
    revoke delete on app.ticket_entries, app.tickets from ${web};

    create table app.ticket_files (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), ticket_id uuid not null, entry_id uuid, account_id uuid not null, file_id uuid not null,
      primary key (tenant_id, id), unique (tenant_id, file_id),
      foreign key (tenant_id, ticket_id) references app.tickets (tenant_id, id),
      foreign key (tenant_id, entry_id) references app.ticket_entries (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, file_id) references app.files (tenant_id, id));
    select app.wall('app.ticket_files', 'account_id');
    create index ticket_files_ticket on app.ticket_files (tenant_id, ticket_id, id);
    create index ticket_files_entry on app.ticket_files (tenant_id, entry_id) where entry_id is not null;

    create table app.ticket_replies (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), title text not null check (title <> ''), body text not null check (body <> ''), version integer not null default 1,
      primary key (tenant_id, id));
    create unique index ticket_replies_title on app.ticket_replies (tenant_id, lower(title));
    select app.wall('app.ticket_replies');

    -- Seconds within which half of the last 30 days' tickets were answered, those that still wait for longer among them; null where fewer than five were.
    -- It looks at all accounts and tells none of them.
    create function app.answer_seconds() returns double precision language plpgsql as $$
    declare
      mode text := app.mode();
      seconds double precision;
    begin
      perform set_config('app.mode', 'system', true);
      with recent as (
        select extract(epoch from first_answered_at - created_at)::float8 as waited, extract(epoch from now() - created_at)::float8 as age
          from app.tickets where created_at > now() - interval '30 days' and (first_answered_at is not null or state = 'open')),
      answered as (select percentile_cont(0.5) within group (order by waited) as middle from recent having count(waited) >= 5)
      select percentile_cont(0.5) within group (order by coalesce(waited, age)) into seconds from recent, answered where waited is not null or age > middle;
      perform set_config('app.mode', mode, true);
      return seconds;
    end $$;
  `);
};

export const down: Migration = async (run) => {
  await run('drop function app.answer_seconds(); drop table app.ticket_files, app.ticket_entries, app.ticket_replies, app.tickets');
};

import type { Migration } from '../server/platform/migrations.ts';

/** What people ask by the contact form, and the answers. Whoever is not signed in has no account. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.contact_requests (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid, contact_id uuid, request_key uuid not null,
      name text not null, email text not null, subject text not null check (subject <> ''), body text not null check (body <> ''),
      state text not null default 'open' check (state in ('open', 'answered', 'closed')),
      version integer not null default 1, assigned_to uuid,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, request_key),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete set null (contact_id),
      foreign key (tenant_id, assigned_to) references app.staff_users (tenant_id, id));
    select app.wall('app.contact_requests', 'account_id');
    create index contact_requests_state on app.contact_requests (tenant_id, state, id desc);
    create index contact_requests_contact on app.contact_requests (tenant_id, contact_id, id desc);
    create index contact_requests_account on app.contact_requests (tenant_id, account_id, id desc);

    create table app.contact_answers (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), request_id uuid not null, account_id uuid, staff_id uuid not null,
      body text not null check (body <> ''), created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      foreign key (tenant_id, request_id) references app.contact_requests (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id));
    select app.wall('app.contact_answers', 'account_id');
    create index contact_answers_request on app.contact_answers (tenant_id, request_id, id);
    revoke update, delete on app.contact_answers from ${web};
    revoke delete on app.contact_requests from ${web};
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.contact_answers, app.contact_requests');
};

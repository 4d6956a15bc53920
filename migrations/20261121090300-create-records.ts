import type { Migration } from '../server/platform/migrations.ts';

/** What happened and what was sent: portal log, message history with its outbox, import runs, files. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.portal_log (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), at timestamptz not null default now(),
      kind text not null, message text not null,
      account_id uuid, account_name text, contact_id uuid, contact_name text, contact_email text, login_id text,
      staff_id uuid, staff_name text,
      primary key (tenant_id, id));
    select app.wall('app.portal_log');
    create index portal_log_at on app.portal_log (tenant_id, at desc, id desc);
    create index portal_log_account on app.portal_log (tenant_id, account_id, at desc, id desc);
    create index portal_log_login on app.portal_log (tenant_id, lower(login_id), at desc, id desc);
    create index portal_log_kind on app.portal_log (tenant_id, kind, at desc, id desc);
    revoke update, delete on app.portal_log from ${web};

    create table app.messages (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid, contact_id uuid,
      type text not null, status text not null default 'queued' check (status in ('queued', 'complete', 'failed')),
      subject text not null, recipient text not null default '', to_address text not null, from_address text not null,
      text_body text not null, html_body text not null,
      created_at timestamptz not null default now(), sent_at timestamptz, error text,
      primary key (tenant_id, id));
    select app.wall('app.messages');
    create index messages_at on app.messages (tenant_id, created_at desc, id desc);
    create index messages_account on app.messages (tenant_id, account_id, created_at desc, id desc);

    create table app.outbox (
      tenant_id uuid not null default app.tenant() references app.tenants,
      message_id uuid not null, sealed_body text,
      tries integer not null default 0, next_try_at timestamptz not null default now(), expires_at timestamptz not null,
      primary key (tenant_id, message_id),
      foreign key (tenant_id, message_id) references app.messages (tenant_id, id));
    select app.wall('app.outbox');

    create table app.import_runs (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), staff_id uuid, staff_name text not null default '',
      noun text not null, file_name text not null,
      status text not null default 'waiting' check (status in ('waiting', 'checking', 'writing', 'done', 'refused', 'failed')),
      rows_seen bigint not null default 0, bytes_seen bigint not null default 0, bytes_total bigint not null default 0,
      created bigint not null default 0, updated bigint not null default 0, unchanged bigint not null default 0,
      errors jsonb not null default '[]', error_count bigint not null default 0,
      created_at timestamptz not null default now(), ended_at timestamptz,
      primary key (tenant_id, id));
    select app.wall('app.import_runs');
    create index import_runs_at on app.import_runs (tenant_id, created_at desc, id desc);

    create table app.files (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid, purpose text not null,
      name text not null, type text not null, bytes bigint not null, sha256 text not null, stored_as text not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, stored_as));
    select app.wall('app.files');
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.files, app.import_runs, app.outbox, app.messages, app.portal_log');
};

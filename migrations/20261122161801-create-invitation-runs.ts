import type { Migration } from '../server/platform/migrations.ts';

/** The letter that invites, as its owner has edited it, and invitations of many people at once. */
export const up: Migration = async (run) => {
  await run(`
    create table app.invitation_letters (
      tenant_id uuid primary key default app.tenant() references app.tenants,
      subject text not null check (subject <> ''), body text not null check (body <> ''),
      version integer not null default 1, updated_by uuid, updated_at timestamptz not null default now(),
      foreign key (tenant_id, updated_by) references app.staff_users (tenant_id, id));
    select app.wall('app.invitation_letters');

    create table app.invitation_runs (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), request_key uuid not null, staff_id uuid not null,
      subject text not null, body text not null, total integer not null default 0,
      created_at timestamptz not null default now(), beat_at timestamptz not null default now(), ended_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, request_key),
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id));
    select app.wall('app.invitation_runs');
    create unique index invitation_runs_one on app.invitation_runs (tenant_id) where ended_at is null;

    create table app.invitation_targets (
      tenant_id uuid not null default app.tenant() references app.tenants,
      run_id uuid not null, contact_id uuid not null,
      state text not null default 'waiting' check (state in ('waiting', 'sent', 'left_out')),
      primary key (tenant_id, run_id, contact_id),
      foreign key (tenant_id, run_id) references app.invitation_runs (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade);
    select app.wall('app.invitation_targets');
    create index invitation_targets_waiting on app.invitation_targets (tenant_id, run_id, contact_id) where state = 'waiting';
    create index invitation_targets_contact on app.invitation_targets (tenant_id, contact_id);
    create index contacts_invited on app.contacts (tenant_id, id) where invited_at is not null;
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop index app.contacts_invited;
    drop table app.invitation_targets, app.invitation_runs, app.invitation_letters;
  `);
};

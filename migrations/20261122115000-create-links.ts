import type { Migration } from '../server/platform/migrations.ts';

/** One-time links, what people ask for at the door, temporary passwords and invitations. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.logins add column temporary_until timestamptz, add column temporary_used_at timestamptz;
    alter table app.contacts add column invited_at timestamptz;

    create table app.links (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(),
      kind text not null check (kind in ('reset', 'confirm_password', 'sign_up', 'invitation', 'confirm_invitation', 'temporary', 'staff_invitation', 'staff_reset')),
      token_hash text not null, email text not null,
      contact_id uuid, login_ref uuid, staff_id uuid,
      payload jsonb not null default '{}',
      created_at timestamptz not null default now(), expires_at timestamptz not null,
      opened_at timestamptz, used_at timestamptz, replaced_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, token_hash),
      check ((contact_id is null) <> (staff_id is null)),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade,
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id) on delete cascade,
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id) on delete cascade);
    select app.wall('app.links');
    create unique index links_living_contact on app.links (tenant_id, contact_id, kind) where used_at is null and replaced_at is null;
    create unique index links_living_staff on app.links (tenant_id, staff_id, kind) where used_at is null and replaced_at is null;
    create index links_contact on app.links (tenant_id, contact_id, created_at desc);
    create index links_login on app.links (tenant_id, login_ref) where used_at is null and replaced_at is null;
    create index links_expiry on app.links (tenant_id, expires_at);

    create table app.link_requests (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(),
      kind text not null check (kind in ('reset', 'confirm_password', 'sign_up', 'staff_reset')),
      typed text not null, payload jsonb not null default '{}',
      created_at timestamptz not null default now(),
      primary key (tenant_id, id));
    select app.wall('app.link_requests');
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop table app.link_requests, app.links;
    alter table app.contacts drop column invited_at;
    alter table app.logins drop column temporary_until, drop column temporary_used_at;
  `);
};

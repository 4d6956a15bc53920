import type { Migration } from '../server/platform/migrations.ts';

/** Passkeys of customers and staff, and the challenges that wait for an answer: each is deleted by the first one. */
export const up: Migration = async (run) => {
  await run(`
    create table app.passkeys (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), login_ref uuid, staff_id uuid,
      credential_id text not null, public_key bytea not null, counter bigint not null default 0, transports text[] not null default '{}',
      name text not null check (name <> ''), created_at timestamptz not null default now(), last_used_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, credential_id),
      check ((login_ref is null) <> (staff_id is null)),
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id) on delete cascade,
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id) on delete cascade);
    select app.wall('app.passkeys');
    create index passkeys_login on app.passkeys (tenant_id, login_ref);
    create index passkeys_staff on app.passkeys (tenant_id, staff_id);

    create table app.passkey_challenges (
      tenant_id uuid not null default app.tenant() references app.tenants,
      challenge text not null, sign_in_id uuid, name text,
      created_at timestamptz not null default now(), expires_at timestamptz not null default now() + interval '5 minutes',
      primary key (tenant_id, challenge),
      foreign key (tenant_id, sign_in_id) references app.sign_ins (tenant_id, id) on delete cascade);
    select app.wall('app.passkey_challenges');
    create index passkey_challenges_expiry on app.passkey_challenges (tenant_id, expires_at);
    create index passkey_challenges_sign_in on app.passkey_challenges (tenant_id, sign_in_id);
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.passkey_challenges, app.passkeys');
};

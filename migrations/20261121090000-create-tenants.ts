import type { Migration } from '../server/platform/migrations.ts';

/** The schema, what every transaction begins with, and the few tables that belong to no tenant. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create schema app;
    grant usage on schema app to ${web};
    alter default privileges in schema app grant select, insert, update, delete on tables to ${web};
    alter default privileges in schema app grant usage on sequences to ${web};

    create function app.tenant() returns uuid language sql stable
      as $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;
    create function app.mode() returns text language sql stable
      as $$ select coalesce(nullif(current_setting('app.mode', true), ''), 'none') $$;
    create function app.accounts() returns uuid[] language sql stable
      as $$ select string_to_array(nullif(current_setting('app.accounts', true), ''), ',')::uuid[] $$;

    create function app.wall(target regclass, account_column text default null) returns void language plpgsql as $$
    begin
      execute format('alter table %s enable row level security, force row level security', target);
      execute format('create policy tenant_wall on %s using (tenant_id = (select app.tenant()))
        with check (tenant_id = (select app.tenant()))', target);
      if account_column is not null then
        execute format('create policy account_wall on %1$s as restrictive
          using ((select app.mode()) in (''staff'', ''system'') or %2$I = any((select app.accounts())::uuid[]))
          with check ((select app.mode()) in (''staff'', ''system'') or %2$I = any((select app.accounts())::uuid[]))',
          target, account_column);
      end if;
    end $$;

    create table app.tenants (
      id uuid primary key default uuidv7(),
      slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
      name text not null,
      status text not null default 'active' check (status in ('active', 'suspended')),
      zone text not null default 'America/New_York',
      is_demo boolean not null default false,
      created_at timestamptz not null default now());

    create table app.sessions (sid text primary key, sess json not null, expire timestamptz not null);
    create index sessions_expire on app.sessions (expire);

    create table app.limits (key text primary key, points integer not null default 0, expire bigint);
    create index limits_expire on app.limits (expire);

    create table app.counters (
      tenant_id uuid not null default app.tenant() references app.tenants,
      name text not null, value bigint not null,
      primary key (tenant_id, name));
    select app.wall('app.counters');

    create function app.next_number(counter text, how_many bigint default 1, first_number bigint default 1001) returns bigint language sql as $$
      insert into app.counters (name, value) values (counter, first_number + how_many - 1)
      on conflict (tenant_id, name) do update set value = app.counters.value + how_many
      returning value - how_many + 1 $$;

    create table app.settings (
      tenant_id uuid primary key default app.tenant() references app.tenants,
      published jsonb not null, version integer not null default 1,
      published_at timestamptz not null default now(),
      draft jsonb, draft_by uuid, draft_at timestamptz);
    select app.wall('app.settings');

    create table app.settings_versions (
      tenant_id uuid not null default app.tenant() references app.tenants,
      version integer not null, document jsonb not null, published_by uuid,
      published_at timestamptz not null default now(),
      primary key (tenant_id, version));
    select app.wall('app.settings_versions');

    create function app.tell_tenant_changed() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      if tg_table_name = 'tenants' then
        perform pg_notify('tenant_changed', new.slug);
      else
        perform pg_notify('tenant_changed', (select slug from app.tenants where id = new.tenant_id));
      end if;
      return null;
    end $$;
    create trigger tell after update on app.tenants for each row execute function app.tell_tenant_changed();
    create trigger tell after insert or update of published on app.settings for each row execute function app.tell_tenant_changed();
  `);
};

export const down: Migration = async (run) => {
  await run('drop schema app cascade');
};

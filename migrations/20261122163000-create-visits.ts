import type { Migration } from '../server/platform/migrations.ts';

/**
 * What is done at people's places: visits, who does them, their series, photos and wishes for another time. Whoever watches is told by
 * PostgreSQL itself, whatever has changed a visit; and so is everybody when a sign-in ends.
 */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.resources (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), name text not null check (name <> ''),
      kind text not null default 'technician' check (kind in ('technician', 'crew')),
      colour text not null default '#35506b' check (colour ~ '^#[0-9a-f]{6}$'),
      is_active boolean not null default true, version integer not null default 1, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, name));
    select app.wall('app.resources');

    create table app.visit_series (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, external_id text,
      every integer not null check (every between 1 and 52), unit text not null check (unit in ('day', 'week', 'month')),
      created_at timestamptz not null default now(), ended_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, external_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.visit_series', 'account_id');

    create table app.visits (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, external_id text, number text not null,
      title text not null check (title <> ''), category text not null default '',
      status text not null default 'waiting' check (status in ('waiting', 'scheduled', 'done', 'cancelled')),
      starts_at timestamptz, ends_at timestamptz, minutes integer not null default 60 check (minutes between 5 and 2880),
      resource_id uuid, series_id uuid, invoice_id uuid,
      address text not null default '', notes text not null default '', internal_notes text not null default '',
      price_cents bigint check (price_cents >= 0), currency text not null,
      paid_by_autopay boolean,
      version integer not null default 1, changed_by uuid, changed_at timestamptz, closed_at timestamptz,
      created_at timestamptz not null default now(),
      listed_at timestamptz generated always as (coalesce(starts_at, created_at)) stored,
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, external_id),
      check ((starts_at is null) = (ends_at is null)), check (ends_at > starts_at),
      check (status <> 'waiting' or (starts_at is null and resource_id is null)),
      check (status not in ('scheduled', 'done') or starts_at is not null),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, resource_id) references app.resources (tenant_id, id),
      foreign key (tenant_id, series_id) references app.visit_series (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id),
      foreign key (tenant_id, changed_by) references app.staff_users (tenant_id, id));
    comment on column app.visits.paid_by_autopay is 'null: as the account is paid; true, false: by autopay or by hand, whatever the account is';
    select app.wall('app.visits', 'account_id');
    create index visits_account on app.visits (tenant_id, account_id, listed_at desc, id desc);
    create index visits_listed on app.visits (tenant_id, listed_at desc, id desc);
    create index visits_scheduled on app.visits (tenant_id, starts_at) where status in ('scheduled', 'done');
    create index visits_waiting on app.visits (tenant_id, id) where status = 'waiting';
    create index visits_invoice on app.visits (tenant_id, invoice_id) where invoice_id is not null;
    create index visits_series on app.visits (tenant_id, series_id) where series_id is not null;

    create table app.visit_photos (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, visit_id uuid not null, file_id uuid not null,
      caption text not null default '', staff_id uuid, created_at timestamptz not null default now(), removed_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, visit_id) references app.visits (tenant_id, id),
      foreign key (tenant_id, file_id) references app.files (tenant_id, id));
    select app.wall('app.visit_photos', 'account_id');
    create index visit_photos_visit on app.visit_photos (tenant_id, visit_id) where removed_at is null;

    create table app.reschedule_requests (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, visit_id uuid not null, contact_id uuid,
      wanted_on date not null, part text not null default 'any' check (part in ('any', 'morning', 'afternoon')), message text not null default '',
      state text not null default 'open' check (state in ('open', 'moved', 'declined', 'withdrawn')), answer text not null default '',
      created_at timestamptz not null default now(), answered_at timestamptz, answered_by uuid,
      primary key (tenant_id, id), check ((state = 'open') = (answered_at is null)),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, visit_id) references app.visits (tenant_id, id),
      foreign key (tenant_id, answered_by) references app.staff_users (tenant_id, id));
    select app.wall('app.reschedule_requests', 'account_id');
    create unique index reschedule_requests_open on app.reschedule_requests (tenant_id, visit_id) where state = 'open';
    create index reschedule_requests_visit on app.reschedule_requests (tenant_id, visit_id, id desc);
    revoke delete on app.visits, app.visit_series, app.visit_photos, app.reschedule_requests, app.resources from ${web};

    alter table app.staff_tasks drop constraint staff_tasks_kind_check, add constraint staff_tasks_kind_check check (kind ~ '^[a-z_]{3,30}$');

    create function app.tell_visits() returns trigger language plpgsql as $$
    begin
      perform pg_notify('visits_changed', tenant_id || ' ' || account_id) from (select distinct tenant_id, account_id from changed) told;
      return null;
    end $$;
    create trigger tell_new after insert on app.visits referencing new table as changed for each statement execute function app.tell_visits();
    create trigger tell_changed after update on app.visits referencing new table as changed for each statement execute function app.tell_visits();

    create function app.tell_sign_in_ended() returns trigger language plpgsql as $$
    begin
      perform pg_notify('sign_in_ended', new.id::text);
      return null;
    end $$;
    create trigger tell_ended after update of ended_at on app.sign_ins for each row
      when (old.ended_at is null and new.ended_at is not null) execute function app.tell_sign_in_ended();
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop trigger tell_ended on app.sign_ins;
    drop function app.tell_sign_in_ended();
    drop table app.reschedule_requests, app.visit_photos, app.visits, app.visit_series, app.resources;
    drop function app.tell_visits();
    alter table app.staff_tasks no force row level security;
    delete from app.staff_tasks where kind not in ('card_payment', 'returned', 'disputed', 'refund');
    alter table app.staff_tasks force row level security;
    alter table app.staff_tasks drop constraint staff_tasks_kind_check, add constraint staff_tasks_kind_check
      check (kind in ('card_payment', 'returned', 'disputed', 'refund'));
  `);
};

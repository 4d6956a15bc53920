import type { Migration } from '../server/platform/migrations.ts';

/** Fields of an organization's own, and what stands in them. A value is text in one form per type; its type comes with it, so that the table itself refuses what is none. */
export const up: Migration = async (run) => {
  await run(`
    create table app.custom_fields (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(),
      noun text not null check (noun ~ '^[a-z][a-z-]{1,29}$'), key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
      label text not null check (char_length(label) between 1 and 80), hint text not null default '',
      type text not null check (type in ('text', 'number', 'date', 'choice', 'yes_no')),
      access text not null default 'hidden' check (access in ('hidden', 'view', 'edit')), is_required boolean not null default false,
      choices text[] not null default '{}', least numeric, most numeric,
      position integer not null, version integer not null default 1, archived_at timestamptz, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, noun, key), unique (tenant_id, id, type),
      check (type <> 'choice' or cardinality(choices) > 0), check (least <= most));
    select app.wall('app.custom_fields');

    -- subject_id is the account or the contact, or a thing of another noun. A contact's values go with it.
    create table app.custom_values (
      tenant_id uuid not null default app.tenant() references app.tenants,
      field_id uuid not null, field_type text not null, subject_id uuid not null, account_id uuid not null, contact_id uuid,
      value text not null, updated_at timestamptz not null default now(),
      primary key (tenant_id, field_id, subject_id),
      foreign key (tenant_id, field_id, field_type) references app.custom_fields (tenant_id, id, type),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade,
      check (contact_id is null or contact_id = subject_id),
      check (case field_type
        when 'number' then value ~ '^-?(0|[1-9]\\d{0,11})(\\.\\d{1,4})?$'
        when 'date' then value ~ '^\\d{4}-\\d{2}-\\d{2}$' and make_date(substr(value, 1, 4)::int, substr(value, 6, 2)::int, substr(value, 9, 2)::int) is not null
        when 'yes_no' then value in ('yes', 'no')
        else char_length(value) between 1 and 1000 end));
    select app.wall('app.custom_values', 'account_id');
    create index custom_values_subject on app.custom_values (tenant_id, subject_id);
    create index custom_values_account on app.custom_values (tenant_id, account_id);
    create index custom_values_contact on app.custom_values (tenant_id, contact_id) where contact_id is not null;
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.custom_values, app.custom_fields');
};

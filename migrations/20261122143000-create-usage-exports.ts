import type { Migration } from '../server/platform/migrations.ts';

/** Usages get a currency (nothing has written any so far), people their own view of them, and the files of usage records that are made for people. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.usages add column currency text not null;
    alter table app.logins add column usage_columns text[];

    create table app.usage_exports (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, login_ref uuid not null,
      email text not null, columns text[] not null, filter jsonb not null, most integer not null check (most between 1 and 1000),
      file_id uuid, record_count integer, created_at timestamptz not null default now(), ready_at timestamptz, expires_at timestamptz,
      primary key (tenant_id, id), check ((ready_at is null) = (expires_at is null)),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id),
      foreign key (tenant_id, file_id) references app.files (tenant_id, id));
    select app.wall('app.usage_exports', 'account_id');
    create index usage_exports_file on app.usage_exports (tenant_id, expires_at) where file_id is not null;
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop table app.usage_exports;
    alter table app.logins drop column usage_columns;
    alter table app.usages drop column currency;
  `);
};

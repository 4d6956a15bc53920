import type { Migration } from '../server/platform/migrations.ts';

/** Files made in the background are one noun: usages of a login, and long histories, statements and lists of a login or of staff. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.usage_exports rename to exports;
    alter table app.exports drop constraint usage_exports_most_check,
      alter account_id drop not null, alter login_ref drop not null, alter email drop not null, alter columns drop not null, alter most drop not null,
      add column noun text not null default 'usages', add column staff_id uuid, add column locale text,
      add column rows_done integer not null default 0, add column rows_total integer not null default 0,
      add constraint exports_usages_most check (most between 1 and 1000),
      add constraint exports_for_somebody check ((login_ref is null) <> (staff_id is null)),
      add constraint exports_of_login check (login_ref is null or account_id is not null),
      add foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id);
  `);
};

export const down: Migration = async (run) => {
  await run(`
    delete from app.exports where noun <> 'usages';
    alter table app.exports drop constraint exports_of_login, drop constraint exports_for_somebody, drop constraint exports_usages_most,
      drop column rows_total, drop column rows_done, drop column locale, drop column staff_id, drop column noun,
      alter most set not null, alter columns set not null, alter email set not null, alter login_ref set not null, alter account_id set not null,
      add constraint usage_exports_most_check check (most between 1 and 1000);
    alter table app.exports rename to usage_exports;
  `);
};

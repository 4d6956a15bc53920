import type { Migration } from '../server/platform/migrations.ts';

/** What the report is searched by stands in columns of its own: under row level security an index on lower(…) is never used. And why a sign-in was refused, on which browser. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.portal_log
      add column login_key text generated always as (lower(login_id)) stored,
      add column account_key text generated always as (lower(account_name)) stored,
      add column reason text, add column device text;
    drop index app.portal_log_login;
    create index portal_log_login on app.portal_log (tenant_id, login_key, at desc, id desc);
    create index portal_log_account_key on app.portal_log (tenant_id, account_key, at desc, id desc);
    create index portal_log_contact on app.portal_log (tenant_id, contact_id, at desc, id desc);
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop index app.portal_log_login, app.portal_log_account_key, app.portal_log_contact;
    alter table app.portal_log drop column login_key, drop column account_key, drop column reason, drop column device;
    create index portal_log_login on app.portal_log (tenant_id, lower(login_id), at desc, id desc);
  `);
};

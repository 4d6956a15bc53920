import type { Migration } from '../server/platform/migrations.ts';

/** What the email history is searched by, how a mail with a secret is made anew, and with which code a server refused one. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.messages
      add column to_key text generated always as (lower(to_address)) stored,
      add column renewal text check (renewal in ('reset', 'temporary', 'invitation', 'sign_up')),
      add column resent_at timestamptz, add column error_code integer;
    create index messages_to on app.messages (tenant_id, to_key, created_at desc, id desc);
    create index messages_contact on app.messages (tenant_id, contact_id, created_at desc, id desc);
    create index messages_type on app.messages (tenant_id, type, created_at desc, id desc);
    create index messages_status on app.messages (tenant_id, status, created_at desc, id desc);
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop index app.messages_to, app.messages_contact, app.messages_type, app.messages_status;
    alter table app.messages drop column to_key, drop column renewal, drop column resent_at, drop column error_code;
  `);
};

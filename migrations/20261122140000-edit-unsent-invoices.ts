import type { Migration } from '../server/platform/migrations.ts';

/** Two people may have one unsent invoice open: every change of it, by anybody, is a new revision. It keeps the name it had before it was sent, and why it was voided. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.invoices add column revision integer not null default 1, add column touched_by uuid, add column touched_at timestamptz, add column draft_number text, add column void_reason text;
    create unique index invoices_draft_number on app.invoices (tenant_id, draft_number) where draft_number is not null;
    create function app.count_revision() returns trigger language plpgsql as $$
    begin
      new.revision := old.revision + 1;
      return new;
    end $$;
    create trigger count_revision before update on app.invoices for each row when (old.status = 'unsent') execute function app.count_revision();
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop trigger count_revision on app.invoices;
    drop function app.count_revision;
    alter table app.invoices drop column revision, drop column touched_by, drop column touched_at, drop column draft_number, drop column void_reason;
  `);
};

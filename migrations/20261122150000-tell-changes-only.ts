import type { Migration } from '../server/platform/migrations.ts';

/** A new organization is in nobody's cache: only changes are told. */
export const up: Migration = (run) => run(trigger('update of published'));

export const down: Migration = (run) => run(trigger('insert or update of published'));

const trigger = (event: string) => `
  drop trigger tell on app.settings;
  create trigger tell after ${event} on app.settings for each row execute function app.tell_tenant_changed()`;

import type { Migration } from '../server/platform/migrations.ts';

/** S4-39: a ticket keeps the visit it is about. */
export const up: Migration = async (run) => {
  await run('alter table app.tickets add foreign key (tenant_id, visit_id) references app.visits (tenant_id, id) on delete set null (visit_id)');
};

export const down: Migration = async (run) => {
  await run('alter table app.tickets drop constraint tickets_tenant_id_visit_id_fkey');
};

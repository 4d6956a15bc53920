import type { Migration } from '../server/platform/migrations.ts';

/** What an owner has decided about a role. Where nothing stands, the product's own table counts; somebody's own record goes above both. */
export const up: Migration = async (run) => {
  await run(`
    create table app.role_permissions (
      tenant_id uuid not null default app.tenant() references app.tenants,
      role text not null check (role in ('manager', 'front_desk')), area text not null, is_allowed boolean not null,
      primary key (tenant_id, role, area));
    select app.wall('app.role_permissions');
  `);
  await run(changeEnter(own, both));
};

export const down: Migration = async (run) => {
  await run(changeEnter(both, own));
  await run('drop table app.role_permissions');
};

const own = `'permissions', u.permissions`;
const both = `'permissions', coalesce((select jsonb_object_agg(r.area, r.is_allowed) from app.role_permissions r where r.tenant_id = p_tenant and r.role = u.role), '{}') || u.permissions`;

/** In the function as it stands, so that nothing else in it is undone. */
const changeEnter = (from: string, to: string) => `
    do $do$ declare text text := pg_get_functiondef('app.enter(uuid,uuid,text,boolean)'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception 'app.enter does not say the permissions'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $do$`;

import type { Migration } from '../server/platform/migrations.ts';

/** Support looks at a portal for a reason and for a short time, and whoever is looked at is told of it, where the organization wants that. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.looks add column reason text not null default '', add column is_told boolean not null default false;
    create index looks_told on app.looks (tenant_id, account_id, started_at desc) where is_told;
  `);
  await run(inLookIn(`'kind', look.kind,`, `'kind', look.kind, 'expiresAt', look.expires_at,`));
};

export const down: Migration = async (run) => {
  await run(inLookIn(`'kind', look.kind, 'expiresAt', look.expires_at,`, `'kind', look.kind,`));
  await run('alter table app.looks drop column reason, drop column is_told');
};

/** In the function as it stands, so that nothing else in it is undone. */
const inLookIn = (from: string, to: string) => `
    do $$ declare text text := pg_get_functiondef('app.look_in(uuid,text)'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception 'app.look_in has another text'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $$`;

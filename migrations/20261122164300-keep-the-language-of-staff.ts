import type { Migration } from '../server/platform/migrations.ts';

/** Staff choose their language as customers do; app.enter says it with the rest of the person. */
export const up: Migration = async (run) => {
  await run(`alter table app.staff_users add column locale text; ${inEnter(said, says)};`);
};

export const down: Migration = async (run) => {
  await run(`${inEnter(says, said)}; alter table app.staff_users drop column locale;`);
};

const said = `'name', u.name, 'role', u.role,`;
const says = `'name', u.name, 'locale', u.locale, 'role', u.role,`;

/** In the function as it stands, so that nothing else in it is undone. */
const inEnter = (from: string, to: string) => `
    do $do$ declare text text := pg_get_functiondef('app.enter(uuid,uuid,text,boolean)'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception 'app.enter has another text'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $do$`;

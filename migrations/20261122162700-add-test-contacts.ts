import type { Migration } from '../server/platform/migrations.ts';

/**
 * A member of staff as a contact of an account, to test its portal: it ends by itself, has a login of its own, and nothing that it
 * does in the portal is written, whatever is asked.
 */
export const up: Migration = async (run) => {
  await run(`
    alter table app.contacts
      add column test_until timestamptz, add column test_reason text, add column test_staff_id uuid,
      add foreign key (tenant_id, test_staff_id) references app.staff_users (tenant_id, id),
      add check (num_nulls(test_until, test_reason, test_staff_id) in (0, 3));
    create index contacts_test on app.contacts (tenant_id, test_staff_id, test_until) where test_until is not null;

    create function app.keep_test_login_apart() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from app.contacts o where o.tenant_id = new.tenant_id and o.login_ref = new.login_ref and o.id <> new.id
           and (o.test_until is not null or new.test_until is not null)) then
        raise exception 'the login of a test contact is its own' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
    create constraint trigger keep_test_login_apart after insert or update of login_ref, test_until on app.contacts
      for each row when (new.login_ref is not null) execute function app.keep_test_login_apart();

    ${taskKinds('ARRAY[', `ARRAY['test_contact'::text, `)}
  `);
  for (const [from, to] of changes) await run(inEnter(from, to));
};

export const down: Migration = async (run) => {
  for (const [from, to] of changes) await run(inEnter(to, from));
  await run(`
    alter table app.staff_tasks no force row level security;
    delete from app.staff_tasks where kind = 'test_contact';
    alter table app.staff_tasks force row level security;
    ${taskKinds(`ARRAY['test_contact'::text, `, 'ARRAY[')}
    drop trigger keep_test_login_apart on app.contacts;
    drop function app.keep_test_login_apart;
    alter table app.contacts drop column test_until, drop column test_reason, drop column test_staff_id;
  `);
};

/** In the constraint as it stands: other migrations add kinds of their own, and on the way back may have taken this one along. */
const taskKinds = (from: string, to: string) => `
    do $$ declare said text := (select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'app.staff_tasks'::regclass and conname = 'staff_tasks_kind_check');
    begin
      alter table app.staff_tasks drop constraint staff_tasks_kind_check;
      execute 'alter table app.staff_tasks add constraint staff_tasks_kind_check ' || replace(said, $q$${from}$q$, $q$${to}$q$);
    end $$;`;

const changes = [
  [`'locale', l.locale`, `'locale', l.locale, 'testUntil', min(c.test_until)`],
  ['(l.tenant_id, l.id) and c.may_sign_in', '(l.tenant_id, l.id) and c.may_sign_in and (c.test_until is null or c.test_until > now())'],
  ['if p_read_only then', `if p_read_only or answer ->> 'testUntil' is not null then`],
] as const;

/** In the function as it stands, so that nothing else in it is undone. */
const inEnter = (from: string, to: string) => `
    do $$ declare text text := pg_get_functiondef('app.enter(uuid,uuid,text,boolean)'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception 'app.enter has another text'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $$`;

import type { Migration } from '../server/platform/migrations.ts';

/** Two-step sign-in. A sign-in of somebody who has it is half until the code is given: app.enter lets nobody in by it. */
export const up: Migration = async (run) => {
  await run(`
    create table app.two_steps (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), login_ref uuid, staff_id uuid,
      sealed_secret text not null, confirmed_at timestamptz,
      last_used_step bigint not null default 0, failed_tries integer not null default 0, tried_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, login_ref), unique (tenant_id, staff_id),
      check ((login_ref is null) <> (staff_id is null)),
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id),
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id));
    select app.wall('app.two_steps');

    create table app.recovery_codes (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), two_step_id uuid not null, code_hash text not null, used_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, two_step_id, code_hash),
      foreign key (tenant_id, two_step_id) references app.two_steps (tenant_id, id) on delete cascade);
    select app.wall('app.recovery_codes');

    alter table app.sign_ins add second_step_due boolean not null default false, add second_step_at timestamptz;

    -- Here, so that no way in can forget it: password, reset, invitation, sign-up and whatever comes later.
    create function app.ask_second_step() returns trigger language plpgsql as $$
    begin
      if new.second_step_at is null and exists (
        select 1 from app.two_steps t where t.tenant_id = new.tenant_id and t.confirmed_at is not null
           and (t.login_ref = new.login_ref or t.staff_id = new.staff_id)) then
        new.second_step_due := true;
        new.expires_at := least(new.expires_at, now() + interval '10 minutes');
      end if;
      return new;
    end $$;
    create trigger ask_second_step before insert on app.sign_ins for each row execute function app.ask_second_step();
  `);
  await run(enter({
    says: `, 'twoSteps', s.second_step_at is not null`,
    letsIn: { customer: 'and not s.second_step_due and l.locked_at is null', staff: 'and not s.second_step_due and u.locked_at is null' },
    otherwise: `
      if answer is null and exists (select 1 from app.sign_ins s where s.tenant_id = p_tenant and s.id = p_sign_in and s.second_step_due
           and s.ended_at is null and s.expires_at > now() and (s.staff_id is not null) = (p_mode = 'staff')) then
        return jsonb_build_object('due', 'code');
      end if;`,
  }));
};

export const down: Migration = async (run) => {
  await run(enter({ says: '', letsIn: { customer: '', staff: '' }, otherwise: '' }));
  await run(`
    drop trigger ask_second_step on app.sign_ins;
    drop function app.ask_second_step;
    alter table app.sign_ins drop second_step_due, drop second_step_at;
    drop table app.recovery_codes, app.two_steps;
  `);
};

/** says: more about a person; letsIn: further conditions; otherwise: what is answered about a sign-in that lets nobody in. */
const enter = ({ says, letsIn, otherwise }: { says: string; letsIn: { customer: string; staff: string }; otherwise: string }) => `
    create or replace function app.enter(p_tenant uuid, p_sign_in uuid, p_mode text, p_read_only boolean) returns jsonb language plpgsql as $$
    declare answer jsonb; account_ids text;
    begin
      perform set_config('app.tenant', p_tenant::text, true), set_config('app.mode', 'system', true), set_config('app.accounts', '', true);
      if p_sign_in is not null then
        if p_mode = 'customer' then
          select jsonb_build_object('signInId', s.id, 'loginRef', l.id, 'loginId', l.login_id, 'email', l.email, 'locale', l.locale${says},
                   'accounts', jsonb_agg(jsonb_build_object('id', a.id, 'number', a.number, 'name', a.name, 'stage', a.stage,
                     'contactId', c.id, 'contactName', concat_ws(' ', c.first_name, c.last_name), 'contactEmail', c.email) order by a.name, a.id)),
                 string_agg(a.id::text, ',')
            into answer, account_ids
            from app.sign_ins s join app.logins l on (l.tenant_id, l.id) = (s.tenant_id, s.login_ref)
            join app.contacts c on (c.tenant_id, c.login_ref) = (l.tenant_id, l.id) and c.may_sign_in
            join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id) and a.stage in ('active', 'suspended')
           where s.tenant_id = p_tenant and s.id = p_sign_in and s.ended_at is null and s.expires_at > now()
             and s.seen_at > now() - make_interval(mins => s.idle_minutes) ${letsIn.customer}
           group by s.id, s.second_step_at, l.id, l.login_id, l.email, l.locale;
        elsif p_mode = 'staff' then
          select jsonb_build_object('signInId', s.id, 'staffId', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'permissions', u.permissions${says})
            into answer
            from app.sign_ins s join app.staff_users u on (u.tenant_id, u.id) = (s.tenant_id, s.staff_id) and u.ended_at is null
           where s.tenant_id = p_tenant and s.id = p_sign_in and s.ended_at is null and s.expires_at > now()
             and s.seen_at > now() - make_interval(mins => s.idle_minutes) ${letsIn.staff};
        end if;
        if answer is not null then
          update app.sign_ins set seen_at = now() where tenant_id = p_tenant and id = p_sign_in and seen_at < now() - interval '1 minute';
        end if;
      end if;
      perform set_config('app.accounts', coalesce(account_ids, ''), true),
              set_config('app.mode', case when p_mode = 'system' or answer is not null then p_mode else 'public' end, true);
      if p_read_only then perform set_config('transaction_read_only', 'on', true); end if;${otherwise}
      return answer;
    end $$`;

import type { Migration } from '../server/platform/migrations.ts';

/** logins -> contacts -> accounts, the staff, and who is signed in. */
export const up: Migration = async (run) => {
  await run(`
    create table app.accounts (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(),
      number text not null, name text not null check (name <> ''),
      stage text not null default 'active' check (stage in ('lead', 'active', 'suspended', 'closed')),
      pays_by text not null default 'card' check (pays_by in ('card', 'bank_draft')),
      autopay boolean not null default false,
      related_group text, opened_on date,
      address1 text, address2 text, city text, region text, postal_code text, country text,
      external_id text, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, external_id));
    select app.wall('app.accounts', 'id');
    create index accounts_name on app.accounts (tenant_id, lower(name), id);
    create index accounts_group on app.accounts (tenant_id, related_group) where related_group is not null;

    create table app.logins (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(),
      login_id text not null check (login_id <> ''), email text,
      password_hash text, password_changed_at timestamptz,
      failed_attempts integer not null default 0, locked_at timestamptz,
      last_login_at timestamptz, login_count integer not null default 0,
      locale text, created_at timestamptz not null default now(),
      primary key (tenant_id, id));
    select app.wall('app.logins');
    create unique index logins_login_id on app.logins (tenant_id, lower(login_id));

    create table app.contacts (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, login_ref uuid,
      first_name text not null, last_name text not null, type text, member_id text,
      email text, home_phone text, work_phone text, cell_phone text, fax text, other_phone text,
      address1 text, address2 text, city text, region text, postal_code text,
      is_primary boolean not null default false, is_billing boolean not null default false,
      may_pick_up boolean not null default false, mass_email_opt_out boolean not null default false,
      may_sign_in boolean not null default true, may_manage_absences boolean not null default true,
      external_id text, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, external_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id));
    select app.wall('app.contacts', 'account_id');
    create index contacts_account on app.contacts (tenant_id, account_id);
    create index contacts_login on app.contacts (tenant_id, login_ref);
    create index contacts_email on app.contacts (tenant_id, lower(email));

    create table app.staff_users (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(),
      email text not null, name text not null,
      role text not null check (role in ('owner', 'manager', 'front_desk')),
      permissions jsonb not null default '{}',
      password_hash text, failed_attempts integer not null default 0, locked_at timestamptz,
      last_login_at timestamptz, ended_at timestamptz, created_at timestamptz not null default now(),
      primary key (tenant_id, id));
    select app.wall('app.staff_users');
    create unique index staff_users_email on app.staff_users (tenant_id, lower(email));

    create table app.sign_ins (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), login_ref uuid, staff_id uuid,
      device text not null default '', idle_minutes integer not null,
      created_at timestamptz not null default now(), seen_at timestamptz not null default now(),
      expires_at timestamptz not null, ended_at timestamptz,
      primary key (tenant_id, id),
      check ((login_ref is null) <> (staff_id is null)),
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id),
      foreign key (tenant_id, staff_id) references app.staff_users (tenant_id, id));
    select app.wall('app.sign_ins');
    create index sign_ins_login on app.sign_ins (tenant_id, login_ref);
    create index sign_ins_staff on app.sign_ins (tenant_id, staff_id);

    create function app.enter(p_tenant uuid, p_sign_in uuid, p_mode text, p_read_only boolean) returns jsonb language plpgsql as $$
    declare answer jsonb; account_ids text;
    begin
      perform set_config('app.tenant', p_tenant::text, true), set_config('app.mode', 'system', true), set_config('app.accounts', '', true);
      if p_sign_in is not null then
        if p_mode = 'customer' then
          select jsonb_build_object('signInId', s.id, 'loginRef', l.id, 'loginId', l.login_id, 'email', l.email, 'locale', l.locale,
                   'accounts', jsonb_agg(jsonb_build_object('id', a.id, 'number', a.number, 'name', a.name, 'stage', a.stage,
                     'contactId', c.id, 'contactName', concat_ws(' ', c.first_name, c.last_name), 'contactEmail', c.email) order by a.name, a.id)),
                 string_agg(a.id::text, ',')
            into answer, account_ids
            from app.sign_ins s join app.logins l on (l.tenant_id, l.id) = (s.tenant_id, s.login_ref)
            join app.contacts c on (c.tenant_id, c.login_ref) = (l.tenant_id, l.id) and c.may_sign_in
            join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id) and a.stage in ('active', 'suspended')
           where s.tenant_id = p_tenant and s.id = p_sign_in and s.ended_at is null and s.expires_at > now()
             and s.seen_at > now() - make_interval(mins => s.idle_minutes)
           group by s.id, l.id, l.login_id, l.email, l.locale;
        elsif p_mode = 'staff' then
          select jsonb_build_object('signInId', s.id, 'staffId', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'permissions', u.permissions)
            into answer
            from app.sign_ins s join app.staff_users u on (u.tenant_id, u.id) = (s.tenant_id, s.staff_id) and u.ended_at is null
           where s.tenant_id = p_tenant and s.id = p_sign_in and s.ended_at is null and s.expires_at > now()
             and s.seen_at > now() - make_interval(mins => s.idle_minutes);
        end if;
        if answer is not null then
          update app.sign_ins set seen_at = now() where tenant_id = p_tenant and id = p_sign_in and seen_at < now() - interval '1 minute';
        end if;
      end if;
      perform set_config('app.accounts', coalesce(account_ids, ''), true),
              set_config('app.mode', case when p_mode = 'system' or answer is not null then p_mode else 'public' end, true);
      if p_read_only then perform set_config('transaction_read_only', 'on', true); end if;
      return answer;
    end $$;
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop function app.enter;
    drop table app.sign_ins, app.staff_users, app.contacts, app.logins, app.accounts;
  `);
};

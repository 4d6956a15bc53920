import type { Migration } from '../server/platform/migrations.ts';

/**
 * Looking in: staff see the portal as one account does, and can change nothing. app.look_in answers who looks and as whom, and lets
 * nothing be written from then on. It stands on the staff's own sign-in: whatever ends that ends the look.
 */
export const up: Migration = async (run) => {
  await run(`
    create table app.looks (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), sign_in_id uuid not null, account_id uuid not null, contact_id uuid not null,
      kind text not null, secret_hash text not null,
      started_at timestamptz not null default now(), expires_at timestamptz not null, ended_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, secret_hash),
      foreign key (tenant_id, sign_in_id) references app.sign_ins (tenant_id, id) on delete cascade,
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id) on delete cascade,
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade);
    select app.wall('app.looks', 'account_id');
    create index looks_sign_in on app.looks (tenant_id, sign_in_id);
    create index looks_account on app.looks (tenant_id, account_id);
    create index looks_contact on app.looks (tenant_id, contact_id);

    create function app.look_in(p_tenant uuid, p_secret_hash text) returns jsonb language plpgsql as $$
    declare look app.looks; staff jsonb; person jsonb;
    begin
      perform set_config('app.tenant', p_tenant::text, true), set_config('app.mode', 'system', true), set_config('app.accounts', '', true);
      select * into look from app.looks where tenant_id = p_tenant and secret_hash = p_secret_hash and ended_at is null and expires_at > now();
      if found then
        staff := app.enter(p_tenant, look.sign_in_id, 'staff', false);
        if staff ? 'staffId' then
          perform set_config('app.mode', 'system', true);
          select jsonb_build_object('signInId', look.id, 'loginRef', coalesce(l.id, '00000000-0000-0000-0000-000000000000'), 'loginId', coalesce(l.login_id, c.email, ''),
                   'email', l.email, 'locale', l.locale, 'twoSteps', true, 'hasQuestions', true,
                   'accounts', jsonb_build_array(jsonb_build_object('id', a.id, 'number', a.number, 'name', a.name, 'stage', a.stage,
                     'contactId', c.id, 'contactName', concat_ws(' ', c.first_name, c.last_name), 'contactEmail', c.email)))
            into person
            from app.accounts a join app.contacts c on (c.tenant_id, c.account_id) = (a.tenant_id, a.id)
            left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
           where a.tenant_id = p_tenant and a.id = look.account_id and c.id = look.contact_id and a.stage in ('active', 'suspended');
        end if;
      end if;
      perform set_config('app.accounts', case when person is null then '' else look.account_id::text end, true),
              set_config('app.mode', case when person is null then 'public' else 'customer' end, true),
              set_config('transaction_read_only', 'on', true);
      return case when person is null then null else jsonb_build_object('kind', look.kind, 'staff', staff, 'person', person) end;
    end $$;
  `);
};

export const down: Migration = async (run) => {
  await run('drop function app.look_in; drop table app.looks;');
};

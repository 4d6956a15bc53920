import type { Migration } from '../server/platform/migrations.ts';

/**
 * What may be seen is one value, null for all accounts, so that a table's wall asks once and not for the mode too. A row of no account is
 * seen by nobody but whoever sees all; where nothing is set, nothing is. The planner takes half of the rows for seen, not one in a hundred:
 * for staff, who see all, it planned lists as if they were short.
 */
export const up: Migration = async (run) => {
  await run(`${seen('accounts')}; ${seen('money_accounts')}; ${wall(own)}; ${change(own, ownMoney)}`);
};

export const down: Migration = async (run) => {
  await run(`${change(before('app.accounts()'), before('app.money_accounts()'))}; ${wall(before('app.accounts()'))}; ${listed('accounts')}; ${listed('money_accounts')}`);
};

const isTheirs = (accounts: string) => `coalesce(coalesce(%2$I, '00000000-0000-0000-0000-000000000000') = any((select ${accounts})::uuid[]), true)`;
const own = `using (${isTheirs('app.accounts()')}) with check (${isTheirs('app.accounts()')})`;
const ownMoney = `using (${isTheirs('app.money_accounts()')}) with check (${isTheirs('app.money_accounts()')})`;

const before = (accounts: string) => {
  const condition = `(select app.mode()) in ('staff', 'system') or %2$I = any((select ${accounts})::uuid[])`;
  return `using (${condition}) with check (${condition})`;
};

const list = (name: string) => `string_to_array(nullif(current_setting('app.${name}', true), ''), ',')::uuid[]`;
const define = (name: string, value: string) => `create or replace function app.${name}() returns uuid[] language sql stable as $$ select ${value} $$`;
const listed = (name: string) => define(name, list(name));
const seen = (name: string) => define(name, `case when current_setting('app.mode', true) in ('staff', 'system') then null else coalesce(${list(name)}, '{}') end`);

const wall = (policy: string) => `
    create or replace function app.wall(target regclass, account_column text default null) returns void language plpgsql as $$
    begin
      execute format('alter table %s enable row level security, force row level security', target);
      execute format('create policy tenant_wall on %s using (tenant_id = (select app.tenant()))
        with check (tenant_id = (select app.tenant()))', target);
      if account_column is not null then
        execute format($f$create policy account_wall on %1$s as restrictive ${policy}$f$, target, account_column);
      end if;
    end $$`;

/** Of all tables that have it: those of money are known by what they ask for. */
const change = (policy: string, ofMoney: string) => `
    do $$ declare had record;
    begin
      for had in select polrelid::regclass as target, pg_get_expr(polqual, polrelid) like '%app.money_accounts()%' as is_money from pg_policy where polname = 'account_wall' loop
        execute format(case when had.is_money then $f$alter policy account_wall on %1$s ${ofMoney}$f$ else $f$alter policy account_wall on %1$s ${policy}$f$ end,
          had.target, case had.target when 'app.accounts'::regclass then 'id' else 'account_id' end);
      end loop;
    end $$`;

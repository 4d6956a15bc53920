import type { Migration } from '../server/platform/migrations.ts';

/**
 * Whether a contact may see the money of its account, and pay for it. The wall of every table about money stands at the accounts
 * whose money the signed-in person may see: app.enter and app.look_in say which.
 */
export const up: Migration = async (run) => {
  await run(`
    alter table app.contacts add column may_see_money boolean not null default true, add column may_pay boolean not null default true,
      add constraint contacts_pay_what_they_see check (may_see_money or not may_pay);

    create function app.money_accounts() returns uuid[] language sql stable
      as $$ select string_to_array(nullif(current_setting('app.money_accounts', true), ''), ',')::uuid[] $$;
    create function app.set_money_accounts(person jsonb) returns void language sql as $$
      select set_config('app.money_accounts', coalesce((select string_agg(a->>'id', ',') from jsonb_array_elements(person->'accounts') a where (a->>'maySeeMoney')::boolean), ''), true) $$;
  `);
  await run(`${change(enter, said, says)}; ${change(enter, mode, `perform app.set_money_accounts(answer);\n      ${mode}`)};`);
  await run(`${change(look, said, says)}; ${change(look, modeOfLook, `perform app.set_money_accounts(person);\n      ${modeOfLook}`)};`);
  await run(tables.map((table) => wall(table, 'app.money_accounts()')).join('\n'));
};

export const down: Migration = async (run) => {
  await run(tables.map((table) => wall(table, 'app.accounts()')).join('\n'));
  await run(`${change(look, `perform app.set_money_accounts(person);\n      ${modeOfLook}`, modeOfLook)}; ${change(look, says, said)};`);
  await run(`${change(enter, `perform app.set_money_accounts(answer);\n      ${mode}`, mode)}; ${change(enter, says, said)};`);
  await run(`
    drop function app.set_money_accounts, app.money_accounts;
    alter table app.contacts drop constraint contacts_pay_what_they_see, drop column may_pay, drop column may_see_money;
  `);
};

const tables = [
  'invoices', 'invoice_lines', 'invoice_attachments', 'payment_methods', 'payments', 'refunds', 'credits', 'allocations', 'usages', 'exports', 'journals',
  'ledger_entries', 'ledger_days', 'bank_drafts', 'autopay_charges', 'autopay_tries', 'autopay_skips', 'card_notices',
];
const enter = 'app.enter(uuid,uuid,text,boolean)';
const look = 'app.look_in(uuid,text)';
const said = `'contactEmail', c.email)`;
const says = `'contactEmail', c.email, 'maySeeMoney', c.may_see_money, 'mayPay', c.may_pay)`;
const mode = `perform set_config('app.accounts', coalesce(account_ids, ''), true),`;
const modeOfLook = `perform set_config('app.accounts', case when person is null`;

const wall = (table: string, accounts: string) => `
  alter policy account_wall on app.${table}
    using ((select app.mode()) in ('staff', 'system') or account_id = any((select ${accounts})::uuid[]))
    with check ((select app.mode()) in ('staff', 'system') or account_id = any((select ${accounts})::uuid[]));`;

/** In the function as it stands, so that nothing else in it is undone. */
const change = (name: string, from: string, to: string) => `
    do $do$ declare text text := pg_get_functiondef('${name}'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception '${name} does not say what is changed'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $do$`;

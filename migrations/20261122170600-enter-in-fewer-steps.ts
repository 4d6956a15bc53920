import type { Migration } from '../server/platform/migrations.ts';

/**
 * app.enter opens every transaction, so its own steps count: settings are set by assignments, which cost no statement of their own, the
 * sign-in is touched only when a minute has passed, a half sign-in is looked for only when nobody was found, and the accounts whose
 * money may be seen are gathered together with the accounts. It also says whether an account pays by autopay.
 */
export const up: Migration = async (run) => {
  for (const [from, to] of changes) await run(change('app.enter(uuid,uuid,text,boolean)', from, to));
  await run(change('app.look_in(uuid,text)', ...autopay));
};

export const down: Migration = async (run) => {
  await run(change('app.look_in(uuid,text)', ...autopay.toReversed() as [string, string]));
  for (const [from, to] of changes.toReversed()) await run(change('app.enter(uuid,uuid,text,boolean)', to, from));
};

const autopay: readonly [string, string] = [`'mayPay', c.may_pay)`, `'mayPay', c.may_pay, 'isOnAutopay', a.autopay)`];

const changes: readonly (readonly [string, string])[] = [
  autopay,
  ['account_ids text;', 'account_ids text; money_ids text; seen timestamptz; said text;'],
  [
    `perform set_config('app.tenant', p_tenant::text, true), set_config('app.mode', 'system', true), set_config('app.accounts', '', true);`,
    `said := set_config('app.tenant', p_tenant::text, true) || set_config('app.mode', 'system', true) || set_config('app.accounts', '', true);`,
  ],
  [
    `string_agg(a.id::text, ',')
            into answer, account_ids`,
    `string_agg(a.id::text, ','), string_agg(a.id::text, ',') filter (where c.may_see_money), min(s.seen_at)
            into answer, account_ids, money_ids, seen`,
  ],
  [
    `
            into answer
            from app.sign_ins s join app.staff_users`,
    `, s.seen_at
            into answer, seen
            from app.sign_ins s join app.staff_users`,
  ],
  [
    `if answer is not null then
          update app.sign_ins`,
    `if seen < now() - interval '1 minute' then
          update app.sign_ins`,
  ],
  [
    `perform app.set_money_accounts(answer);
      perform set_config('app.accounts', coalesce(account_ids, ''), true),
              set_config('app.mode', case when p_mode = 'system' or answer is not null then p_mode else 'public' end, true);`,
    `said := set_config('app.money_accounts', coalesce(money_ids, ''), true) || set_config('app.accounts', coalesce(account_ids, ''), true)
           || set_config('app.mode', case when p_mode = 'system' or answer is not null then p_mode else 'public' end, true);`,
  ],
  [`perform set_config('transaction_read_only', 'on', true);`, `said := set_config('transaction_read_only', 'on', true);`],
  [
    `if answer is null and exists (select 1 from app.sign_ins s where s.tenant_id = p_tenant and s.id = p_sign_in and s.second_step_due
           and s.ended_at is null and s.expires_at > now() and (s.staff_id is not null) = (p_mode = 'staff')) then
        return jsonb_build_object('due', 'code');
      end if;
      return answer;`,
    `if answer is not null or p_sign_in is null then
        return answer;
      end if;
      if exists (select 1 from app.sign_ins s where s.tenant_id = p_tenant and s.id = p_sign_in and s.second_step_due
           and s.ended_at is null and s.expires_at > now() and (s.staff_id is not null) = (p_mode = 'staff')) then
        return jsonb_build_object('due', 'code');
      end if;
      return null;`,
  ],
];

/** In the function as it stands, so that nothing else in it is undone. */
const change = (name: string, from: string, to: string) => `
    do $do$ declare text text := pg_get_functiondef('${name}'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception '${name} does not say what is changed'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $do$`;

import type { Migration } from '../server/platform/migrations.ts';

/**
 * Who somebody is and which accounts are theirs were one grouped statement: as two, neither sorts nor groups, and the second is read only
 * for who has a living sign-in. Nothing in the database looks into the answer but app.look_in, so it is json, which is only written down.
 */
export const up: Migration = async (run) => run(change(changes, 'for what is said of the accounts of a sign-in'));

export const down: Migration = async (run) => run(change(changes.map(([from, to]) => [to, from] as const).toReversed(), 'for the grouped statement'));

const account = (json: string) => `${json}_agg(${json}_build_object('id', a.id, 'number', a.number, 'name', a.name, 'stage', a.stage,
                     'contactId', c.id, 'contactName', concat_ws(' ', c.first_name, c.last_name), 'contactEmail', c.email, 'maySeeMoney', c.may_see_money, 'mayPay', c.may_pay, 'isOnAutopay', a.autopay) order by a.name, a.id)`;

const ids = `string_agg(a.id::text, ','), string_agg(a.id::text, ',') filter (where c.may_see_money)`;
const isTheirs = `c.may_sign_in and (c.test_until is null or c.test_until > now())`;
const hasQuestions = `exists (select 1 from app.security_answers q where q.tenant_id = p_tenant and q.login_ref = l.id)`;
const lives = `s.tenant_id = p_tenant and s.id = p_sign_in and s.ended_at is null and s.expires_at > now()
             and s.seen_at > now() - make_interval(mins => s.idle_minutes) and not s.second_step_due and l.locked_at is null`;

const grouped = `
          select jsonb_build_object('signInId', s.id, 'loginRef', l.id, 'loginId', l.login_id, 'email', l.email, 'locale', l.locale, 'testUntil', min(c.test_until), 'hasQuestions', ${hasQuestions}, 'twoSteps', s.second_step_at is not null,
                   'accounts', ${account('jsonb')}),
                 ${ids}, min(s.seen_at)
            into answer, account_ids, money_ids, seen
            from app.sign_ins s join app.logins l on (l.tenant_id, l.id) = (s.tenant_id, s.login_ref)
            join app.contacts c on (c.tenant_id, c.login_ref) = (l.tenant_id, l.id) and ${isTheirs}
            join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id) and a.stage in ('active', 'suspended')
           where ${lives}
           group by s.id, s.second_step_at, l.id, l.login_id, l.email, l.locale;`;

const apart = `
          select s.id, s.seen_at, s.second_step_at is not null as two_steps, l.id as login_ref, l.login_id, l.email, l.locale, ${hasQuestions} as has_questions
            into login
            from app.sign_ins s join app.logins l on (l.tenant_id, l.id) = (s.tenant_id, s.login_ref)
           where ${lives};
          if found then
            select ${account('json')},
                   ${ids}, min(c.test_until)
              into accounts, account_ids, money_ids, test_until
              from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id) and a.stage in ('active', 'suspended')
             where (c.tenant_id, c.login_ref) = (p_tenant, login.login_ref) and ${isTheirs};
          end if;
          if accounts is not null then
            seen := login.seen_at;
            answer := json_build_object('signInId', login.id, 'loginRef', login.login_ref, 'loginId', login.login_id, 'email', login.email, 'locale', login.locale, 'testUntil', test_until,
                                        'hasQuestions', login.has_questions, 'twoSteps', login.two_steps, 'accounts', accounts);
          end if;`;

const changes: readonly (readonly [string, string])[] = [
  ['RETURNS jsonb', 'RETURNS json'],
  ['declare answer jsonb;', 'declare answer json; login record; accounts json; test_until timestamptz;'],
  [grouped, apart],
  [`select jsonb_build_object('signInId', s.id, 'staffId'`, `select json_build_object('signInId', s.id, 'staffId'`],
  [`if p_read_only or answer ->> 'testUntil' is not null`, `if p_read_only or test_until is not null`],
  [`return jsonb_build_object('due', 'code')`, `return json_build_object('due', 'code')`],
];

/** In the function as it stands, so that nothing else in it is undone; it is made anew, because it answers another type. */
const change = (all: typeof changes, why: string) => `
    do $do$ declare text text := pg_get_functiondef('app.enter(uuid,uuid,text,boolean)'::regprocedure);
    begin
      ${all.map(([from, to]) => `if strpos(text, $q$${from}$q$) = 0 then raise exception 'app.enter has another text: no place ${why}'; end if;
      text := replace(text, $q$${from}$q$, $q$${to}$q$);`).join('\n      ')}
      drop function app.enter(uuid, uuid, text, boolean);
      execute text;
    end $do$`;

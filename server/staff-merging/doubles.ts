import { run } from '../platform/database.ts';

export interface Double {
  readonly reason: 'email' | 'phone' | 'name';
  readonly value: string;
  readonly accounts: readonly { readonly number: string; readonly name: string; readonly stage: string }[];
}

/** Accounts that may be one: the same address, telephone number or name. Those that are linked or archived are none. At most fifty of each. */
export async function findDoubles(): Promise<Double[]> {
  return run<Double & Record<string, unknown>>(
    `with said as (
       select 'email' as reason, s.word as value, s.account_id from app.search_words s where s.field = 'email' and strpos(s.word, '@') > 0
       union select 'phone', reverse(s.word), s.account_id from app.search_words s where s.field = 'phone' and char_length(s.word) >= 7
       union select 'name', lower(a.name), a.id from app.accounts a),
     living as (select d.reason, d.value, a.number, a.name, a.stage, coalesce(a.related_group, a.id::text) as one from said d join app.accounts a on a.id = d.account_id where a.stage <> 'closed'),
     found as (select reason, value, jsonb_agg(jsonb_build_object('number', number, 'name', name, 'stage', stage) order by number) as accounts,
                      row_number() over (partition by reason order by count(*), value) as place
                 from living group by reason, value having count(distinct one) > 1 and count(*) <= 10)
     select reason, value, accounts from found where place <= 50 order by reason, place`,
  );
}

import type { Migration } from '../server/platform/migrations.ts';

const phones = (row: string) => ['home_phone', 'work_phone', 'cell_phone', 'fax', 'other_phone'].map((column) => `${row}.${column}`).join(', ');
const given = (row: string) => `${row}.first_name, ${row}.last_name, ${row}.email, ${row}.member_id, ${phones(row)}`;

/**
 * What the front desk searches: the words of names, numbers and addresses, telephone numbers from their end, and how words are misspelled.
 * Plain b-trees: under row level security no operator of a trigram or text index may look before the wall has.
 */
export const up: Migration = async (run) => {
  await run(`
    create table app.search_words (
      tenant_id uuid not null default app.tenant() references app.tenants,
      field text not null check (field in ('name', 'number', 'email', 'phone')), word text collate "C" not null,
      record_id uuid not null, account_id uuid not null, is_contact boolean not null,
      primary key (tenant_id, field, word, record_id));
    select app.wall('app.search_words', 'account_id');
    create index search_words_account on app.search_words (tenant_id, account_id, field, word);

    create table app.search_slips (
      tenant_id uuid not null default app.tenant() references app.tenants,
      slip text collate "C" not null, word text collate "C" not null,
      primary key (tenant_id, slip, word));
    select app.wall('app.search_slips');

    -- Small letters without their marks; O'Brien is obrien, o and brien.
    create function app.words_of(given text) returns text[] language plpgsql immutable parallel safe as $$
    declare bare text := lower(given);
    begin
      if bare is null then return '{}'; end if;
      if bare !~ '^[ -~]*$' then bare := translate(regexp_replace(normalize(bare, nfkd), '[\\u0300-\\u036f]', '', 'g'), 'łøđðæœı’', 'loddaei'''); end if;
      if strpos(bare, '''') > 0 then bare := replace(bare, '''', '') || ' ' || bare; end if;
      return array_remove(regexp_split_to_array(bare, '[^[:alnum:]]+'), '');
    end $$;

    -- What the word may look like to somebody who mistypes it: itself, with one letter left out, and its consonants. The beginning decides.
    create function app.slips_of(word text) returns text[] language plpgsql immutable parallel safe as $$
    declare p text := left(word, 7); sounds text;
    begin
      sounds := left(p, 1) || translate(replace(replace(substr(word, 2), 'ph', 'f'), 'ck', 'k'), 'czqvaeiouyhw', 'kskf');
      if sounds ~ '(.)\\1' then sounds := regexp_replace(sounds, '(.)\\1+', '\\1', 'g'); end if;
      return array_remove(array[p, substr(p, 2), left(p, 1) || substr(p, 3), left(p, 2) || substr(p, 4), left(p, 3) || substr(p, 5), left(p, 4) || substr(p, 6),
        left(p, 5) || substr(p, 7), left(p, 6), case when char_length(sounds) > 2 then '~' || sounds end], null);
    end $$;

    create function app.learn_words(words text[]) returns void language sql as $$
      insert into app.search_slips (slip, word)
        select slip, word from (select distinct word from unnest(words) word where char_length(word) between 3 and 40 and word !~ '^[0-9]+$') w,
               lateral unnest(app.slips_of(word)) slip
         where not exists (select from app.search_slips s where s.slip = left(w.word, 7) and s.word = w.word)
      on conflict do nothing $$;

    create function app.write_account_words(ids uuid[]) returns void language sql as $$
      with written as (
        insert into app.search_words (field, word, record_id, account_id, is_contact)
          select w.field, left(w.word, 100), a.id, a.id, false from app.accounts a, lateral (
            select 'name', unnest(app.words_of(a.name))
            union all select 'number', lower(a.number)
            union all select 'number', word from unnest(app.words_of(a.number)) word where char_length(word) > 1) w (field, word)
           where a.id = any(ids)
        on conflict do nothing returning field, word)
      select app.learn_words(array_agg(distinct word)) from written where field = 'name' $$;

    create function app.write_contact_words(ids uuid[]) returns void language sql as $$
      with written as (
        insert into app.search_words (field, word, record_id, account_id, is_contact)
          select w.field, left(w.word, 100), c.id, c.account_id, true from app.contacts c, lateral (
            select 'name', unnest(app.words_of(c.first_name) || app.words_of(c.last_name))
            union all select 'email', lower(c.email) where c.email <> ''
            union all select 'email', word from unnest(app.words_of(split_part(c.email, '@', 1))) word where char_length(word) > 1
            union all select 'number', lower(c.member_id) where c.member_id <> ''
            union all select 'phone', reverse(regexp_replace(regexp_replace(phone, 'x.*$', '', 'i'), '[^0-9]', '', 'g')) from unnest(array[${phones('c')}]) phone where phone ~ '[0-9].*[0-9].*[0-9].*[0-9]') w (field, word)
           where c.id = any(ids)
        on conflict do nothing returning field, word)
      select app.learn_words(array_agg(distinct word)) from written where field = 'name' or (field = 'email' and strpos(word, '@') = 0) $$;

    create function app.index_words() returns trigger language plpgsql as $$
    begin
      if tg_op in ('UPDATE', 'DELETE') then 
        delete from app.search_words where tenant_id = old.tenant_id and record_id = old.id
           and account_id = (to_jsonb(old) ->> case when tg_table_name = 'contacts' then 'account_id' else 'id' end)::uuid;
      end if;
      if tg_op = 'UPDATE' and tg_table_name = 'accounts' then perform app.write_account_words(array[new.id]); end if;
      if tg_op = 'UPDATE' and tg_table_name = 'contacts' then perform app.write_contact_words(array[new.id]); end if;
      if tg_op = 'INSERT' and tg_table_name = 'accounts' then perform app.write_account_words((select array_agg(id) from added)); end if;
      if tg_op = 'INSERT' and tg_table_name = 'contacts' then perform app.write_contact_words((select array_agg(id) from added)); end if;
      return null;
    end $$;
    create trigger index_words after insert on app.accounts referencing new table as added for each statement execute function app.index_words();
    create trigger index_new_words after update of name, number on app.accounts for each row
      when ((old.name, old.number) is distinct from (new.name, new.number)) execute function app.index_words();
    create trigger index_words after insert on app.contacts referencing new table as added for each statement execute function app.index_words();
    create trigger index_new_words after update of account_id, first_name, last_name, email, member_id, home_phone, work_phone, cell_phone, fax, other_phone on app.contacts for each row
      when ((old.account_id, ${given('old')}) is distinct from (new.account_id, ${given('new')})) execute function app.index_words();
    create trigger drop_words after delete on app.contacts for each row execute function app.index_words();

    do $$ declare t record;
    begin
      for t in select id from app.tenants loop
        perform set_config('app.tenant', t.id::text, true), set_config('app.mode', 'system', true);
        perform app.write_account_words((select array_agg(id) from app.accounts));
        perform app.write_contact_words((select array_agg(id) from app.contacts));
      end loop;
      perform set_config('app.tenant', '', true), set_config('app.mode', '', true);
    end $$;
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop trigger drop_words on app.contacts;
    drop trigger index_new_words on app.contacts;
    drop trigger index_words on app.contacts;
    drop trigger index_new_words on app.accounts;
    drop trigger index_words on app.accounts;
    drop function app.index_words, app.write_contact_words, app.write_account_words, app.learn_words, app.slips_of, app.words_of;
    drop table app.search_slips, app.search_words;
  `);
};

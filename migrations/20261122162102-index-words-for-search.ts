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
      primary key (tenant_id, field, word, record_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.search_words', 'account_id');
    create index search_words_account on app.search_words (tenant_id, account_id, field, word);
    create index search_words_record on app.search_words (tenant_id, record_id);

    create table app.search_slips (
      tenant_id uuid not null default app.tenant() references app.tenants,
      slip text collate "C" not null, word text collate "C" not null,
      primary key (tenant_id, slip, word));
    select app.wall('app.search_slips');

    -- Small letters without their marks; O'Brien is obrien and brien.
    create function app.words_of(given text) returns text[] language sql immutable parallel safe as $$
      select coalesce(array_agg(distinct left(word, 60)), '{}')
        from (select regexp_replace(normalize(lower(coalesce(given, '')), nfkd), '[\\u0300-\\u036f]', '', 'g') as bare) b,
             lateral (values (translate(bare, 'łøđðæœı''’\`', 'loddaei')), (translate(bare, 'łøđðæœı', 'loddaei'))) plain (letters),
             lateral regexp_split_to_table(letters, '[^[:alnum:]]+') word
       where word <> '' $$;

    -- What the word may look like to somebody who mistypes it: itself, with one letter left out, and its consonants. The beginning decides.
    create function app.slips_of(word text) returns text[] language sql immutable parallel safe as $$
      select array_agg(distinct slip) from (
        select left(word, 7) as slip
        union all select overlay(left(word, 7) placing '' from at for 1) from generate_series(1, least(char_length(word), 7)) at
        union all select '~' || sounds from (select left(word, 1) || regexp_replace(regexp_replace(translate(replace(replace(substr(word, 2), 'ph', 'f'), 'ck', 'k'), 'czqvaeiouyhw', 'kskf'), '(.)\\1+', '\\1', 'g'), '[^[:alnum:]]', '', 'g') as sounds) s where char_length(sounds) > 2
      ) slips where slip <> '' $$;

    create function app.learn_words(words text[]) returns void language sql as $$
      insert into app.search_slips (slip, word)
        select slip, word from (select distinct word from unnest(words) word where char_length(word) between 3 and 40 and word !~ '^[0-9]+$') w,
               lateral unnest(app.slips_of(word)) slip
         where not exists (select from app.search_slips s where s.slip = left(w.word, 7) and s.word = w.word)
      on conflict do nothing $$;

    create function app.account_words(name text, number text) returns table (field text, word text) language sql immutable as $$
      select 'name', unnest(app.words_of(name))
      union select 'number', left(lower(number), 100) union select 'number', word from unnest(app.words_of(number)) word where char_length(word) > 1 $$;

    create function app.contact_words(first_name text, last_name text, email text, member_id text, phones text[]) returns table (field text, word text) language sql immutable as $$
      select 'name', unnest(app.words_of(concat_ws(' ', first_name, last_name)))
      union select 'email', left(lower(email), 200) where email <> '' union select 'email', word from unnest(app.words_of(split_part(email, '@', 1))) word where char_length(word) > 1
      union select 'number', left(lower(member_id), 100) where member_id <> ''
      union select 'phone', reverse(digits) from (select regexp_replace(regexp_replace(phone, '(x|ext).*$', '', 'i'), '[^0-9]', '', 'g') as digits from unnest(phones) phone) d where char_length(digits) between 4 and 20 $$;

    create function app.index_accounts() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' then
        delete from app.search_words where tenant_id = new.tenant_id and record_id = new.id;
        insert into app.search_words (field, word, record_id, account_id, is_contact) select w.field, w.word, new.id, new.id, false from app.account_words(new.name, new.number) w;
        perform app.learn_words(app.words_of(new.name));
      else
        insert into app.search_words (field, word, record_id, account_id, is_contact) select w.field, w.word, a.id, a.id, false from added a, app.account_words(a.name, a.number) w;
        perform app.learn_words(array(select distinct unnest(app.words_of(a.name)) from added a));
      end if;
      return null;
    end $$;
    create trigger index_words after insert on app.accounts referencing new table as added for each statement execute function app.index_accounts();
    create trigger index_new_words after update of name, number on app.accounts for each row
      when ((old.name, old.number) is distinct from (new.name, new.number)) execute function app.index_accounts();

    create function app.index_contacts() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'INSERT' then
        delete from app.search_words where tenant_id = old.tenant_id and record_id = old.id;
      end if;
      if tg_op = 'UPDATE' then
        insert into app.search_words (field, word, record_id, account_id, is_contact)
          select w.field, w.word, new.id, new.account_id, true from app.contact_words(new.first_name, new.last_name, new.email, new.member_id, array[${phones('new')}]) w;
        perform app.learn_words(app.words_of(concat_ws(' ', new.first_name, new.last_name, split_part(new.email, '@', 1))));
      elsif tg_op = 'INSERT' then
        insert into app.search_words (field, word, record_id, account_id, is_contact)
          select w.field, w.word, c.id, c.account_id, true from added c, app.contact_words(c.first_name, c.last_name, c.email, c.member_id, array[${phones('c')}]) w;
        perform app.learn_words(array(select distinct unnest(app.words_of(concat_ws(' ', c.first_name, c.last_name, split_part(c.email, '@', 1)))) from added c));
      end if;
      return null;
    end $$;
    create trigger index_words after insert on app.contacts referencing new table as added for each statement execute function app.index_contacts();
    create trigger index_new_words after update of account_id, first_name, last_name, email, member_id, home_phone, work_phone, cell_phone, fax, other_phone on app.contacts for each row
      when ((old.account_id, ${given('old')}) is distinct from (new.account_id, ${given('new')})) execute function app.index_contacts();
    create trigger drop_words after delete on app.contacts for each row execute function app.index_contacts();

    do $$ declare t record;
    begin
      for t in select id from app.tenants loop
        perform set_config('app.tenant', t.id::text, true), set_config('app.mode', 'system', true);
        insert into app.search_words (field, word, record_id, account_id, is_contact) select w.field, w.word, a.id, a.id, false from app.accounts a, app.account_words(a.name, a.number) w;
        insert into app.search_words (field, word, record_id, account_id, is_contact)
          select w.field, w.word, c.id, c.account_id, true from app.contacts c, app.contact_words(c.first_name, c.last_name, c.email, c.member_id, array[${phones('c')}]) w;
        perform app.learn_words(array(select distinct unnest(app.words_of(a.name)) from app.accounts a
          union select unnest(app.words_of(concat_ws(' ', c.first_name, c.last_name, split_part(c.email, '@', 1)))) from app.contacts c));
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
    drop function app.index_contacts, app.index_accounts, app.contact_words, app.account_words, app.learn_words, app.slips_of, app.words_of;
    drop table app.search_slips, app.search_words;
  `);
};

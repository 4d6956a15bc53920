import { read } from '../platform/database.ts';
import type { SearchHit } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { spelledAlike } from './spelling.ts';
import { fromTheEnd, matches, matchesPhone, readTerms, type Terms } from './terms.ts';

interface Found {
  readonly id: string;
  readonly isContact: boolean;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly contactName: string | null;
  readonly email: string | null;
  readonly phones: readonly string[] | null;
  readonly fields: readonly string[];
}

/** Accounts and contacts. Where nothing begins like that, what is spelled alike: two statements more. */
export async function findPeople(req: StaffRequest, typed: string, limit: number): Promise<SearchHit[]> {
  const terms = await readTerms(typed);
  const found = await lookUp(terms, limit);
  if (found.length > 0) return markExact(found, terms);
  const meant = await forgive(terms);
  return meant ? (await lookUp(meant, limit)).map((row) => hitOf(row, terms, false)) : [];
}

/** The same with the nearest words on file in place of those that are not; undefined where even they are none. */
async function forgive(terms: Terms): Promise<Terms | undefined> {
  const at = terms.words.length === 1 ? (terms.words[0]?.split('@')[0] ?? '') : '';
  const words: string[] = [];
  for (const word of at ? [at] : terms.words.slice(0, 3)) words.push((await spelledAlike(word))[0] ?? word);
  return words.join() === terms.words.join() ? undefined : { ...terms, words: words.toSorted((a, b) => b.length - a.length), phone: '' };
}

async function lookUp({ words: [first = '', ...others], phone }: Terms, limit: number): Promise<Found[]> {
  if (!first && !phone) return [];
  return read<Found & Record<string, unknown>>('search-people', text, [first || null, others, phone || null, limit]);
}

const text = `with hits as (
    (select s.record_id, s.account_id, s.is_contact, s.field, true as whole from app.search_words s where s.word = $1 and ${matches} limit 100)
    union all (select s.record_id, s.account_id, s.is_contact, s.field, s.word = $1 from app.search_words s where ${matches} limit 200)
    union all (select s.record_id, s.account_id, s.is_contact, s.field, s.word = $3 from app.search_words s where ${matchesPhone} limit 50)),
  best as (select record_id, account_id, is_contact, array_agg(distinct field) as fields, bool_or(whole) as whole, count(*) as many from hits group by 1, 2, 3 order by bool_or(whole) desc, count(*) desc, is_contact, record_id limit $4)
  select b.record_id as id, b.is_contact as "isContact", b.fields, a.number as "accountNumber", a.name as "accountName",
         nullif(concat_ws(' ', c.first_name, c.last_name), '') as "contactName", c.email,
         array_remove(array[c.cell_phone, c.home_phone, c.work_phone, c.other_phone, c.fax], null) as phones
    from best b join app.accounts a on a.id = b.account_id left join app.contacts c on b.is_contact and c.id = b.record_id
   order by b.whole desc, b.many desc, lower(a.name), b.is_contact, b.record_id`;

/** A number, an address or a whole telephone number is exact; a name only where it is nobody else's. */
function markExact(found: readonly Found[], terms: Terms): SearchHit[] {
  const accounts = new Set(found.map(({ accountNumber }) => accountNumber));
  return found.map((row) => {
    const name = (row.isContact ? row.contactName : row.accountName)?.toLowerCase();
    const isUnique = accounts.size === 1 && name === terms.typed;
    const isNumber = !row.isContact && row.accountNumber.toLowerCase() === terms.typed;
    const isEmail = row.isContact && row.email?.toLowerCase() === terms.typed;
    const isPhone = row.isContact && terms.phone.length >= 7 && row.fields.includes('phone');
    return hitOf(row, terms, isUnique || isNumber || isEmail || isPhone);
  });
}

function hitOf(row: Found, { phone }: Terms, isExact: boolean): SearchHit {
  const same = (given: string) => fromTheEnd(given.replace(/(x|ext).*$/i, '').replace(/\D/g, '')).startsWith(phone);
  const matched = row.fields.includes('phone') ? (row.phones ?? []).find(same) : (row.email ?? row.phones?.[0]);
  return {
    path: row.isContact ? `/staff/contacts/${row.id}` : `/staff/accounts/${encodeURIComponent(row.accountNumber)}`,
    title: (row.isContact ? row.contactName : row.accountName) ?? row.accountName,
    detail: row.isContact ? `${row.accountName} (${row.accountNumber})` : row.accountNumber,
    matched: row.isContact ? (matched ?? '') : '',
    isExact,
  };
}

import { read } from '../platform/database.ts';

/** What somebody typed, as it is looked for. */
export interface Terms {
  readonly typed: string;
  /** The longest first: it decides what is looked at, the others are asked of that. */
  readonly words: readonly string[];
  /** The digits of a telephone number from its end, however it was written; '' where it can be none. */
  readonly phone: string;
}

export async function readTerms(typed: string): Promise<Terms> {
  const plain = typed.trim().toLowerCase();
  const words = /\S@\S/.test(plain) && !/\s/.test(plain) ? [plain] : ((await read<{ words: string[] }>('search-terms', 'select app.words_of($1) as words', [typed]))[0]?.words ?? []);
  const digits = plain.replace(/\D/g, '');
  const isPhone = /^[\d\s()+./-]+$/.test(plain) && digits.length >= 4;
  return { typed: plain, words: words.toSorted((a, b) => b.length - a.length).slice(0, 6), phone: isPhone ? fromTheEnd(digits.slice(-10)) : '' };
}

export function fromTheEnd(digits: string): string {
  return digits.split('').toReversed().join('');
}

/** Accounts in which every word begins some word ($1 the longest, $2 the others), as a condition on search_words \`s\`. */
// The scalar subqueries keep the planner from joining: each row found by the first word is asked for the others, and the limit ends it.
export const matches = `(s.field in ('name', 'number', 'email') and s.word >= $1 and s.word < $1 || chr(1114111) and (
    select coalesce(bool_and(coalesce((select true from app.search_words x where x.account_id = s.account_id and x.field in ('name', 'number', 'email')
       and x.word >= other collate "C" and x.word < other || chr(1114111) collate "C" limit 1), false)), true) from unnest($2::text[]) other))`;

/** Telephone numbers that end with these digits ($3, from the end). */
export const matchesPhone = `(s.field = 'phone' and s.word >= $3 and s.word < $3 || ':')`;

import { withHashing } from '../passwords/hash-password.ts';
import { run } from '../platform/database.ts';

/** Keys of views/security-questions: what can be asked. Facts that are not on file with the organization and that do not change. */
export const questions = ['first-pet', 'first-school', 'first-street', 'childhood-friend', 'grandmother-town', 'first-teacher', 'first-job-city', 'favourite-book', 'parents-met', 'first-concert'] as const;
export const howMany = 3;

export interface Chosen {
  readonly question: string;
  readonly answer: string;
}

/** Upper and lower case, accents, blanks and punctuation make no difference: people remember the word, not how they typed it. */
export function plainAnswer(typed: string): string {
  return typed.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Hashes, so no transaction may be open. */
export function hashAnswers(chosen: readonly Chosen[]): Promise<string[]> {
  return withHashing(async (hasher) => {
    const hashes: string[] = [];
    for (const { answer } of chosen) hashes.push(await hasher.hash(plainAnswer(answer)));
    return hashes;
  });
}

/** In place of all that were there. */
export async function replaceAnswers(loginRef: string, chosen: readonly Chosen[], hashes: readonly string[]): Promise<void> {
  await run('delete from app.security_answers where login_ref = $1', [loginRef]);
  await run(
    `insert into app.security_answers (login_ref, position, question, answer_hash)
     select $1, at, question, answer_hash from unnest($2::text[], $3::text[]) with ordinality given (question, answer_hash, at)`,
    [loginRef, chosen.map(({ question }) => question), hashes],
  );
}

/** Which questions somebody has answered, in the own order. The answers are shown nowhere. */
export async function listQuestions(loginRef: string): Promise<{ question: string; answerHash: string }[]> {
  return run<{ question: string; answerHash: string }>('select question, answer_hash as "answerHash" from app.security_answers where login_ref = $1 order by position', [loginRef]);
}

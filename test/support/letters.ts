import { unseal } from '../../server/platform/crypto.ts';
import { drain } from './drain.ts';
import { testConfig } from './portal.ts';
import { sql, type World } from './world.ts';

export interface Letter {
  readonly type: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** As its reader gets it. */
  readonly text: string;
  /** As staff see it in the history. */
  readonly kept: string;
}

/** Runs what is queued, and gives the letters to one address, oldest first. */
export async function lettersTo(world: World, to: string): Promise<Letter[]> {
  await drain(world);
  const rows = await sql<Omit<Letter, 'text'> & { id: string; sealed: string | null }>(
    world,
    `select m.id, m.type, m.subject, m.from_address as "from", m.to_address as "to", m.text_body as kept, o.sealed_body as sealed
       from app.messages m left join app.outbox o on o.message_id = m.id where m.to_address = $1 order by m.id`,
    [to],
  );
  return rows.map(({ id, sealed, ...letter }) => ({ ...letter, text: sealed ? textOf(unseal(testConfig.encryptionKeys, sealed, `outbox ${id}`)) : letter.kept }));
}

export async function lastLetter(world: World, to: string): Promise<Letter> {
  const letter = (await lettersTo(world, to)).at(-1);
  if (!letter) throw new Error(`no letter to ${to}`);
  return letter;
}

/** The address behind the words of a link, without the origin. */
export function linkIn(letter: Letter, words: string): string {
  return urlIn(letter, words).pathname;
}

export function urlIn(letter: Letter, words: string): URL {
  const found = letter.text.split('\n').find((line) => line.startsWith(`${words}: http`));
  if (!found) throw new Error(`no link "${words}" in:\n${letter.text}`);
  return new URL(found.slice(words.length + 2));
}

function textOf(bodies: string): string {
  return (JSON.parse(bodies) as { text: string }).text;
}

import { connection } from './database.ts';
import { Reading } from './reading.ts';

type Asked<Questions extends readonly unknown[]> = { readonly [At in keyof Questions]: () => Promise<Questions[At]> };

/**
 * Reads that need nothing of one another. Work that only reads asks them in one message, which spares it coming in once more for each;
 * a transaction's connection takes one at a time.
 */
export async function together<const Answers extends readonly unknown[]>(...reads: Asked<Answers>): Promise<Answers> {
  if (!((connection() as unknown) instanceof Reading)) {
    const answers: unknown[] = [];
    for (const read of reads) answers.push(await read());
    return answers as unknown as Answers;
  }
  const asked = await Promise.allSettled(reads.map((read) => read()));
  return asked.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }) as unknown as Answers;
}

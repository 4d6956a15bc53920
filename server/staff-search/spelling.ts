import { read } from '../platform/database.ts';

/** Words on file that somebody may have meant by a mistyped one, the nearest first; at most five. */
export async function spelledAlike(word: string): Promise<string[]> {
  if (word.length < 3) return [];
  const rows = await read<{ word: string }>('search-slips', 'select distinct word from app.search_slips where slip = any(app.slips_of($1)::text[]) limit 500', [word]);
  const most = word.length < 5 ? 1 : 2;
  return rows
    .map(({ word: meant }) => ({ meant, distance: distance(word, meant) }))
    .filter(({ distance: far }) => far <= most)
    .toSorted((a, b) => a.distance - b.distance || a.meant.length - b.meant.length)
    .slice(0, 5)
    .map(({ meant }) => meant);
}

/** How many letters were left out, added, changed or swapped with their neighbour. */
export function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      next[j] = Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

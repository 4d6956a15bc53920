import { run } from '../platform/database.ts';

export type Values = Readonly<Record<string, string | boolean>>;

/** One field in which what somebody typed differs from what stands there by now. */
export interface Difference {
  readonly name: string;
  readonly mine: string | boolean;
  readonly theirs: string | boolean;
  /** Which of them is ticked first: mine where I changed it, theirs where only they did. */
  readonly chosen: 'mine' | 'theirs';
}

export interface TwoVersions {
  readonly differences: readonly Difference[];
  readonly by: string | null;
  readonly at: string | null;
}

/** What I typed over revision `shown` of a record, beside what is there now. `columns` names each field's column. */
export async function compareVersions(record: { accountId?: string; contactId?: string; shown: number }, fields: { mine: Values; theirs: Values; columns: Readonly<Record<string, string>> }): Promise<TwoVersions> {
  const events = await run<{ changes: Record<string, [unknown, unknown]>; by: string | null; at: string }>(
    `select changes, staff_name as by, at from app.record_events where kind = 'changed' and revision > $3 and (contact_id = $1 or (contact_id is null and account_id = $2)) order by revision limit 200`,
    [record.contactId ?? null, record.accountId ?? null, record.shown],
  );
  const before = new Map<string, unknown>();
  for (const { changes } of events) for (const [column, [was]] of Object.entries(changes)) if (!before.has(column)) before.set(column, was);
  const differences = Object.entries(fields.columns).flatMap(([name, column]): Difference[] => {
    const [mine, theirs] = [fields.mine[name] ?? '', fields.theirs[name] ?? ''];
    if (mine === theirs) return [];
    return [{ name, mine, theirs, chosen: before.has(column) && (before.get(column) ?? '') === mine ? 'theirs' : 'mine' }];
  });
  return { differences, by: events.at(-1)?.by ?? null, at: events.at(-1)?.at ?? null };
}

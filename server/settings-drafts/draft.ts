import { isDeepStrictEqual } from 'node:util';
import { run } from '../platform/database.ts';
import { initialSettings, readSettings, settingNames, type SettingsDocument } from '../settings/schema.ts';
import type { StaffMember } from '../tenancy/people.ts';

/** What an organization has published, and what stands written beside it until it is published or discarded. */
export interface Stored {
  readonly version: number;
  readonly publishedAt: Date;
  readonly published: SettingsDocument;
  /** What the next publication would put in place: the published settings with the saved changes. */
  readonly draft: SettingsDocument;
  /** Who saved, published or discarded last. */
  readonly touchedBy: string | null;
  readonly touchedAt: Date | null;
}

/** 'for update' lets one person at a time save or publish. */
export async function readStored(lock: 'for update' | '' = ''): Promise<Stored> {
  const [row] = await run<StoredRow>(
    `select s.version, s.published_at as "publishedAt", s.published, s.draft, u.name as "touchedBy", s.draft_at as "touchedAt"
       from app.settings s left join app.staff_users u on (u.tenant_id, u.id) = (s.tenant_id, s.draft_by) ${lock && 'for update of s'}`,
  );
  if (!row) throw new Error('an organization without settings');
  const published = readSettings(row.published);
  return { ...row, published, draft: readSettings({ ...row.published, ...row.draft }) };
}

/** Keeps what differs from the published settings; clients see none of it. */
export async function saveDraft(stored: Stored, wanted: SettingsDocument, staff: StaffMember): Promise<Stored> {
  const changes = differences(stored.published, wanted);
  await writeDraft(Object.keys(changes).length ? changes : null, staff);
  return { ...stored, draft: { ...stored.published, ...changes } };
}

export async function writeDraft(changes: Partial<SettingsDocument> | null, staff: StaffMember): Promise<void> {
  await run('update app.settings set draft = $1, draft_by = $2, draft_at = now()', [changes, staff.staffId]);
}

/** The settings of `after` that are not those of `before`. */
export function differences(before: SettingsDocument, after: SettingsDocument): Partial<SettingsDocument> {
  return Object.fromEntries(settingNames.filter((name) => !isSameValue(before[name], after[name])).map((name) => [name, after[name]]));
}

export function isSame(one: SettingsDocument, other: SettingsDocument): boolean {
  return !Object.keys(differences(one, other)).length;
}

/** In a set of choices the order means nothing, in the list of tabs it does. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(inOrder(one), inOrder(other));
}

/**
 * What a page showed, for its form to carry: whoever saves or publishes has seen these settings, and is told when they have
 * changed meanwhile. Text that is none of ours stands for a page that showed the initial settings.
 */
export function seenOf({ draft }: Stored): string {
  return JSON.stringify(differences(initialSettings, draft));
}

export function readSeen(text: unknown): SettingsDocument {
  try {
    return readSettings(JSON.parse(String(text)) as Record<string, unknown>);
  } catch {
    return initialSettings;
  }
}

interface StoredRow extends Omit<Stored, 'published' | 'draft'> {
  readonly published: Record<string, unknown>;
  readonly draft: Record<string, unknown> | null;
}

function inOrder(value: unknown): unknown {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value;
}

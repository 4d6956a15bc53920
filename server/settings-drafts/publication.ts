import { run } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { initialSettings, readSettings, type SettingsDocument } from '../settings/schema.ts';
import type { StaffMember } from '../tenancy/people.ts';
import { differences, writeDraft, type Stored } from './draft.ts';

export interface Version {
  readonly version: number;
  readonly publishedAt: Date;
  /** null: the portal began with it. */
  readonly publishedBy: string | null;
  readonly document: SettingsDocument;
  /** The version before it; undefined for the first. */
  readonly before: SettingsDocument | undefined;
}

export const versionsPerPage = 20;

/**
 * Puts the saved changes in place for clients, as a new version, and says so in the portal log. The trigger tells every process;
 * this one forgets the tenant itself after the commit. null when there is nothing to publish. `stored` was read for update.
 */
export async function publishDraft(stored: Stored, staff: StaffMember): Promise<number | null> {
  const version = await publish(stored, stored.draft, staff);
  if (version) await writeDraft(null, staff);
  return version;
}

/** Publishes what an older version said as a new one; saved changes stay as they are. undefined when there is no such version. */
export async function returnToVersion(stored: Stored, wanted: number, staff: StaffMember): Promise<number | null | undefined> {
  const document = await readVersion(wanted);
  return document && publish(stored, document, staff);
}

export async function readVersion(version: number): Promise<SettingsDocument | undefined> {
  const [found] = await run<{ document: Record<string, unknown> }>('select document from app.settings_versions where version = $1', [version]);
  return found && readSettings(found.document);
}

/** From then on the currency stays. */
export async function isMoneyPosted(): Promise<boolean> {
  const [row] = await run<{ posted: boolean }>('select exists (select from app.ledger_entries) or exists (select from app.visible_invoices) as posted');
  return row?.posted ?? false;
}

/** Newest first, those before the version `after`. */
export async function listVersions(after?: number): Promise<{ rows: Version[]; next: string }> {
  const rows = await run<Version & { document: Record<string, unknown> }>(
    `select v.version, v.published_at as "publishedAt", u.name as "publishedBy", v.document
       from app.settings_versions v left join app.staff_users u on (u.tenant_id, u.id) = (v.tenant_id, v.published_by)
      where $1::int is null or v.version < $1 order by v.version desc limit ${versionsPerPage + 1}`,
    [after ?? null],
  );
  const documents = rows.map((row) => readSettings(row.document));
  const versions = rows.map((row, at) => ({ ...row, document: documents[at] ?? initialSettings, before: documents[at + 1] }));
  return { rows: versions.slice(0, versionsPerPage), next: versions.length > versionsPerPage ? String(versions[versionsPerPage - 1]?.version) : '' };
}

async function publish(stored: Stored, document: SettingsDocument, staff: StaffMember): Promise<number | null> {
  if (!Object.keys(differences(stored.published, document)).length) return null;
  const version = stored.version + 1;
  const kept = differences(initialSettings, document);
  await run('insert into app.settings_versions (version, document, published_by) values ($1, $2, $3)', [version, kept, staff.staffId]);
  await run('update app.settings set published = $1, version = $2, published_at = now()', [kept, version]);
  await run('update app.tenants set zone = $1 where id = app.tenant() and zone <> $1', [document['tenant.timezone']]);
  await recordPortalLog({ kind: 'settings-published', message: `Settings published: version ${version} by ${staff.name}`, staffId: staff.staffId });
  return version;
}

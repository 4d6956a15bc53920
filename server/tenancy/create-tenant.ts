import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inScope, read, run } from '../platform/database.ts';
import { checkSettings, type SettingsDocument } from '../settings/schema.ts';

const packsFolder = path.join(import.meta.dirname, '../../tenants');

/** Names that can be no portal: they mean something else, or look as if they did. */
const reserved = new Set(['www', 'mail', 'api', 'admin', 'staff', 'static', 'assets', 'app', 'help', 'support', 'status', 'localhost', 'operator', 'portico']);

export class TenantRefused extends Error {}

export function packNames(): string[] {
  return readdirSync(packsFolder, { withFileTypes: true }).filter((f) => f.isDirectory()).map((f) => f.name);
}

export function packFolder(pack: string): string {
  if (!packNames().includes(pack)) throw new TenantRefused(`There is no pack "${pack}". The packs are ${packNames().join(', ')}.`);
  return path.join(packsFolder, pack);
}

/** The pack's differences from the initial settings. Unknown names and wrong values are errors. */
export function readPack(pack: string): Partial<SettingsDocument> {
  const { values, errors } = checkSettings(JSON.parse(readFileSync(path.join(packFolder(pack), 'settings.json'), 'utf8')));
  const first = Object.entries(errors)[0];
  if (first) throw new TenantRefused(`tenants/${pack}/settings.json: ${first[0]}: ${first[1]}`);
  return values;
}

interface NewTenant {
  readonly slug: string;
  readonly name?: string | undefined;
  readonly settings: Partial<SettingsDocument>;
  readonly isDemo?: boolean;
  /** What must be there together with the organization: runs in the same transaction. */
  readonly alongside?: () => Promise<void>;
}

/** Makes the organization and publishes version 1 of its settings. Throws TenantRefused when the name is taken, reserved or no host name. */
export async function createTenant({ slug, name, settings, isDemo = false, alongside }: NewTenant): Promise<string> {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(slug)) throw new TenantRefused(`"${slug}" cannot be a portal's name: use lower-case letters, digits and hyphens, 1 to 40 of them.`);
  if (reserved.has(slug)) throw new TenantRefused(`"${slug}" is kept for other uses: choose another name.`);
  const id = randomUUID();
  await inScope({ tenantId: id }, async () => {
    await read('enter', 'select app.enter($1, $2, $3, $4) as person', [id, null, 'system', false]);
    const made = await run('insert into app.tenants (id, slug, name, zone, is_demo) values ($1, $2, $3, $4, $5) on conflict (slug) do nothing returning id', [
      id, slug, name ?? settings['portal.display_name'] ?? slug, settings['tenant.timezone'] ?? 'America/New_York', isDemo,
    ]);
    if (!made.length) throw new TenantRefused(`There is a portal "${slug}" already.`);
    await run('insert into app.settings (published) values ($1)', [settings]);
    await run('insert into app.settings_versions (version, document) values (1, $1)', [settings]);
    await alongside?.();
  });
  return id;
}

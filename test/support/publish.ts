import type { SettingsDocument } from '../../server/settings/schema.ts';
import { forgetTenant } from '../../server/tenancy/tenant.ts';
import { sql, type World } from './world.ts';

/** Publishes changed settings as the owner's page does, without the page. */
export async function publish(world: World, changes: Partial<SettingsDocument>): Promise<void> {
  await sql(world, 'update app.settings set published = published || $1::jsonb, version = version + 1', [JSON.stringify(changes)]);
  forgetTenant(world.slug);
}

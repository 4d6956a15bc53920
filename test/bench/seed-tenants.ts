import { closeDatabase, connectTo } from '../../server/platform/database.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { createTenant, readPack } from '../../server/tenancy/create-tenant.ts';

// Packs that have the pages which are measured.
export const packs = ['studio', 'lawncare', 'cloud', 'fieldservice'];
const everythingOn = {
  'payments.gateway': 'sandbox', 'login.identifier': 'email', 'login.staff_two_factor': 'optional', 'autopay.run_hour': 0,
  'tickets.submit': true, 'tickets.view_open': true, 'tickets.view_closed': true,
} as const satisfies Partial<SettingsDocument>;

function settingsOf(pack: string): Partial<SettingsDocument> {
  const settings = { ...readPack(pack), ...everythingOn };
  const others = (settings.tabs ?? []).filter(({ key }) => key !== 'services' && key !== 'tickets');
  return { ...settings, tabs: [...others, { key: 'services', enabled: 'on' }, { key: 'tickets', enabled: 'on' }] };
}

if (import.meta.main) {
  const [url = '', many = '0'] = process.argv.slice(2);
  connectTo(url);
  for (let at = 1; at <= Number(many); at += 1) await createTenant({ slug: `bench-${at}`, settings: settingsOf(packs[at % packs.length] ?? 'studio') });
  await closeDatabase();
}

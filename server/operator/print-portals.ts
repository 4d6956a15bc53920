import { features } from '../features.ts';
import { tabsFor } from '../frame/tabs.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import { findTenant, listTenants, type Tenant } from '../tenancy/tenant.ts';

/** The start's table: each portal's address, what it shows, whom to sign in as. */
export async function printPortals(outside: Outside, say: (line: string) => void): Promise<void> {
  const bare = `http://${outside.baseDomain}:${outside.port}`;
  if (outside.production) return say(`Portico listens on port ${outside.port}.`);
  const tenants = await Promise.all((await listTenants()).map(({ slug }) => findTenant(slug)));
  say(`\nPortico is ready at ${bare}, for portals below it:\n`);
  const rows = tenants.filter((tenant) => tenant !== null).map((tenant) => rowOf(outside, tenant));
  for (const line of columns([['Portal', 'Sign in as', 'What it shows'], ...rows])) say(`  ${line}`);
  say(`\nDemo portals: password BestTraining1. Staff at /staff as owner@example.com or frontdesk@example.com. Ctrl-C stops.\n`);
}

function rowOf(outside: Outside, tenant: Tenant): string[] {
  const tabs = tabsFor(features, tenant.site, '', new Set(), tenant.site.translate('en')).map(({ label }) => label);
  return [originOf(outside, tenant.slug), tenant.isDemo ? 'mbestie@example.com' : 'its own people', `${tenant.name}: ${tabs.join(', ')}`];
}

function columns(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

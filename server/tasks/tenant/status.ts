import { StartError, type Config } from '../../config.ts';
import { globally, run } from '../../platform/database.ts';
import { say } from '../../platform/program.ts';
import { originOf } from '../../tenancy/outside.ts';

interface Listed {
  readonly slug: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly isDemo: boolean;
  readonly isComplete: boolean;
  readonly createdOn: string;
}

export async function listAll(config: Config): Promise<void> {
  const tenants = await globally(() => run<Listed & Record<string, unknown>>(
    `select slug, name, status, is_demo as "isDemo", is_complete as "isComplete", created_at::date as "createdOn" from app.tenants order by slug`));
  if (!tenants.length) return say('There is no portal yet. Make one with "npm run tenant -- create".');
  const rows = tenants.map((tenant) => [tenant.slug, tenant.name, stateOf(tenant), tenant.createdOn, originOf(config, tenant.slug)]);
  const table = [['Name', 'Organization', 'State', 'Since', 'Address'], ...rows];
  for (const row of table) say(row.map((cell, at) => cell.padEnd(Math.max(...table.map((other) => other[at]?.length ?? 0)))).join('  ').trimEnd());
}

/** A running portal hears of it at once. */
export async function setStatus(slug: string, status: 'active' | 'suspended'): Promise<void> {
  const [before] = await globally(() => run<{ status: string }>(
    `with before as (select id, status from app.tenants where slug = $1 for update)
     update app.tenants t set status = $2 from before where t.id = before.id returning before.status`, [slug, status]));
  if (!before) throw noSuchTenant(slug);
  const now = status === 'suspended' ? 'suspended: its addresses answer that it is switched off' : 'active';
  say(before.status === status ? `${slug} was ${status} already.` : `${slug} is ${now}.`);
}

export function noSuchTenant(slug: string): StartError {
  return new StartError(`There is no portal "${slug}": "npm run tenant -- list" shows them all.`);
}

function stateOf({ status, isDemo, isComplete }: Listed): string {
  return [isComplete ? status : 'half made', ...(isDemo ? ['demo'] : [])].join(', ');
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileNameOf, nounNames } from '../import/columns.ts';
import { sentence } from '../import/row-errors.ts';
import { runImport } from '../import/runs/run-import.ts';
import { hashPassword } from '../passwords/hash-password.ts';
import { globally, read, run } from '../platform/database.ts';
import { createTenant, packFolder, packNames, readPack } from '../tenancy/create-tenant.ts';
import { findTenant, forgetTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { fillDemo, readDemo } from './fill-demo.ts';

const staff = [
  { email: 'owner@example.com', name: 'Olivia Grant', role: 'owner' },
  { email: 'frontdesk@example.com', name: 'Dana Whitfield', role: 'front_desk' },
];
const staffPassword = 'BestTraining1';

/**
 * Makes a demo portal from each pack when there is no organization at all, and goes on with those that an earlier start has left
 * half made. Otherwise it does nothing: a demo portal that was taken away stays away.
 */
export async function createDemoTenants(say: (line: string) => void): Promise<void> {
  const found = await globally(() => read<{ slug: string; isComplete: boolean }>('demo-state', 'select slug, is_complete as "isComplete" from app.tenants'));
  if (found.length > 0 && found.every(({ isComplete }) => isComplete)) return;
  const missing = packNames().filter((pack) => !found.some(({ slug }) => slug === pack));
  const unfinished = found.filter(({ isComplete }) => !isComplete).map(({ slug }) => slug);
  say('Making the demo portals from tenants/. This happens once.');
  const hashes = rememberHashes();
  // All of them first, so that a start that is cut short knows at the next one that there is something left.
  for (const pack of missing) await makeEmpty(pack, pack, await hashes(staffPassword));
  for (const pack of [...unfinished, ...missing].toSorted()) say(`  ${pack}: ${await fill(pack, pack, hashes)} rows`);
}

/** One demo portal under a name of its own. */
export async function createDemoTenant(slug: string, pack: string, hashOf = rememberHashes()): Promise<void> {
  await makeEmpty(slug, pack, await hashOf(staffPassword));
  await fill(slug, pack, hashOf);
}

async function makeEmpty(slug: string, pack: string, passwordHash: string): Promise<void> {
  await createTenant({
    slug,
    settings: readPack(pack),
    isDemo: true,
    alongside: async () => {
      await run('update app.tenants set is_complete = false where slug = $1', [slug]);
      for (const { email, name, role } of staff) await run('insert into app.staff_users (email, name, role, password_hash) values ($1, $2, $3, $4)', [email, name, role, passwordHash]);
    },
  });
}

/** Doing it again after it was cut short goes on where it ended: the importer skips what is there. */
async function fill(slug: string, pack: string, hashOf: (password: string) => Promise<string>): Promise<number> {
  forgetTenant(slug);
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error(`there is no organization ${slug}`);
  const rows = await loadSample(tenant, pack);
  const demo = readDemo(packFolder(pack));
  const hashes = new Map<string, string>();
  for (const { password } of demo.signIns) hashes.set(password, await hashOf(password));
  await withTenant(tenant.id, async () => {
    await fillDemo(demo, hashes);
    await run('update app.tenants set is_complete = true where id = $1', [tenant.id]);
  });
  forgetTenant(slug);
  return rows;
}

async function loadSample({ id, site }: Tenant, pack: string): Promise<number> {
  let rows = 0;
  for (const noun of nounNames) {
    const file = path.join(packFolder(pack), 'sample', fileNameOf(noun));
    // Usages are billed in the cloud alone; who goes to people's places has visits.
    if ((noun === 'usages' || noun === 'visits') && !existsSync(file)) continue;
    const { rowsSeen, errors } = await runImport({ tenantId: id, site, noun, file }, fileNameOf(noun));
    if (errors[0]) throw new Error(`tenants/${pack}/sample/${fileNameOf(noun)}:${errors[0].line} column ${errors[0].column}: ${sentence(errors[0], site.translate('en'))}`);
    rows += rowsSeen;
  }
  return rows;
}

/** Each password is hashed once: they are slow on purpose, and the demo people share one. */
export function rememberHashes(): (password: string) => Promise<string> {
  const hashes = new Map<string, Promise<string>>();
  return (password) => {
    const hash = hashes.get(password) ?? hashPassword(password);
    hashes.set(password, hash);
    return hash;
  };
}

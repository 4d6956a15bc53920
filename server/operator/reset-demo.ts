import { globally, run } from '../platform/database.ts';
import { packNames, TenantRefused } from '../tenancy/create-tenant.ts';
import { createDemoTenant } from './create-demo.ts';

/**
 * A demo portal as it was on its first day. Money is never deleted: the old portal is put aside, switched off, under a name of its own,
 * which is returned. Throws TenantRefused for every portal that is no demo.
 */
export async function resetDemo(slug: string): Promise<string> {
  const pack = packNames().find((name) => name === slug);
  const aside = pack && (await putAside(pack));
  if (!aside) throw new TenantRefused(`"${slug}" is no demo portal: only ${packNames().join(', ')} can begin again, where they are demos.`);
  await createDemoTenant(slug, pack);
  return aside;
}

/** Two at once: the second finds none of that name any more. */
async function putAside(slug: string): Promise<string | undefined> {
  const [row] = await globally(() => run<{ slug: string }>(
    `update app.tenants set slug = slug || '-until-' || to_char(now(), 'yyyymmdd-hh24miss'), status = 'suspended' where slug = $1 and is_demo and is_complete returning slug`, [slug]));
  return row?.slug;
}

import { read, run } from '../platform/database.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

const mostSites = 50;

/** That a page of this website frames the portal ('' where the browser does not say which). At most once a minute for each site, and for so many sites. */
export async function noteFraming(tenantId: string, site: string): Promise<void> {
  await withTenant(tenantId, () => read(
    'note-framing',
    `insert into app.framings (site) select $1 where (select count(*) from app.framings) < ${mostSites} or exists (select from app.framings where site = $1)
     on conflict (tenant_id, site) do update set last_at = now() where app.framings.last_at < now() - interval '1 minute'`,
    [site.slice(0, 200)],
  ));
}

/** It is a link by now: what was seen before is forgotten, and seen again where it is not. */
export async function forgetFramings(): Promise<void> {
  await run('delete from app.framings');
}

import { run } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';
import { page } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import { listTenants } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

export const linksFeature: Feature = {
  key: 'links',
  public: [get('/links/sent', (req) => page('links/sent', { title: req.t('links.sent-title') }))],
  jobs: () => ({ 'sweep-links': ({ tenantId = '' }) => sweep(tenantId), 'sweep-links-everywhere': sweepEverywhere }),
  clock: [{ job: 'sweep-links-everywhere', cron: '23 4 * * *' }],
};

/** A week after its end nothing waits in a link any more; after half a year nobody asks what became of it. */
async function sweep(tenantId: string): Promise<void> {
  await withTenant(tenantId, async () => {
    await run(`update app.links set payload = '{}' where expires_at < now() - interval '7 days' and payload <> '{}'`);
    await run(`delete from app.links where expires_at < now() - interval '180 days'`);
    await run(`delete from app.link_requests where created_at < now() - interval '1 day'`);
  });
}

async function sweepEverywhere(): Promise<void> {
  for (const { id } of await listTenants()) await withTenant(id, () => enqueue('sweep-links', { tenantId: id }, { key: `sweep-links ${id}` }));
}

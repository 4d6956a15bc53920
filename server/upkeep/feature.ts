import { globally, read } from '../platform/database.ts';
import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { deleteOldMail } from './delete-old-mail.ts';

/** What has to be swept away: for the whole installation, and for each organization by how long it keeps things. */
export const upkeepFeature: Feature = {
  key: 'upkeep',
  jobs: () => ({
    'sweep-sessions': sweepSessions,
    'delete-old-mail': ({ tenantId = '' }) => deleteOldMail(tenantId),
    'delete-old-mail-everywhere': () => enqueueForEachTenant('delete-old-mail'),
  }),
  clock: [{ job: 'sweep-sessions', cron: '41 * * * *' }, { job: 'delete-old-mail-everywhere', cron: '52 7 * * *' }],
};

/** Sessions, counters and webhooks whose time is over; a webhook is sent again for three days. Redis forgets its own by itself. */
async function sweepSessions(): Promise<void> {
  await globally(async () => {
    await read('sweep-sessions', 'delete from app.sessions where expire < now()');
    await read('sweep-hooks', `delete from app.gateway_events where received_at < now() - interval '90 days'`);
    await read('sweep-limits', 'delete from app.limits where expire < extract(epoch from now()) * 1000 - 3600000');
  });
}

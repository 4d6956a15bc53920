import { enqueue } from '../platform/queue.ts';
import type { Feature } from '../tenancy/feature.ts';
import { listTenants } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { eraseExpired, sendMail } from './send-mail.ts';

export const messagesFeature: Feature = {
  key: 'messages-sent',
  jobs: (outside) => ({
    'send-mail': (payload) => sendMail(outside, payload),
    'erase-expired-mail': eraseExpired,
    'erase-expired-mail-everywhere': () => forEachTenant('erase-expired-mail'),
  }),
  clock: [{ job: 'erase-expired-mail-everywhere', cron: '17 * * * *' }],
};

/** One job per organization, so that a slow or broken one holds up none of the others. */
async function forEachTenant(job: string): Promise<void> {
  for (const tenant of await listTenants()) await withTenant(tenant.id, () => enqueue(job, { tenantId: tenant.id }, { key: `${job} ${tenant.id}` }));
}

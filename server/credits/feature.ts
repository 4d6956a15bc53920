import { dayCursor } from '../platform/forms.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { listCredits, sumCredits } from './list-credits.ts';

export const creditsFeature: Feature = {
  key: 'credits',
  money: 'see',
  tab: { path: '/credits', icon: 'gift', label: (t) => t('credits.title') },
  customer: [get('/credits', showCredits)],
};

async function showCredits(req: CustomerRequest): Promise<Reply> {
  const after = cursor.parse(req.query['after']);
  const [day = '', id = ''] = (after ?? '').split('_');
  const { rows, next } = await listCredits(req.account, after ? { day, id } : undefined);
  const title = req.tenant.site.tabLabel('credits') ?? req.t('credits.title');
  return page('credits/list', { title, rows, next, left: await sumCredits(req.account) });
}

const cursor = dayCursor.optional().catch(undefined);

import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { editFaqRoutes } from './edit.ts';
import { listFaq } from './faq-entry.ts';

export const faqFeature: Feature = {
  key: 'faq',
  customer: [get('/faq', showFaq)],
  staff: editFaqRoutes,
  staffLink: { path: '/staff/faq', icon: 'question-circle', label: (t) => t('faq.menu'), area: 'settings' },
};

/** S1-25 S1-26: every answer folds out by itself; an address with all=open shows all of them. */
async function showFaq(req: CustomerRequest): Promise<Reply> {
  return page('faq/list', { title: req.t('faq.title'), entries: await listFaq({ published: true }), isOpen: req.query['all'] === 'open' });
}

import { jsonRows } from '../platform/json-rows.ts';
import type { Feature } from '../tenancy/feature.ts';
import { lineColumns } from './ticket.ts';

/** S4-12: the newest that are open. */
export const openPanel: NonNullable<Feature['panel']> = {
  stage: 'next',
  label: (t) => t('tickets.open-tickets'),
  sql: jsonRows(`select ${lineColumns} from app.tickets t where t.account_id = $1 and t.state = 'open' order by t.id desc limit 5`),
  view: 'tickets/panel',
};

interface Waiting {
  readonly number: string;
  readonly category: string;
}

/** Staff have answered and wait for the customer's word. */
export const waitingTasks: NonNullable<Feature['tasks']> = {
  sql: jsonRows(`select t.number, t.category from app.tickets t where t.account_id = $1 and t.state = 'open' and t.waits_for = 'customer' order by t.id limit 3`),
  list: (found, { t, tenant: { site } }) =>
    site.visibleTickets.includes('open')
      ? (found as readonly Waiting[]).map(({ number, category }) => ({ text: t('tickets.task', { number }), note: category, button: t('tickets.task-button'), path: `/tickets/${number}`, seen: `/tickets/${number}` }))
      : [],
};

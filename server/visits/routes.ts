import { z } from 'zod';
import { fromCents } from '../money/money.ts';
import { figure, toCsv } from '../platform/csv.ts';
import { NotFound } from '../platform/errors.ts';
import { fieldErrors, inOrder, optionalDay, text, uuid } from '../platform/forms.ts';
import { file, page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { groupSeries, listHistory, readOpenVisits, type HistoryFilter } from './list-visits.ts';
import { findVisit, type Visit } from './visit.ts';

const mostInFile = 5000;

/** S4-34 to S4-38: scheduled at the left, the waiting list at the right, the history below. Further pages are about the history alone. */
async function showServices(req: CustomerRequest): Promise<Reply> {
  const { account, tenant: { site } } = req;
  const { filter, after, errors } = readQuery(req);
  const isFirst = !after && !Object.keys(filter).length;
  const { scheduled, waiting } = await readOpenVisits(account, site);
  const history = site.showsServices('history') ? await listHistory(account, site, filter, { after }) : { rows: [], next: '' };
  return page('visits/services', { title: req.t('visits.title'), scheduled: groupSeries(scheduled), waiting, history: history.rows, next: history.next, isFirst, filterErrors: errors, filtered: Object.keys(filter).length > 0 });
}

async function showVisit(req: CustomerRequest): Promise<Reply> {
  const visit = await findVisitOr404(req);
  return page('visits/visit', { title: visit.title, visit });
}

/** The history as it is filtered. */
async function downloadHistory(req: CustomerRequest): Promise<Reply> {
  const { account, tenant: { site }, t } = req;
  if (!site.showsServices('history')) throw new NotFound('no history here');
  const { rows } = await listHistory(account, site, readQuery(req).filter, { size: mostInFile });
  const head = ['number', 'service', 'state', 'day', 'when', 'who', 'price', 'currency', 'invoice'].map((name) => t(`visits.csv-${name}`));
  return file({ name: `${t('visits.file')}-${site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, rows.map((visit) => csvLine(visit, req))) });
}

function csvLine(visit: Visit, { t, formats }: CustomerRequest) {
  const { number, title, status, startsAt, endsAt, resource, priceCents, currency, invoice } = visit;
  const when = startsAt && endsAt ? [formats.dayOf(startsAt), formats.window(startsAt, endsAt)] : ['', ''];
  return [number, title, t(`visits.state-${status}`), ...when, resource, priceCents === null ? '' : figure(fromCents(priceCents, currency)), currency, invoice];
}

/** Those of a part that the organization does not show do not exist. */
export async function findVisitOr404(req: CustomerRequest): Promise<Visit> {
  const { site } = req.tenant;
  const visit = await findVisit(req.account, String(req.params['number']));
  const part = visit?.status === 'scheduled' || visit?.status === 'waiting' ? visit.status : 'history';
  if (!visit || !site.showsServices(part)) throw new NotFound('no such visit');
  return visit;
}

/** A wrong query shows everything, and says beside the field what is wrong. */
function readQuery({ query, t }: Pick<CustomerRequest, 't'> & { query: unknown }) {
  const result = queryForm.safeParse(query);
  if (!result.success) return { filter: {}, after: undefined, errors: fieldErrors(result.error, t) };
  const { after, ...given } = result.data;
  return { filter: Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as HistoryFilter, after, errors: {} };
}

const queryForm = z.object({
  q: text(100).optional(),
  state: z.union([z.literal('').transform(() => undefined), z.enum(['done', 'cancelled'], 'forms.wrong')]).optional(),
  from: optionalDay,
  to: optionalDay,
  after: uuid.optional().catch(undefined),
}).superRefine(inOrder);

export const visitRoutes = [get('/services', showServices), get('/services.csv', downloadHistory), get('/services/:number', showVisit)];

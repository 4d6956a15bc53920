import { z } from 'zod';
import { fromCents } from '../money/money.ts';
import { figure, toCsv } from '../platform/csv.ts';
import { NotFound } from '../platform/errors.ts';
import { fieldErrors, inOrder, optionalDay, text, uuid } from '../platform/forms.ts';
import { events, file, page, seeOther, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { groupSeries, listHistory, readOpenVisits, type HistoryFilter } from './list-visits.ts';
import { listRequests, mayReschedule, rescheduleRoutes } from './reschedule.ts';
import { downloadPhoto, listPhotos } from './photos.ts';
import { findVisitOr404, type Visit } from './visit.ts';

const mostInFile = 5000;

/** S4-34 to S4-38: scheduled at the left, the waiting list at the right, the history below. Further pages are about the history alone. */
async function showServices(req: CustomerRequest): Promise<Reply> {
  const { account, tenant: { site } } = req;
  const { filter, after, errors } = readQuery(req);
  const isFirst = !after && !Object.keys(filter).length;
  const [{ scheduled, waiting }, history] = await together(
    () => readOpenVisits(account, site),
    async () => (site.showsServices('history') ? listHistory(account, site, filter, { after }) : { rows: [], next: '' }),
  );
  return page('visits/services', { title: req.t('visits.title'), scheduled: groupSeries(scheduled), waiting, history: history.rows, next: history.next, isFirst, filterErrors: errors, filtered: Object.keys(filter).length > 0 });
}

async function showVisit(req: CustomerRequest): Promise<Reply> {
  const visit = await findVisitOr404(req);
  const requests = await listRequests(visit.id);
  return page('visits/visit', { title: visit.title, visit, requests, mayAsk: mayReschedule(visit, requests, req.tenant.site), photos: visit.status === 'done' ? await listPhotos(visit.id) : [] });
}

/** S4-38: tells open pages of this account when one of its visits has changed. Opened as a page it leads to the list. */
function watchServices(req: CustomerRequest): Reply {
  return isStream(req) ? events(req.account.id) : seeOther('/services');
}

/** Browsers ask so for what stays open, and for nothing else. */
export const isStream = (req: Pick<CustomerRequest, 'get'>): boolean => req.get('accept') === 'text/event-stream';

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

export const visitRoutes = [get('/services', showServices), get('/services.csv', downloadHistory), get('/services/changes', watchServices), get('/services/:number', showVisit), get('/services/:number/photos/:id', downloadPhoto), ...rescheduleRoutes];

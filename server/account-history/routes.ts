import { toCsv } from '../platform/csv.ts';
import { NotFound } from '../platform/errors.ts';
import { fieldErrors, uuid } from '../platform/forms.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { findOwn, markTakenBack } from '../own-changes/change.ts';
import { isUndoable, restore } from '../own-changes/restore.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { groups, historyForm, readHistory, type HistoryFilter } from './history.ts';
import { wordLines } from './words.ts';

const path = '/account/history';
const pageSize = 30;
const mostRows = 5000;

/** B-3: the own part of the portal log, in plain words. */
export const historyRoutes = [get(path, show), get(`${path}/export.csv`, download), post(`${path}/:id/undo`, undo)];

async function show(req: CustomerRequest): Promise<Page> {
  const { filter, errors } = filterOf(req);
  const { lines, next } = await readHistory(ownOf(req), filter, pageSize);
  const drawn = page('account-history/history', { title: req.t('account-history.title'), lines: await wordLines(req, lines), next, groups, filterErrors: errors, isFiltered: Boolean(filter.what || filter.from || filter.to) });
  return Object.keys(errors).length ? drawn.withStatus(422) : drawn;
}

async function download(req: CustomerRequest): Promise<Reply> {
  const { filter, errors } = filterOf(req);
  if (Object.keys(errors).length) return show(req);
  const { lines, next } = await readHistory(ownOf(req), { ...filter, after: undefined }, mostRows);
  if (next) return page('account-history/history', { ...(await show(req)).data, filterErrors: { from: req.t('exports.too-many', { most: req.formats.number(mostRows) }) } }).withStatus(422);
  const words = await wordLines(req, lines);
  const head = ['when', 'what', 'details', 'device'].map((name) => req.t(`account-history.${name}`));
  const rows = words.map(({ at, text, changes, device }) => [req.formats.dateTime(at), text, changes.map(({ label, before, after }) => `${label}: ${before} → ${after}`).join('\n'), device]);
  return file({ name: `${req.t('account-history.file')}-${req.tenant.site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, rows) });
}

/** Only where nothing newer stands there: what came later is undone first. */
async function undo(req: CustomerRequest): Promise<Reply> {
  const id = uuid.safeParse(req.params['id']);
  const change = id.success ? await findOwn(req.outside, id.data, req.account.contactId) : undefined;
  if (!change || !isUndoable({ ...change, isTakenBack: false })) throw new NotFound('no such change to be undone');
  const { site, id: tenantId } = req.tenant;
  const done = change.isTakenBack ? 'restored' : await restore(change, { site, tenantId, isForced: false });
  if (done === 'restored' && (await markTakenBack(change.id))) {
    await recordPortalLog({ kind: 'change-undone', message: `Change undone by UserID: ${req.person.loginId}`, accountId: req.account.id, contactId: req.account.contactId, loginRef: req.person.loginRef });
  }
  setFlash(req, done === 'restored' ? 'success' : 'warning', req.t(`account-history.undo-${done}`));
  return seeOther(path);
}

/** Signing in and passwords are of the person, whichever of the accounts is looked at. */
function ownOf({ account, person, tenant }: CustomerRequest) {
  return { accountId: account.id, contactIds: person.accounts.map(({ contactId }) => contactId), zone: tenant.site.zone };
}

/** What is wrong with the days is said beside them, and the rest is shown. */
function filterOf({ query, t }: CustomerRequest): { filter: HistoryFilter; errors: Readonly<Record<string, string>> } {
  const read = historyForm.safeParse(query);
  return read.success ? { filter: read.data, errors: {} } : { filter: { what: undefined, after: undefined }, errors: fieldErrors(read.error, t) };
}

import { demandAccount, pathOf, recordFrame } from '../account-record/record-page.ts';
import { offerFile, startFile } from '../exports/routes.ts';
import { run } from '../platform/database.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { kinds } from '../portal-log/kinds.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { logCsv } from './log-csv.ts';
import { readLogSearch, searchLog } from './search-log.ts';

const area = 'accounts';
const pageSize = 50;
const mostRows = 5000;
export const logPath = '/staff/reports/portal-log';

/** S1-36 to S1-49. */
async function showReport(req: StaffRequest): Promise<Page> {
  const search = readLogSearch(req);
  const found = await searchLog(search, req.tenant.site.zone, pageSize);
  return page('staff-log/report', {
    title: titleOf(req), ...found, kinds, filterErrors: search.errors, isFiltered: Object.keys(search.filter).length > 0, back: await backOf(req), contactName: await nameOf(search.filter.contact),
  });
}

const titleOf = ({ t, tenant }: StaffRequest) => t('staff-log.title', { portal: tenant.site.typeLabel });

/** RETURN leads to the record that the criteria came from. */
async function backOf(req: StaffRequest): Promise<string> {
  const { contact, account } = readLogSearch(req).filter;
  if (contact && (await run('select from app.contacts where id = $1', [contact])).length) return `/staff/contacts/${contact}`;
  if (account && (await run('select from app.accounts where number = $1', [account])).length) return pathOf(account);
  return '/staff/reports';
}

/** Of a contact that is gone, too: the log has kept the name. */
async function nameOf(contactId: string | undefined): Promise<string> {
  if (!contactId) return '';
  const [line] = await run<{ name: string }>('select contact_name as name from app.portal_log where contact_id = $1 order by at desc, id desc limit 1', [contactId]);
  return line?.name ?? '';
}

async function downloadReport(req: StaffRequest): Promise<Reply> {
  const search = readLogSearch(req);
  if (Object.keys(search.errors).length > 0) return (await showReport(req)).withStatus(422);
  const { rows, next, further } = await searchLog({ filter: search.filter }, req.tenant.site.zone, mostRows);
  if (next || further) return offerFile(req, logPath, mostRows);
  return file({ name: `${req.t('staff-log.file')}-${req.tenant.site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => logCsv(rows, req.t, req.formats) });
}

/** The tab of an account: the same lines, and the way to the whole report. */
async function showOfAccount(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const search = readLogSearch({ query: { after: req.query['after'] }, t: req.t });
  const found = await searchLog({ ...search, filter: { account: record.number } }, req.tenant.site.zone, pageSize);
  return page('staff-log/account', { title: record.name, ...(await recordFrame(req, record)), ...found });
}

export const logRoutes = [
  get(logPath, showReport, { area }),
  get(`${logPath}.csv`, downloadReport, { area }),
  post(`${logPath}.csv`, (req: StaffRequest) => startFile(req, 'portal-log-csv'), { area, page: showReport }),
  get('/staff/portal-log', (req: StaffRequest) => seeOther(req.originalUrl.replace(/^\/staff\/portal-log/, logPath)), { area }),
  get('/staff/accounts/:number/portal-log', showOfAccount, { area }),
];

import { demandAccount, recordFrame } from '../account-record/record-page.ts';
import { offerFile, startFile } from '../exports/routes.ts';
import { mailTypes } from '../messages/types.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { mailCsv, typeWords } from './mail-csv.ts';
import { demandMessage } from './message.ts';
import { resend } from './resend.ts';
import { mailStatuses, readMailSearch, searchMail } from './search-mail.ts';

const area = 'accounts';
const pageSize = 50;
const mostRows = 5000;
export const mailPath = '/staff/messages';

/** S1-91 to S1-97. */
async function showHistory(req: StaffRequest): Promise<Page> {
  const search = readMailSearch(req);
  const found = await searchMail(search, req.tenant.site.zone, pageSize);
  return page('staff-messages/history', {
    title: req.t('staff-messages.title'), ...found, ...wordsFor(req), types: mailTypes, statuses: mailStatuses, filterErrors: search.errors, isFiltered: Object.keys(search.filter).length > 0,
  });
}

const wordsFor = ({ t, tenant }: StaffRequest) => ({ typeWords: (type: string) => typeWords(type, t), days: tenant.site.mailDays });

async function downloadHistory(req: StaffRequest): Promise<Reply> {
  const search = readMailSearch(req);
  if (Object.keys(search.errors).length > 0) return (await showHistory(req)).withStatus(422);
  const { rows, next, further } = await searchMail({ filter: search.filter }, req.tenant.site.zone, mostRows);
  if (next || further) return offerFile(req, mailPath, mostRows);
  return file({ name: `${req.t('staff-messages.file')}-${req.tenant.site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => mailCsv(rows, req.t, req.formats) });
}

/** S1-91: the Misc tab leads here. */
async function showOfAccount(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const search = readMailSearch({ query: { after: req.query['after'] }, t: req.t });
  const found = await searchMail({ ...search, filter: { account: record.number } }, req.tenant.site.zone, pageSize);
  return page('staff-messages/account', { title: record.name, ...(await recordFrame(req, record)), ...found, ...wordsFor(req) });
}

/** S1-92: when it went where, and the copy. */
async function showMessage(req: StaffRequest): Promise<Reply> {
  const message = await demandMessage(req);
  return page('staff-messages/message', { title: message.subject, message, ...wordsFor(req) });
}

async function sendAgain(req: StaffRequest): Promise<Reply> {
  const address = await resend(req);
  setFlash(req, 'success', req.t('staff-messages.sent-again', { address }));
  return seeOther(`${mailPath}/${String(req.params['id'])}`);
}

export const mailRoutes = [
  get(mailPath, showHistory, { area }),
  get(`${mailPath}.csv`, downloadHistory, { area }),
  post(`${mailPath}.csv`, (req: StaffRequest) => startFile(req, 'messages-csv'), { area, page: showHistory }),
  get('/staff/accounts/:number/messages', showOfAccount, { area }),
  get(`${mailPath}/:id`, showMessage, { area }),
  post(`${mailPath}/:id/resending`, sendAgain, { area, outside: true, page: showMessage }),
];

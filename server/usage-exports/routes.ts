import { NotFound } from '../platform/errors.ts';
import { refuse, uuid } from '../platform/forms.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { shownColumns } from '../usages/columns.ts';
import { readQuery } from '../usages/filter.ts';
import { excelType } from './make-export.ts';
import { askForExport, findExport, type AskedExport } from './usage-export.ts';
import { readChosenColumns } from '../usages/usage.ts';

/** S3-25: says what will be in the file and where the link goes, before "Send". */
async function showExport(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const { filter, errors, asked } = readQuery(req.query, req.t);
  const columns = shownColumns(site, await readChosenColumns(req.person.loginRef));
  return page('usage-exports/export', { title: req.t('usages.export'), filter, asked, filterErrors: errors, columns, email: addressOf(req), most: site.mostExportedUsages });
}

async function sendExport(req: CustomerRequest): Promise<Reply> {
  const { filter, errors, asked } = readQuery(req.query, req.t);
  if (Object.keys(errors).length > 0) refuse('', req.t('usages.filter-wrong'));
  await ask(req, async () => ({ accountId: req.account.id, filter, columns: shownColumns(req.tenant.site, await readChosenColumns(req.person.loginRef)) }));
  return seeOther(`/usages${asked}`);
}

/** The same columns and filter, with the records as they are now. */
async function sendAgain(req: CustomerRequest): Promise<Reply> {
  await ask(req, () => findOr404(req));
  return seeOther('/usages');
}

async function ask(req: CustomerRequest, what: () => Promise<Pick<AskedExport, 'accountId' | 'filter' | 'columns'>>): Promise<void> {
  const email = addressOf(req);
  if (!email) refuse('', req.t('usages.no-address'));
  await req.outside.limits.take('usage-exports', `${req.tenant.id} ${req.person.loginRef}`);
  await again(req, async () => {
    const { accountId, filter, columns } = await what();
    await askForExport(req.tenant.id, { accountId, filter, columns, email, loginRef: req.person.loginRef, most: req.tenant.site.mostExportedUsages });
  });
  setFlash(req, 'info', req.t('usages.making', { email }));
}

/** What the mailed link leads to: the file, or a page that says why there is none. */
async function download(req: CustomerRequest): Promise<Reply> {
  const found = await again(req, () => findOr404(req));
  const { id, state, storedAs, fileName, email } = found;
  const content = state === 'ready' && storedAs ? await req.outside.files.read(storedAs) : null;
  if (content && fileName) return file({ name: fileName, type: excelType, make: async () => content });
  if (state === 'waiting') return page('usage-exports/waiting', { title: req.t('usages.export'), email });
  return expired(req, id).withStatus(410);
}

/** The form that asks for a new one, again, when it was refused. */
async function showExpired(req: CustomerRequest): Promise<Reply> {
  return expired(req, (await findOr404(req)).id);
}

function expired(req: CustomerRequest, id: string): Page {
  return page('usage-exports/expired', { title: req.t('usages.export'), id, email: addressOf(req) });
}

async function findOr404(req: CustomerRequest) {
  const id = uuid.safeParse(req.params['id']);
  const found = id.success && (await findExport(req.person.loginRef, id.data));
  if (!found) throw new NotFound('no such export');
  return found;
}

/** S3-26: the signed-in person's own address; who signs in by a username has one as a contact. */
function addressOf({ person, account }: CustomerRequest): string {
  return person.email ?? account.contactEmail ?? '';
}

export const exportRoutes = [
  get('/usages/export', showExport),
  post('/usages/export', sendExport, { page: showExport, outside: true }),
  get('/usages/exports/:id', download, { outside: true }),
  post('/usages/exports/:id', sendAgain, { page: showExpired, outside: true }),
];

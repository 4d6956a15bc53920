import { NotFound } from '../platform/errors.ts';
import { uuid } from '../platform/forms.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { askForFile, findExport, type Export, type ExportNoun } from './export.ts';

type Asking = CustomerRequest | StaffRequest;

/** Instead of a file that is too long to wait for: the way to have it made. `back` is the page with the list; the question in the address goes along. */
export function offerFile(req: Asking, back: string, most: number): Page {
  return page('exports/offer', { title: req.t('exports.title'), back, most, action: req.originalUrl });
}

/** A press on that page. */
export async function startFile(req: Asking, noun: ExportNoun): Promise<Reply> {
  const who = askerOf(req);
  await req.outside.limits.take('usage-exports', `${req.tenant.id} ${who.loginRef ?? who.staffId}`);
  const query = Object.fromEntries(Object.entries(req.query).flatMap(([name, value]) => (typeof value === 'string' && name !== 'after' ? [[name, value.slice(0, 200)]] : [])));
  const isStaff = who.loginRef === undefined;
  const accountId = isStaff ? null : (req as CustomerRequest).account.id;
  const id = await askForFile(req.tenant.id, who, { noun, accountId, query, locale: (req.staff ?? req.person)?.locale ?? null });
  return seeOther(`${isStaff ? '/staff' : ''}/exports/${id}`);
}

/** How far it is; then the link; in the end, that its time is over. */
async function showExport(req: Asking): Promise<Reply> {
  const found = await findOr404(req);
  // The page that asks again and again is then drawn anew as a whole, with the icons of its result.
  if (found.state !== 'waiting' && req.get('HX-Request')) req.res?.set('HX-Refresh', 'true');
  const shown = page('exports/export', { title: req.t('exports.title'), file: found });
  return found.state === 'expired' ? shown.withStatus(410) : shown;
}

async function download(req: Asking): Promise<Reply> {
  const { state, storedAs, fileName, fileType } = await again(req, () => findOr404(req));
  const content = state === 'ready' && storedAs ? await req.outside.files.read(storedAs) : null;
  if (!content || !fileName || !fileType) return seeOther(req.path.replace(/\/file$/, ''));
  return file({ name: fileName, type: fileType, make: async () => content });
}

async function findOr404(req: Asking): Promise<Export> {
  const id = uuid.safeParse(req.params['id']);
  const found = id.success && (await findExport(askerOf(req), id.data));
  if (!found || (req.staff && !mayEnter(req.staff, areaOf(found.noun)))) throw new NotFound('no such export');
  return found;
}

const askerOf = (req: Asking) => ('staff' in req && req.staff ? { staffId: req.staff.staffId } : { loginRef: (req as CustomerRequest).person.loginRef });

export const exportRoutes = [get<CustomerRequest>('/exports/:id', showExport), get<CustomerRequest>('/exports/:id/file', download, { outside: true })];

/** Whoever has lost the area since has lost its files, too. */
const areaOf = (noun: ExportNoun) => (noun === 'portal-log-csv' || noun === 'messages-csv' ? 'accounts' : 'invoices');

const area = 'home';
export const staffExportRoutes = [get<StaffRequest>('/staff/exports/:id', showExport, { area }), get<StaffRequest>('/staff/exports/:id/file', download, { area, outside: true })];

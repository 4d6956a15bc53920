import { readFile } from 'node:fs/promises';
import { findInvoice } from '../invoices/invoice.ts';
import { NotFound } from '../platform/errors.ts';
import { fileTypeOf, safeFileName } from '../platform/files/file-type.ts';
import { refuse } from '../platform/forms.ts';
import { file, page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { findStaffInvoice } from '../staff-invoices/staff-invoice.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { findAttachment, keepAttachment, listAttachments, newKey, removeAttachment, type Attachment } from './attachment.ts';

const mostBytes = 10_000_000;
const mostFiles = 20;

/** What hangs on an invoice that the account may see: foreign, unsent and void ones have none. */
async function download(req: CustomerRequest): Promise<Reply> {
  const invoice = await findInvoice(req.account, String(req.params['number']), req.tenant.site.today());
  const found = invoice && (await findAttachment(invoice.id, String(req.params['id'])));
  return send(found, req.outside);
}

async function showAttachments(req: StaffRequest): Promise<Reply> {
  const invoice = await findStaffInvoice(String(req.params['number']));
  return page('attachments/staff', { title: req.t('attachments.of', { number: invoice.number }), invoice, attachments: await listAttachments(invoice.id), megabytes: mostBytes / 1e6 });
}

async function upload(req: StaffRequest): Promise<Reply> {
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.staff.signInId}`);
  if (!req.file) refuse('file', req.t('attachments.no-file'));
  const content = await readFile(req.file.path);
  const type = fileTypeOf(content);
  if (!type) refuse('file', req.t('attachments.wrong-type'));
  const name = safeFileName(req.file.originalname, type);
  const storedAs = newKey(req.tenant.id);
  const invoice = await again(req, () => demandRoom(req));
  await req.outside.files.put(storedAs, content);
  await again(req, () => keepAttachment({ invoice, name, type, content, storedAs, staffId: req.staff.staffId }));
  setFlash(req, 'success', req.t('attachments.added', { name }));
  return seeOther(pathOf(invoice.number));
}

async function demandRoom(req: StaffRequest) {
  const invoice = await findStaffInvoice(String(req.params['number']));
  if ((await listAttachments(invoice.id)).length >= mostFiles) refuse('file', req.t('attachments.too-many', { most: mostFiles }));
  return invoice;
}

async function downloadAsStaff(req: StaffRequest): Promise<Reply> {
  return send((await demandAttachment(req)).attachment, req.outside);
}

async function remove(req: StaffRequest): Promise<Reply> {
  const { invoice, attachment } = await demandAttachment(req);
  await removeAttachment(attachment.id);
  setFlash(req, 'success', req.t('attachments.removed', { name: attachment.name }));
  return seeOther(pathOf(invoice.number));
}

async function demandAttachment(req: StaffRequest) {
  const invoice = await findStaffInvoice(String(req.params['number']));
  const attachment = await findAttachment(invoice.id, String(req.params['id']));
  if (!attachment) throw new NotFound('no such attachment');
  return { invoice, attachment };
}

/** Always as a file to keep, never as a page of ours. */
function send(found: Attachment | undefined, { files }: Outside): Reply {
  if (!found) throw new NotFound('no such attachment');
  const make = async () => {
    const content = await files.read(found.storedAs);
    if (!content) throw new NotFound('the file is gone');
    return content;
  };
  return file({ name: found.name, type: found.type, make });
}

const pathOf = (number: string) => `/staff/invoices/${encodeURIComponent(number)}/attachments`;

const area = 'invoices';
export const attachmentRoutes = [get('/invoices/:number/attachments/:id', download)];
export const staffAttachmentRoutes = [
  get('/staff/invoices/:number/attachments', showAttachments, { area }),
  post('/staff/invoices/:number/attachments', upload, { area, page: showAttachments, outside: true, upload: { field: 'file', bytes: mostBytes } }),
  get('/staff/invoices/:number/attachments/:id', downloadAsStaff, { area }),
  post('/staff/invoices/:number/attachments/:id/removal', remove, { area }),
];

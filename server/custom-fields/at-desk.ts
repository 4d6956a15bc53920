import { demandAccount, pathOf } from '../account-record/record-page.ts';
import { contactOf, contactPath } from '../contacts/staff.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { AccountAtDesk, ContactAtDesk, RecordPart } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { recordChanges } from './record-change.ts';
import { readFields, saveValues, type Subject } from './values.ts';

const area = 'accounts';
const view = 'custom-fields/part';

export const accountPart: RecordPart<AccountAtDesk> = { place: 'summary', area, view, read: (_req, { id, number }) => part({ noun: 'account', id, accountId: id }, pathOf(number)) };
export const contactPart: RecordPart<ContactAtDesk> = { place: 'portal', area, view, read: (_req, { id, accountId }) => part({ noun: 'contact', id, accountId }, `/staff/contacts/${id}`) };

async function part(subject: Subject, path: string) {
  const fields = await readFields([subject]);
  return fields.length ? { fields, edit: `${path}/custom-fields` } : undefined;
}

interface Place {
  readonly subject: Subject;
  readonly path: string;
  readonly name: string;
}

/** The same page for an account and for a contact. Staff may leave empty what customers may not. */
function pagesOf(route: string, placeOf: (req: StaffRequest) => Promise<Place>) {
  const show = async (req: StaffRequest): Promise<Reply> => {
    const { subject, path, name } = await placeOf(req);
    return page('custom-fields/desk', { title: req.t('custom-fields.own-title'), fields: await readFields([subject]), path, name });
  };
  const save = async (req: StaffRequest): Promise<Reply> => {
    const { subject, path } = await placeOf(req);
    const changes = await saveValues([subject], req.body as Record<string, unknown>, { t: req.t, change: () => true, leaveEmpty: true });
    await recordChanges(req, changes, subject.noun === 'contact' ? subject.id : undefined);
    setFlash(req, 'success', req.t(changes.length ? 'contacts.saved' : 'accounts.nothing-changed'));
    return seeOther(path);
  };
  return [get(`${route}/custom-fields`, show, { area }), post(`${route}/custom-fields`, save, { area, page: show })];
}

export const deskRoutes = [
  ...pagesOf('/staff/accounts/:number', async (req) => {
    const { id, number, name } = await demandAccount(req);
    return { subject: { noun: 'account', id, accountId: id }, path: pathOf(number), name };
  }),
  ...pagesOf('/staff/contacts/:id', async (req) => {
    const { id, accountId, name } = await contactOf(req);
    return { subject: { noun: 'contact', id, accountId }, path: contactPath(req), name };
  }),
];

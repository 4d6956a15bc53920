import { z } from 'zod';
import { listContacts } from '../contacts/contact.ts';
import { readBalances } from '../ledger/read-balances.ts';
import { checkbox, readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { signChanges } from '../staff-contacts/save-contact.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { addNote, readNotes, removeNote } from './notes.ts';
import { readEvents } from './record-events.ts';
import { demandAccount, pathOf, recordFrame, recordParts } from './record-page.ts';
import { changeStage, moves } from './stages.ts';

const area = 'accounts';

/** Summary: who this is, what is owed, whom to call, what to know. */
async function showSummary(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const balances = mayEnter(req.staff, 'invoices') ? await readBalances(record.id, req.tenant.site.currency) : null;
  return page('account-record/summary', {
    title: record.name, ...(await recordFrame(req, record)), balances, contacts: await listContacts(record.id), notes: await readNotes(record.id), moves: moves[record.stage], parts: await recordParts(req, 'summary', record),
  });
}

async function showContacts(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  return page('account-record/contacts', { title: record.name, ...(await recordFrame(req, record)), contacts: await listContacts(record.id), parts: await recordParts(req, 'contacts', record) });
}

/** Misc: what happened to the record, and what other features put there. */
async function showMisc(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const after = uuid.safeParse(req.query['after']).data ?? null;
  const events = await readEvents(record.id, eventsOnPage + 1, after);
  const next = events.length > eventsOnPage ? events[eventsOnPage - 1]?.id : '';
  return page('account-record/misc', { title: record.name, ...(await recordFrame(req, record)), events: events.slice(0, eventsOnPage), next, parts: await recordParts(req, 'misc', record) });
}

const eventsOnPage = 20;

async function moveStage(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const { to } = readForm(z.object({ to: z.enum(['active', 'suspended', 'closed'], 'forms.wrong') }), req.body, req.t);
  await signChanges(req.staff.name);
  if (!moves[record.stage].includes(to) || !(await changeStage(record, to, req.tenant.site.today()))) refuse('', req.t('staff-accounts.stage-moved'));
  await recordPortalLog({ kind: 'account', message: `Account status changed by staff from ${record.stage} to ${to}`, accountId: record.id, staffId: req.staff.staffId });
  setFlash(req, 'success', req.t('staff-accounts.stage-now', { name: record.name, stage: req.t(`staff-accounts.stage-${to}`) }));
  return seeOther(pathOf(record.number));
}

async function writeNote(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const note = readForm(z.object({ body: required(2000), isPinned: checkbox }), req.body, req.t);
  await addNote(record.id, { ...note, staffName: req.staff.name });
  return seeOther(`${pathOf(record.number)}#notes`);
}

async function dropNote(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const id = uuid.safeParse(req.params['id']);
  if (id.success) await removeNote(record.id, id.data);
  return seeOther(`${pathOf(record.number)}#notes`);
}

export const recordRoutes = [
  get('/staff/accounts/:number', showSummary, { area }),
  get('/staff/accounts/:number/contacts', showContacts, { area }),
  get('/staff/accounts/:number/misc', showMisc, { area }),
  post('/staff/accounts/:number/stage', moveStage, { area, page: showSummary }),
  post('/staff/accounts/:number/notes', writeNote, { area, page: showSummary }),
  post('/staff/accounts/:number/notes/:id/removal', dropNote, { area }),
];

import { z } from 'zod';
import { contactOf } from '../contacts/staff.ts';
import { startLook } from '../looking-in/look.ts';
import { read } from '../platform/database.ts';
import { NotOffered } from '../platform/errors.ts';
import { readForm, refuse, required } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** B-2: before the look, what it is and why it is done. */
async function showViewAs(req: StaffRequest): Promise<Reply> {
  const contact = await contactToSee(req);
  const { site } = req.tenant;
  return page('support/view-as', { title: req.t('support.view-title', { name: contact.name }), contact, minutes: site.viewAsMinutes, isTold: site.tellsOfSupport });
}

async function viewAs(req: StaffRequest): Promise<Reply> {
  const contact = await contactToSee(req);
  const { reason } = readForm(z.object({ reason: required(300) }), req.body, req.t);
  const { site } = req.tenant;
  const isStarted = await startLook(req, 'support', { contactId: contact.id, minutes: site.viewAsMinutes, reason, isTold: site.tellsOfSupport });
  if (!isStarted) refuse('', req.t('support.no-portal'));
  return seeOther('/');
}

async function contactToSee(req: StaffRequest) {
  if (!req.tenant.site.mayViewAs) throw new NotOffered('support views');
  return contactOf(req);
}

export interface SupportLook {
  readonly startedAt: string;
  readonly staffName: string;
}

/** The last looks at an account that its people are told of, those of the last ninety days. */
export function listLooks(accountId: string): Promise<SupportLook[]> {
  return read<SupportLook & Record<string, unknown>>(
    'support-looks',
    `select l.started_at as "startedAt", u.name as "staffName" from app.looks l join app.sign_ins s on (s.tenant_id, s.id) = (l.tenant_id, l.sign_in_id)
       join app.staff_users u on (u.tenant_id, u.id) = (s.tenant_id, s.staff_id)
      where l.account_id = $1 and l.is_told and l.started_at > now() - interval '90 days' order by l.started_at desc limit 10`,
    [accountId],
  );
}

const area = 'support';
export const viewAsRoutes = [get('/staff/contacts/:id/view', showViewAs, { area }), post('/staff/contacts/:id/view', viewAs, { area, page: showViewAs })];

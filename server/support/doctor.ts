import { z } from 'zod';
import { contactOf, contactPath } from '../contacts/staff.ts';
import { run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, text } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { deviceInWords } from '../sign-ins/device.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { checks, diagnose } from './diagnose.ts';
import { readFacts } from './facts.ts';
import { fixes, type Patient } from './fixes.ts';

/** B-1: why somebody cannot log in, line by line, each red one with its cure and with words for the telephone or a mail. */
async function showDoctor(req: StaffRequest): Promise<Reply> {
  const { contact, facts } = await patientOf(req);
  const { site } = req.tenant;
  const theirs = site.translate(site.language(facts.locale));
  const values = { portal: site.portalName, address: req.origin, login: facts.loginId ?? contact.email ?? '' };
  const findings = diagnose(facts, site).map((finding) => ({ ...finding, paste: finding.state === 'act' ? theirs(`support.paste-${finding.check}`, { ...values, ...finding.values }) : '' }));
  const tries = facts.tries.map((one) => ({ ...one, device: one.device ? deviceInWords(one.device, req.t) : '' }));
  return page('support/doctor', { title: req.t('support.doctor-title', { name: contact.name }), contact, findings, tries, language: site.language(facts.locale), mayView: site.mayViewAs });
}

async function mend(req: StaffRequest): Promise<Reply> {
  const { fix } = readForm(z.object({ fix: z.enum(checks, 'forms.wrong') }), req.body, req.t);
  const patient = await patientOf(req);
  await fixes[fix](req, patient);
  setFlash(req, 'success', req.t(`support.fixed-${fix}`));
  return seeOther(`${contactPath(req)}/doctor`);
}

async function patientOf(req: StaffRequest): Promise<Patient> {
  const contact = await contactOf(req);
  const facts = await readFacts(contact.id);
  if (!facts) throw new NotFound('no such contact');
  return { contact, facts };
}

/** How many red lines the contact page has to say. */
export async function countHindrances(req: StaffRequest, contactId: string): Promise<number> {
  const facts = await readFacts(contactId);
  return facts ? diagnose(facts, req.tenant.site).filter(({ state }) => state === 'act').length : 0;
}

export interface Asked {
  readonly login: string;
  readonly people: readonly { readonly id: string; readonly name: string; readonly accountName: string; readonly loginId: string | null }[];
  /** Tries with an id that nobody has. */
  readonly tries: readonly { readonly at: string }[];
}

/** For the telephone: who has this Login ID or address, or what has been tried with it where nobody has. */
export async function findAsked(req: StaffRequest): Promise<Asked> {
  const login = text(200, { anyNumber: true }).safeParse(req.query['login']).data ?? '';
  if (!login) return { login, people: [], tries: [] };
  const people = await run<Asked['people'][number] & Record<string, unknown>>(
    `select c.id, concat_ws(' ', c.first_name, c.last_name) as name, a.name as "accountName", l.login_id as "loginId" from app.contacts c
       join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id) left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
      where lower(c.email) = lower($1) or l.id = (select id from app.logins where lower(login_id) = lower($1)) order by a.name, c.id limit 20`,
    [login],
  );
  const tries = people.length ? [] : await run<{ at: string }>(`select at from app.portal_log where kind = 'sign-in-refused' and login_key = lower($1) order by at desc limit 5`, [login]);
  return { login, people, tries };
}

const area = 'support';
export const doctorRoutes = [get('/staff/contacts/:id/doctor', showDoctor, { area }), post('/staff/contacts/:id/doctor', mend, { area, page: showDoctor })];

import { z } from 'zod';
import type { Person } from '../logins/people.ts';
import { findPerson } from '../logins/people.ts';
import { read } from '../platform/database.ts';
import { Refused } from '../platform/errors.ts';
import { readForm, refuse, required, text } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { fillTags, letterErrors, paragraphs, readLetter, saveLetter, tagNames, tagValues, withTags, type Letter } from './letter.ts';

const letterForm = z.object({
  subject: required(150).transform(withTags),
  body: required(8000).transform(withTags),
  version: z.coerce.number('forms.wrong').int('forms.wrong').min(0, 'forms.wrong').max(1e9, 'forms.wrong'),
});

async function showLetter(req: StaffRequest): Promise<Reply> {
  const letter = await readLetter(req.tenant);
  return page('invitation-letter/letter', { ...(await around(req)), letter, preview: await previewOf(req, letter) });
}

/** "Preview" shows what was typed and keeps nothing; "Save" is refused while the letter could not go out. */
async function save(req: StaffRequest): Promise<Reply> {
  const { version, ...letter } = readForm(letterForm, req.body, req.t);
  const values = valuesFor(req);
  const errors = letterErrors(letter, values, req.t);
  if (Object.keys(errors).length) throw new Refused(errors);
  if ((req.body as { preview?: unknown }).preview === 'yes') return page('invitation-letter/letter', { ...(await around(req)), letter: { ...letter, version }, preview: await previewOf(req, letter) });
  if (!(await saveLetter(letter, version, req.staff.staffId))) refuse('body', req.t('invitations.letter-meanwhile'));
  setFlash(req, 'success', req.t('invitations.letter-saved'));
  return seeOther('/staff/invitations/letter');
}

async function around(req: StaffRequest) {
  const values = valuesFor(req);
  return { title: req.t('invitations.letter-title'), tags: tagNames.map((name) => ({ name, value: values[name] })), search: askedFor(req) };
}

/** The letter as one real person gets it: the one that is asked for, else the first on file. */
async function previewOf(req: StaffRequest, letter: Letter) {
  const values = valuesFor(req);
  const person = await findReader(askedFor(req));
  const own = { ...values, ...(person ? { name: person.name } : {}) };
  return { person, subject: `${req.tenant.site.portalName} - ${fillTags(letter.subject, own)}`, parts: paragraphs(fillTags(letter.body, own)), problems: Object.values(letterErrors(letter, values, req.t)) };
}

function askedFor(req: StaffRequest): string {
  const given = req.method === 'POST' ? (req.body as { person?: unknown }).person : req.query['person'];
  return text(100).safeParse(given).data ?? '';
}

async function findReader(asked: string): Promise<Person | undefined> {
  const like = `%${asked.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const rows = await read<{ id: string }>(
    'letter-reader',
    `select c.id from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
      where c.may_sign_in and a.stage in ('active', 'suspended') and c.email like '%@%' and c.test_until is null and (concat_ws(' ', c.first_name, c.last_name) ilike $1 or c.email ilike $1 or a.number ilike $1) order by c.id limit 1`,
    [like],
  );
  return rows[0] && findPerson(rows[0].id);
}

const valuesFor = (req: StaffRequest) => tagValues(req.outside, req.tenant, req.tenant.site.translate(req.tenant.site.language()));

const area = 'invitations';
export const letterRoutes = [get('/staff/invitations/letter', showLetter, { area }), post('/staff/invitations/letter', save, { area, page: showLetter })];

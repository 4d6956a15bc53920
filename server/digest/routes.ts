import { z } from 'zod';
import { read, run } from '../platform/database.ts';
import { checkbox, dayCursor, readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { listEndingCards, readDigest } from './read-digest.ts';
import { sentenceOf } from './words.ts';

const pageSize = 50;

async function showDigest(req: StaffRequest): Promise<Reply> {
  const lines = await readDigest(req.tenant.site, req.staff);
  const [own] = await read<{ wants: boolean }>('wants-digest', `select coalesce(wants_digest, role = 'owner') as wants from app.staff_users where id = $1`, [req.staff.staffId]);
  return page('digest/digest', { title: req.t('digest.title'), lines: lines.map((line) => ({ ...line, words: sentenceOf(line, req.t, req.formats) })), wants: own?.wants ?? false });
}

/** Each for themselves: whether it comes by mail. */
async function saveWish(req: StaffRequest): Promise<Reply> {
  const { wants } = readForm(z.object({ wants: checkbox }), req.body, req.t);
  await run('update app.staff_users set wants_digest = $2 where id = $1', [req.staff.staffId, wants]);
  setFlash(req, 'success', req.t(wants ? 'digest.comes' : 'digest.stays-away'));
  return seeOther('/staff/digest');
}

async function showCards(req: StaffRequest): Promise<Reply> {
  const after = dayCursor.safeParse(req.query['after']).data ?? null;
  const rows = await listEndingCards(req.tenant.site, after, pageSize + 1);
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
  return page('digest/cards', { title: req.t('digest.cards-title'), rows: rows.slice(0, pageSize), next: last ? `${last.endsOn}_${last.id}` : '', today: req.tenant.site.today() });
}

const home = { area: 'home' } as const;
export const digestRoutes = [get('/staff/digest', showDigest, home), post('/staff/digest', saveWish, { ...home, page: showDigest }), get('/staff/digest/cards', showCards, { area: 'invoices' })];

import { z } from 'zod';
import { refuse, required, text, readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { readStored } from '../settings-drafts/draft.ts';
import { listChanges } from '../staff-settings/changes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { listLookable, startLook } from './look.ts';

export const lookingInFeature: Feature = {
  key: 'looking-in',
  staff: [
    get('/staff/preview', choosePreview, { area: 'settings' }),
    post('/staff/preview', startPreview, { area: 'settings', page: choosePreview }),
  ],
};

async function choosePreview(req: StaffRequest): Promise<Reply> {
  const search = text(100).safeParse(req.query['q']).data ?? '';
  const stored = await readStored();
  const count = listChanges(stored.published, stored.draft, req).length;
  const accounts = await listLookable(search);
  return page('looking-in/choose', { title: req.t('looking-in.title'), search, accounts, count });
}

async function startPreview(req: StaffRequest): Promise<Reply> {
  const { account } = readForm(z.object({ account: required(100, { anyNumber: true }) }), req.body, req.t);
  if (!(await startLook(req, 'preview', { accountNumber: account, minutes: 60 }))) refuse('account', req.t('looking-in.no-such'));
  return seeOther('/');
}

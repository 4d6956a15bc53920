import { readFile } from 'node:fs/promises';
import { refuse } from '../platform/forms.ts';
import { file, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { readStored, saveDraft } from '../settings-drafts/draft.ts';
import { showSection } from '../staff-settings/feature.ts';
import { textOf } from '../staff-settings/form.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { drawAnew, type PictureKind } from './picture.ts';
import { drawSample } from './sample.ts';
import { pictureKey } from './serve-pictures.ts';

const area = 'settings';
const mostBytes = 4_000_000;
const kinds = ['logo', 'banner'] as const;

/** What makes a portal look like its organization: logo, banner and colour. */
export const brandFeature: Feature = {
  key: 'brand',
  staff: [
    get('/staff/settings/portal/sample.svg', showSample, { area }),
    ...kinds.flatMap((kind) => [
      post(`/staff/settings/portal/${kind}`, (req: StaffRequest) => upload(req, kind), { area, page: showPortal, outside: true, upload: { field: 'picture', bytes: mostBytes } }),
      post(`/staff/settings/portal/${kind}/removal`, (req: StaffRequest) => keep(req, kind, ''), { area, page: showPortal, outside: true }),
    ]),
  ],
};

/** Saved like any other change: clients see it once it is published. */
async function upload(req: StaffRequest, kind: PictureKind): Promise<Reply> {
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.staff.signInId}`);
  if (!req.file) refuse(`portal.${kind}`, req.t('brand.no-file'));
  const picture = await drawAnew(await readFile(req.file.path), kind);
  if (!picture) refuse(`portal.${kind}`, req.t('brand.wrong-file'));
  await req.outside.files.put(pictureKey(req.tenant.id, picture.name), picture.content);
  return keep(req, kind, picture.name);
}

async function keep(req: StaffRequest, kind: PictureKind, name: string): Promise<Reply> {
  await again(req, async () => {
    const stored = await readStored('for update');
    await saveDraft(stored, { ...stored.draft, [`portal.${kind}`]: name }, req.staff);
  });
  setFlash(req, 'info', req.t('settings.saved'));
  return seeOther(`/staff/settings/portal#portal.${kind}`);
}

function showPortal(req: StaffRequest): Promise<Page> {
  req.params['section'] = 'portal';
  return showSection(req);
}

/** The page asks for it again while a colour is chosen. */
async function showSample(req: StaffRequest): Promise<Reply> {
  const { draft } = await readStored();
  const asked = textOf(req.query['colour']);
  const colour = /^#[0-9a-f]{6}$/i.test(asked) ? asked : draft['portal.brand_color'];
  const words = { name: draft['portal.display_name'], button: req.t('home.make-payment'), link: req.t('home.view-last-invoice') };
  return file({ name: 'sample.svg', type: 'image/svg+xml', inline: true, make: async () => drawSample(colour, words) });
}

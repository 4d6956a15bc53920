import { NotFound, Refused } from '../platform/errors.ts';
import { text } from '../platform/forms.ts';
import { page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { isSame, readSeen, readStored, saveDraft, seenOf, writeDraft, type Stored } from '../settings-drafts/draft.ts';
import { isMoneyPosted, listVersions, publishDraft, readVersion, returnToVersion } from '../settings-drafts/publication.ts';
import { listWideEffects, readEffects, type WideEffect } from '../settings-drafts/wide-effects.ts';
import type { SettingsDocument } from '../settings/schema.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { forgetTenant } from '../tenancy/tenant.ts';
import { again } from '../walk/walk.ts';
import { listChanges } from './changes.ts';
import { Edit, editedRows, fieldsOf, namesIn, sections, type Section } from './fields.ts';
import { findSettings, listSettings } from './find-settings.ts';
import { readValues, textOf, type Posted } from './form.ts';
import { mayNameStripeAccount } from './stripe-account.ts';
import { isList, labelMax, readList } from './tabs.ts';

export const settingsFeature: Feature = {
  key: 'settings',
  staffLink: { path: '/staff/settings', icon: 'sliders', label: (t) => t('settings.title'), area: 'settings' },
  staff: [
    get('/staff/settings', showOverview, { area: 'settings' }),
    post('/staff/settings/publication', publish, { area: 'settings', outside: true, page: showOverview }),
    post('/staff/settings/cancellation', discard, { area: 'settings', page: showOverview }),
    get('/staff/settings/versions', showVersions, { area: 'settings' }),
    get('/staff/settings/versions/:version', showReturn, { area: 'settings' }),
    post('/staff/settings/versions/:version/publication', goBack, { area: 'settings', outside: true, page: showReturn }),
    get('/staff/settings/:section', showSection, { area: 'settings' }),
    post('/staff/settings/:section', saveSection, { area: 'settings', outside: true, page: showSection }),
  ],
};

async function showOverview(req: StaffRequest): Promise<Reply> {
  const stored = await readStored();
  const effects = await listWideEffects(stored.published, stored.draft, req.t);
  const search = text(100).safeParse(req.query['q']).data ?? '';
  const all = listSettings(stored.published, req);
  const isOwnAsked = req.query['own'] === 'yes';
  const found = search ? findSettings(all, search, req) : isOwnAsked ? all.filter(({ isOwn }) => isOwn) : null;
  const ownCount = all.filter(({ isOwn }) => isOwn).length;
  return page('staff-settings/overview', { title: req.t('settings.title'), ...barOf(req, stored), search, found, ownCount, effects, confirmed: readEffects(effects) });
}

export async function showSection(req: StaffRequest): Promise<Page> {
  const section = sectionOf(req);
  const stored = await readStored();
  const edit = new Edit(req.typed ?? {}, stored);
  const changed = new Set(listChanges(stored.published, stored.draft, req).map(({ name }) => name));
  const lists = namesIn(section).filter(isList).map((name) => ({ name, isChanged: changed.has(name), rows: editedRows(name, edit, req) }));
  return page('staff-settings/section', {
    title: req.t(`settings.section-${section}`),
    ...barOf(req, stored),
    section, lists, labelMax,
    fields: fieldsOf(section, stored, edit, req),
  });
}

async function saveSection(req: StaffRequest): Promise<Reply> {
  const section = sectionOf(req);
  const body = req.body as Posted;
  const version = await again(req, async (): Promise<number | null | undefined | 'asked'> => {
    const stored = await readStored('for update');
    const wanted = { ...stored.draft, ...readSection(section, body, stored, req) };
    await demandStripeAccount(wanted, stored, req);
    const isPublishing = body['publish'] === 'yes';
    // Sent twice, the second finds nothing left to do: that is no reason to complain.
    if (!isSame(wanted, isPublishing ? stored.published : stored.draft)) refuseUnseen(req, stored);
    await refuseOtherCurrency(req, stored, wanted);
    const saved = await saveDraft(stored, wanted, req.staff);
    if (!isPublishing) return undefined;
    return (await listWideEffects(saved.published, saved.draft, req.t)).length ? 'asked' : publishDraft(saved, req.staff);
  });
  if (version === 'asked') return askFirst(req);
  tell(req, version);
  if (body['preview'] === 'yes') return seeOther('/staff/preview');
  const [moved] = /^[a-z.-]+(?= (up|down)$)/.exec(textOf(body['move'])) ?? [];
  return seeOther(`/staff/settings/${section}${moved ? `#${moved}` : ''}`);
}

/** A new one only where the operator has given it to this organization; it is asked again whenever money moves. */
async function demandStripeAccount(wanted: SettingsDocument, { draft }: Stored, { t }: StaffRequest): Promise<void> {
  const account = wanted['payments.stripe_account'];
  if (account !== draft['payments.stripe_account'] && !(await mayNameStripeAccount(account))) throw new Refused({ 'payments.stripe_account': t('settings.error-stripe-account-not-ours') });
}

async function publish(req: StaffRequest): Promise<Reply> {
  const version = await again(req, async () => {
    const stored = await readStored('for update');
    refuseUnseen(req, stored);
    refuseUnread(req, await listWideEffects(stored.published, stored.draft, req.t));
    return publishDraft(stored, req.staff);
  });
  tell(req, version);
  return seeOther('/staff/settings');
}

async function discard(req: StaffRequest): Promise<Reply> {
  refuseUnseen(req, await readStored('for update'));
  await writeDraft(null, req.staff);
  setFlash(req, 'info', req.t('settings.discarded'));
  return seeOther('/staff/settings');
}

async function showVersions(req: StaffRequest): Promise<Reply> {
  const after = numberOf(textOf(req.query['after']));
  const { version } = await readStored();
  const { rows, next } = await listVersions(after);
  const versions = rows.map((row) => ({ ...row, isCurrent: row.version === version, changes: row.before ? listChanges(row.before, row.document, req) : [] }));
  return page('staff-settings/versions', { title: req.t('settings.versions'), sections, versions, next });
}

async function goBack(req: StaffRequest): Promise<Reply> {
  const wanted = numberOf(textOf(req.params['version']));
  if (!wanted) throw new NotFound('no such version');
  const version = await again(req, async () => {
    const stored = await readStored('for update');
    const document = await readVersion(wanted);
    if (!document) throw new NotFound('no such version');
    refuseUnread(req, await listWideEffects(stored.published, document, req.t));
    return returnToVersion(stored, wanted, req.staff);
  });
  if (version === undefined) throw new NotFound('no such version');
  tell(req, version);
  return seeOther('/staff/settings/versions');
}

/** What returning to a version changes, and whom it touches. */
async function showReturn(req: StaffRequest): Promise<Reply> {
  const version = numberOf(textOf(req.params['version']));
  const document = version && (await readVersion(version));
  if (!document) throw new NotFound('no such version');
  const { published } = await readStored();
  const effects = await listWideEffects(published, document, req.t);
  return page('staff-settings/return', { title: req.t('settings.return-title', { version }), sections, version, changes: listChanges(published, document, req), effects, confirmed: readEffects(effects) });
}

const numberOf = (given: string): number | undefined => (/^\d{1,9}$/.test(given) ? Number(given) : undefined);

function sectionOf(req: StaffRequest): Section {
  const section = sections.find((one) => one === req.params['section']);
  if (!section) throw new NotFound('no such section');
  return section;
}

/** What every settings page says about the draft. */
function barOf(req: StaffRequest, stored: Stored) {
  const { version, publishedAt, touchedBy, touchedAt } = stored;
  const edit = new Edit(req.typed ?? {}, stored);
  const pending = listChanges(stored.published, stored.draft, req);
  return { sections, pending, seen: seenOf(stored), meanwhile: edit.meanwhile(req), version, publishedAt, touchedBy, touchedAt };
}

function readSection(section: Section, body: Posted, stored: Stored, req: StaffRequest) {
  const names = namesIn(section);
  const { values, errors } = readValues(names.filter((name) => !isList(name)), body, req.t);
  const lists = names.filter(isList).map((name) => ({ name, ...readList(name, body, { current: stored.draft[name], published: stored.published[name] }, req) }));
  const given = Object.fromEntries(lists.map(({ name, value }) => [name, value]));
  return unlessRefused({ ...values, ...given }, Object.assign({ ...errors }, ...lists.map((list) => list.errors)) as Record<string, string>);
}

function unlessRefused<Values>(values: Values, errors: Readonly<Record<string, string>>): Values {
  if (Object.keys(errors).length) throw new Refused(errors);
  return values;
}

/** Somebody else has changed the draft since this reader's page was drawn. */
function refuseUnseen(req: StaffRequest, stored: Stored): void {
  const seen = readSeen((req.body as Posted)['seen']);
  if (isSame(seen, stored.draft)) return;
  const { touchedBy: name, touchedAt: at } = stored;
  const who = name && at ? req.t('settings.meanwhile-by', { name, at: req.formats.dateTime(at) }) : req.t('settings.meanwhile');
  throw new Refused({ '': who });
}

/** What touches many is published only by whoever has read it, and read exactly that. */
function refuseUnread(req: StaffRequest, effects: readonly WideEffect[]): void {
  if (readEffects(effects) !== textOf((req.body as Posted)['confirmed'])) throw new Refused({ '': req.t('settings.effects-ask') });
}

function askFirst(req: StaffRequest): Reply {
  setFlash(req, 'warning', req.t('settings.effects-saved'));
  return seeOther('/staff/settings');
}

/** Amounts that are posted are in the currency they were posted in. */
async function refuseOtherCurrency(req: StaffRequest, { published }: Stored, wanted: SettingsDocument): Promise<void> {
  if (wanted['tenant.currency'] !== published['tenant.currency'] && (await isMoneyPosted())) throw new Refused({ 'tenant.currency': req.t('settings.error-currency-locked') });
}

/** Says what came of it. After a publication this process forgets what it kept, so that its own next page is already new. */
function tell(req: StaffRequest, version: number | null | undefined): void {
  if (version === undefined) return setFlash(req, 'info', req.t('settings.saved'));
  if (version === null) return setFlash(req, 'info', req.t('settings.nothing-to-publish'));
  forgetTenant(req.tenant.slug);
  return setFlash(req, 'success', req.t('settings.published', { version }));
}

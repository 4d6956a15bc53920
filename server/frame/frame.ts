import type { Request } from 'express';
import { csrfToken, takeFlash } from '../platform/session.ts';
import { iconsOfPage } from '../platform/icons.ts';
import { draw } from '../platform/views.ts';
import { assetPath } from '../platform/assets.ts';
import { languageOf, translator } from '../platform/text.ts';
import { areas, mayEnter } from '../staff-users/permissions.ts';
import { tabsFor } from './tabs.ts';
import { faviconOf } from './theme.ts';

/**
 * Draws a view inside its layout, with everything that a view of this request may use beside its own data. The page that a tab
 * leads to is called what the organization calls the tab.
 */
export function drawPage(req: Request, view: string, given: Readonly<Record<string, unknown>>, layout: string): string {
  const frame = frameOf(req);
  const data = { ...given, title: frame.tabs.find((tab) => tab.path === req.path)?.label ?? given['title'] };
  return draw(`layouts/${layout}`, { ...data, body: draw(view, data, frame) }, frame);
}

/** Draws a page that belongs to no organization, in the language the browser asks for. */
export function drawPlain(req: Request, view: string, titleKey: string, data: Readonly<Record<string, unknown>>): string {
  const language = languageOf(req.acceptsLanguages('en', 'es') || 'en');
  const t = translator(language);
  const frame = { t, ...iconsOfPage(), asset: assetPath, language, path: req.path, query: req.query, errors: {}, typed: {} };
  return draw('layouts/plain', { title: t(titleKey), body: draw(view, data, frame) }, frame);
}

function frameOf(req: Request) {
  const { site } = req.tenant;
  return {
    t: req.t,
    ...iconsOfPage(),
    ...livePage(),
    asset: assetPath,
    ...req.formats,
    language: req.language,
    site,
    tenant: req.tenant,
    origin: req.origin,
    path: req.path,
    query: req.query,
    person: req.person,
    account: req.account,
    staff: req.staff,
    looking: req.looking,
    tabs: req.person ? tabsFor(req.features, site, req.path, req.existing ?? new Set(), req.t) : [],
    staffLinks: req.staff ? staffLinks(req) : [],
    csrf: req.person || req.staff ? csrfToken(req, req.account?.id) : '',
    flash: takeFlash(req),
    errors: req.errors ?? {},
    typed: req.typed ?? {},
    theme: themeOf(req),
    favicon: faviconOf(site),
  };
}

/** A part that asks for itself again while work goes on says so: the head of its page has to bring what that needs. */
function livePage() {
  let isLive = false;
  return { goLive: () => (isLive = true), isLive: () => isLive };
}

/** In the order of the areas: home, people, money, messages, what is set up once. */
function staffLinks(req: Request) {
  const links = req.features.flatMap(({ staffLink }) => (staffLink && req.staff && mayEnter(req.staff, staffLink.area) ? [staffLink] : []));
  const place = areas.map(String);
  return links.toSorted((one, other) => place.indexOf(one.area) - place.indexOf(other.area)).map((staffLink) => {
    const current = req.path === staffLink.path || (staffLink.path !== '/staff' && req.path.startsWith(`${staffLink.path}/`));
    return { path: staffLink.path, icon: staffLink.icon, label: staffLink.label(req.t), current };
  });
}

/** 'light' or 'dark' when the reader has chosen, else '' (the device decides). */
function themeOf(req: Request): string {
  return /(?:^|; )theme=(light|dark)(?:;|$)/.exec(req.get('cookie') ?? '')?.[1] ?? '';
}

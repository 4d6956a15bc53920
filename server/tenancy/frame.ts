import type { Request } from 'express';
import { csrfToken, takeFlash } from '../platform/session.ts';
import { icon } from '../platform/icons.ts';
import { draw } from '../platform/views.ts';
import { assetPath } from '../platform/assets.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import { tabsFor } from './feature.ts';

/** Draws a view inside its layout, with everything that a view of this request may use beside its own data. */
export function drawPage(req: Request, view: string, data: Readonly<Record<string, unknown>>, layout: string): string {
  const frame = frameOf(req);
  return draw(`layouts/${layout}`, { ...data, body: draw(view, data, frame) }, frame);
}

function frameOf(req: Request): object {
  const { site } = req.tenant;
  return {
    t: req.t,
    icon,
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
    tabs: req.person ? tabsFor(req.features, site, req.path, req.existing ?? new Set(), req.t) : [],
    staffLinks: req.staff ? staffLinks(req) : [],
    csrf: req.person || req.staff ? csrfToken(req) : '',
    flash: takeFlash(req),
    errors: req.errors ?? {},
    typed: req.typed ?? {},
    theme: themeOf(req),
  };
}

function staffLinks(req: Request) {
  return req.features.flatMap(({ staffLink }) => {
    if (!staffLink || !req.staff || !mayEnter(req.staff, staffLink.area)) return [];
    const current = req.path === staffLink.path || (staffLink.path !== '/staff' && req.path.startsWith(`${staffLink.path}/`));
    return [{ path: staffLink.path, icon: staffLink.icon, label: staffLink.label(req.t), current }];
  });
}

/** 'light' or 'dark' when the reader has chosen, else '' (the device decides). */
function themeOf(req: Request): string {
  return /(?:^|; )theme=(light|dark)(?:;|$)/.exec(req.get('cookie') ?? '')?.[1] ?? '';
}

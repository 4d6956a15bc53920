import type { RequestHandler } from 'express';
import type { Site } from '../site/site.ts';
import { contrast, onColor, pointedAt, readableOn, rgb } from '../platform/colour.ts';

/** What portico.css calls --page and --surface: brand-coloured text has to be readable on both. */
export const grounds = {
  light: { page: '#ffffff', surface: '#f4f5f7' },
  dark: { page: '#16181d', surface: '#1f2228' },
} as const;

/** The organization's colour as a stylesheet, corrected so that it stays readable in light and dark. The address carries the settings version. */
export const serveTheme: RequestHandler = (req, res) => {
  // A process that has not heard of the newest version yet must not let its colour be kept under that version's name.
  const isNamed = !req.looking && req.query['v'] === String(req.tenant.site.version);
  res.set('Cache-Control', isNamed ? 'public, max-age=31536000, immutable' : 'no-store').type('css').send(themeCss(req.tenant.site.brandColor));
};

export function themeCss(brand: string): string {
  const { light, dark } = { light: declarations(brand, 'light'), dark: declarations(brand, 'dark') };
  return `:root,[data-bs-theme=light]{${light}}[data-bs-theme=dark]{${dark}}`;
}

/** A square of the organization's colour with its first letter, for the browser's tab. */
export function faviconOf(site: Named): string {
  const drawn = favicons.get(site) ?? drawFavicon(site.displayName, site.brandColor);
  favicons.set(site, drawn);
  return drawn;
}

type Named = Pick<Site, 'displayName' | 'brandColor'>;

/** It stands on every page, and a Site never changes. */
const favicons = new WeakMap<Named, string>();

function drawFavicon(name: string, brand: string): string {
  const letter = (Array.from(name.trim())[0] ?? '').toUpperCase().replace(/[&<>]/g, '');
  const text = `<text x="16" y="23" text-anchor="middle" font-family="system-ui,sans-serif" font-weight="600" font-size="20" fill="${onColor(brand)}">${letter}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${brand}"/>${text}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function declarations(brand: string, mode: keyof typeof grounds): string {
  return Object.entries(shadesOf(brand, mode)).map(([name, value]) => `--${name}:${value}`).join(';');
}

/**
 * brand: as chosen, for buttons; on-brand: text on it; brand-edge: its outline where the page is nearly as light or dark; brand-text:
 * it as text; band and on-band: the header, which in the dark gives up a colour that would glare.
 */
export function shadesOf(brand: string, mode: keyof typeof grounds): Record<string, string> {
  const text = readableOn(grounds[mode].surface, brand);
  const glares = mode === 'dark' && contrast(brand, grounds.dark.page) > 9;
  return {
    brand,
    'brand-rgb': rgb(brand),
    band: glares ? grounds.dark.surface : brand,
    'on-band': glares ? text : onColor(brand),
    'on-brand': onColor(brand),
    'brand-strong': pointedAt(brand),
    'brand-edge': readableOn(grounds[mode].surface, brand, 3.1),
    'brand-text': text,
    'brand-text-rgb': rgb(text),
  };
}

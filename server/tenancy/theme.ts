import type { RequestHandler } from 'express';
import { onColor, readableOn, rgb } from '../platform/colour.ts';

/** The organization's colour as a stylesheet, corrected so that it stays readable in light and dark. The address carries the settings version. */
export const serveTheme: RequestHandler = (req, res) => {
  const brand = req.tenant.site.brandColor;
  const light = readableOn('#ffffff', brand);
  const dark = readableOn('#16181d', brand);
  res.set('Cache-Control', 'public, max-age=31536000, immutable').type('css');
  res.send(`:root,[data-bs-theme=light]{${variables(light, brand)}}[data-bs-theme=dark]{${variables(dark, brand)}}`);
};

/** brand: the colour as chosen, for areas; on-brand: the text on it; brand-text: the colour as text on the page. */
function variables(text: string, brand: string): string {
  return `--brand:${brand};--on-brand:${onColor(brand)};--brand-text:${text};--brand-text-rgb:${rgb(text)};--brand-rgb:${rgb(brand)}`;
}

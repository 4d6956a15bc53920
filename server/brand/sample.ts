import { grounds, shadesOf } from '../frame/theme.ts';
import { readableOn } from '../platform/colour.ts';

interface Words {
  readonly name: string;
  readonly button: string;
  readonly link: string;
}

const width = 340;
const height = 144;

/** How header, button and link look in a colour, on light and on dark: a drawing for the settings page. */
export function drawSample(colour: string, words: Words): string {
  const halves = (['light', 'dark'] as const).map((mode, at) => `<g transform="translate(${at * width})">${half(colour, mode, words)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${height}" width="${2 * width}" height="${height}" font-family="system-ui,sans-serif" font-weight="600">${halves.join('')}</svg>`;
}

function half(colour: string, mode: keyof typeof grounds, { name, button, link }: Words): string {
  const shades = shadesOf(colour, mode);
  const { page } = grounds[mode];
  return `<rect width="${width}" height="${height}" fill="${page}"/><rect width="${width}" height="44" fill="${shades['band']}"/>
    <text x="16" y="28" font-size="15" fill="${shades['on-band']}">${plain(name.length > 30 ? `${name.slice(0, 29)}…` : name)}</text>
    <rect x="16.5" y="68.5" width="140" height="44" rx="8" fill="${shades['brand']}" stroke="${shades['brand-edge']}"/>
    <text x="86" y="95" text-anchor="middle" font-size="14" fill="${shades['on-brand']}">${plain(button)}</text>
    <text x="172" y="95" font-size="13" font-weight="400" text-decoration="underline" fill="${readableOn(page, shades['brand-text'] ?? colour)}">${plain(link)}</text>`;
}

const plain = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

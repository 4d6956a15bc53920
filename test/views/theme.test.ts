import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assert as always, constantFrom, integer, property } from 'fast-check';
import { describe, it } from 'mocha';
import { faviconOf, grounds, shadesOf, themeCss } from '../../server/frame/theme.ts';
import { contrast } from '../../server/platform/colour.ts';
import { signedInFamily } from '../support/world.ts';

const nasty = ['#ffff00', '#ffffff', '#000000', '#00ff00', '#00ffff', '#ff0000', '#ffc0cb', '#808080', '#7f7f00', '#0000ff', '#fefefe', '#16181d'];
const modes = ['light', 'dark'] as const;
const css = readFileSync(path.join(import.meta.dirname, '../../public/portico.css'), 'utf8');

describe('the organization\'s colour', () => {
  for (const mode of modes) {
    it(`text of it and on it can be read in ${mode}, whatever the colour`, () => {
      for (const brand of nasty) {
        const shades = shadesOf(brand, mode);
        const { page, surface } = grounds[mode];
        const pairs = [['brand-text', page], ['brand-text', surface], ['on-brand', shades['brand']], ['on-brand', shades['brand-strong']], ['on-band', shades['band']]];
        for (const [name = '', ground = ''] of pairs) assert.ok(contrast(shades[name] ?? '', ground) >= 4.5, `${brand}: ${name} on ${ground} is ${contrast(shades[name] ?? '', ground)}`);
      }
    });

    it(`edges and focus ring of it can be seen in ${mode}, whatever the colour`, () => {
      for (const brand of nasty) {
        const shades = shadesOf(brand, mode);
        const edge = Math.max(contrast(shades['brand-edge'] ?? '', grounds[mode].page), contrast(shades['brand'] ?? '', grounds[mode].page));
        assert.ok(edge >= 3, `${brand}: the edge of a button has ${edge}`);
        assert.ok(contrast(shades['on-band'] ?? '', shades['band'] ?? '') >= 3, `${brand}: the ring on the header`);
      }
    });
  }

  it('any colour whatever keeps text at 4.5 : 1 and edges at 3 : 1, light and dark', () => {
    const colour = integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`);
    always(property(colour, constantFrom(...modes), (brand, mode) => {
      const shades = shadesOf(brand, mode);
      const { page, surface } = grounds[mode];
      const of = (one: string, other: string) => contrast(shades[one] ?? one, shades[other] ?? other);
      const texts = [of('brand-text', page), of('brand-text', surface), of('on-brand', 'brand'), of('on-brand', 'brand-strong'), of('on-band', 'band')];
      const edges = [of('brand-edge', page), of('brand-edge', surface), of('brand-text', page)];
      return Math.min(...texts) >= 4.5 && Math.min(...edges) >= 3;
    }), { numRuns: 3000 });
  });

  it('the grounds that are reckoned with are those of the style sheet', () => {
    for (const mode of modes) {
      const block = new RegExp(`\\[data-bs-theme=${mode}\\] \\{[^}]*--page: ${grounds[mode].page}; --surface: ${grounds[mode].surface};`);
      assert.match(css, block);
    }
  });

  it('the words of the style sheet\'s own colours can be read, too', () => {
    for (const [at, mode] of modes.entries()) {
      const block = css.split('--page:')[at + 1] ?? '';
      for (const name of ['ink', 'quiet', 'good', 'wait', 'act']) {
        const colour = new RegExp(`--${name}: (#\\w{6})`).exec(block)?.[1] ?? '';
        assert.ok(contrast(colour, grounds[mode].surface) >= 4.5, `${name} in ${mode}`);
      }
    }
  });

  it('the style sheet of a portal carries it, and its address changes with the settings', async () => {
    const { visitor } = await signedInFamily('lawncare', { 'portal.brand_color': '#12ab34' });
    const home = await visitor.get('/');
    const address = /href="(\/theme\.css\?v=\d+)"/.exec(home.text)?.[1] ?? '';
    const theme = await visitor.get(address);
    assert.match(theme.text, /--brand:#12ab34/);
    assert.match(theme.headers['cache-control'] ?? '', /immutable/);
  });

  it('a name cannot break out of the icon in the browser\'s tab', () => {
    assert.doesNotMatch(decodeURIComponent(faviconOf({ displayName: '<b>"', brandColor: '#000000' })), /<b>/);
    assert.match(themeCss('#ABCDEF'), /--brand:#ABCDEF/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { examine, type Form } from './examine.ts';
import { allPlaces, keepPlaces, packs, type Place } from './place.ts';
import { dealt, entriesWithoutRoute, isShownIn, looks, routesWithoutEntry, walkPages, type Look } from './walk-pages.ts';

/** `npm run test:pages` looks at every page in every pack and every form; `npm test` at every page once. */
const isLong = process.env['PAGES'] === 'all';
const short: Form[] = [{ width: 390, theme: 'light' }, { width: 1280, theme: 'dark' }];
const long: Form[] = [1280, 768, 390, 320].flatMap((width) => [{ width, theme: 'light' }, { width, theme: 'dark' }] as const);

const placeOf = keepPlaces();

/** The long way all that a pack shows; the short way its share of them. */
async function looksOf(place: Place): Promise<readonly Look[]> {
  return isLong ? looks.filter((look) => isShownIn(look, place)) : (dealt(await allPlaces(placeOf)).get(place.pack) ?? []);
}

describe('every page', function () {
  this.timeout(isLong ? 3_600_000 : 600_000);

  it('of the route list has an entry that says how it is reached', () => {
    assert.deepEqual(routesWithoutEntry, [], 'add a line to test/pages/catalogue.ts');
    assert.deepEqual(entriesWithoutRoute, []);
  });

  it('is shown by at least one of the packs', async () => {
    const places = await allPlaces(placeOf);
    assert.deepEqual(looks.filter((look) => !places.some((place) => isShownIn(look, place))).map(({ name }) => name), []);
  });

  for (const pack of packs) {
    it(`of ${pack} can be read by everybody, fits, and makes the browser complain of nothing`, async () => {
      const place = await placeOf(pack);
      const which = await looksOf(place);
      const started = Date.now();
      const found = await walkPages(place, which, (opened) => examine(opened, isLong ? long : short));
      if (isLong) process.stdout.write(`      ${pack}: ${which.length} pages, ${long.length} forms each, ${Math.round((Date.now() - started) / 1000)} s\n`);
      assert.deepEqual(found, {});
    });
  }
});

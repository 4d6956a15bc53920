import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { examine, type Form } from './examine.ts';
import { makePlace, packs, type Place } from './place.ts';
import { dealt, entriesWithoutRoute, isShownIn, looks, routesWithoutEntry, walkPages } from './walk-pages.ts';

/** `npm run test:pages` looks at every page in every pack and every form; `npm test` at every page once. */
const isLong = process.env['PAGES'] === 'all';
const short: Form[] = [{ width: 390, theme: 'light' }, { width: 1280, theme: 'dark' }];
const long: Form[] = [1280, 768, 390, 320].flatMap((width) => [{ width, theme: 'light' }, { width, theme: 'dark' }] as const);

describe('every page', function () {
  this.timeout(isLong ? 7_200_000 : 600_000);
  let places: Place[];

  before(async () => {
    places = [];
    for (const pack of packs) places.push(await makePlace(pack));
  });

  it('of the route list has an entry that says how it is reached', () => {
    assert.deepEqual(routesWithoutEntry, [], 'add a line to test/pages/catalogue.ts');
    assert.deepEqual(entriesWithoutRoute, []);
  });

  it('is shown by at least one of the packs', () => {
    assert.deepEqual(looks.filter((look) => !places.some((place) => isShownIn(look, place))).map(({ name }) => name), []);
  });

  for (const [at, pack] of packs.entries()) {
    it(`of ${pack} can be read by everybody, fits, and makes the browser complain of nothing`, async () => {
      const place = places[at] as Place;
      const which = isLong ? looks.filter((look) => isShownIn(look, place)) : (dealt(places).get(pack) ?? []);
      const started = Date.now();
      const found = await walkPages(place, which, (opened) => examine(opened, isLong ? long : short));
      if (isLong) process.stdout.write(`      ${pack}: ${which.length} pages, ${long.length} forms each, ${Math.round((Date.now() - started) / 1000)} s\n`);
      assert.deepEqual(found, {});
    });
  }
});

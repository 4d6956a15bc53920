import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { mochaGlobalSetup, mochaGlobalTeardown } from '../support/global.ts';
import { show, type Form } from './examine.ts';
import { makePlace, packs } from './place.ts';
import { isShownIn, looks, walkPages, type Opened } from './walk-pages.ts';

/*
 * npm run shots [filter]: a picture of each page as var/shots/<pack>/<page>-<form>.png. The filter is a part of '<pack> <page>', such as
 * 'studio', '/invoices' or 'cloud /staff'.
 */
const [filter = ''] = process.argv.slice(2);
const forms: Form[] = [{ width: 1280, theme: 'light' }, { width: 390, theme: 'light' }, { width: 1280, theme: 'dark' }];

await mochaGlobalSetup();
for (const pack of packs.filter((name) => looks.some((look) => isAsked(name, look.name)))) {
  const place = await makePlace(pack);
  const which = looks.filter((look) => isShownIn(look, place) && isAsked(pack, look.name));
  await mkdir(path.join('var/shots', pack), { recursive: true });
  for (const [name, faults] of Object.entries(await walkPages(place, which, take))) process.stdout.write(`${name}: ${faults.join('; ')}\n`);
  process.stdout.write(`var/shots/${pack}: ${which.length} pages\n`);
}
await mochaGlobalTeardown();
process.exit();

function isAsked(pack: string, page: string): boolean {
  return `${pack} ${page}`.includes(filter);
}

async function take({ page, place, look }: Opened): Promise<string[]> {
  const name = look.name === '/' ? 'home' : look.name.slice(1).replace(/[^\w.-]+/g, '-');
  for (const form of forms) {
    await show(page, form);
    await page.screenshot({ path: path.join('var/shots', place.pack, `${name}-${form.width}-${form.theme}.png`), fullPage: true });
  }
  return [];
}

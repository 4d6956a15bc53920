import type { Page } from 'playwright-core';
import { catalogue } from '../../server/platform/text.ts';
import { accessibilityFaults } from '../support/browser.ts';
import type { Opened } from './walk-pages.ts';

export interface Form {
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

const heights: Readonly<Record<number, number>> = { 320: 640, 390: 844, 768: 1024, 1280: 900 };

/** Draws the page in another size and theme without asking for it again. */
export async function show(page: Page, { width, theme }: Form): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize({ width, height: heights[width] ?? 900 });
}

/** What is wrong with an opened page, in each of the forms: for readers of all kinds, in width, in words, for the browser. */
export async function examine({ page, problems, look }: Opened, forms: readonly Form[]): Promise<string[]> {
  const found = await wordFaults(page, look.entry.explainsBraces);
  const seen = new Set<number>();
  for (const form of forms) {
    await show(page, form);
    // A bar that stays in view covers the end of a list until one comes there.
    await page.evaluate(`if (document.querySelector('.total-bar, .record-actions')) scrollTo(0, document.body.scrollHeight)`);
    const wide = await widthFaults(page);
    // In the other theme of a width only the colours are others.
    const faults = await accessibilityFaults(page, seen.has(form.width) ? 'color-contrast' : undefined);
    seen.add(form.width);
    found.push(...[...faults, ...wide].map((fault) => `${form.width} ${form.theme}: ${fault}`));
  }
  found.push(...(await focusFaults(page)), ...(await rightToLeftFaults(page, seen)));
  return [...found, ...problems];
}

/** What sticks out when the page can be scrolled sideways. */
export function widthFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth, dir } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.querySelectorAll('body *')].filter((one) => { const { left, right, width } = one.getBoundingClientRect(); return width && (dir === 'rtl' ? left < -1 : right > clientWidth + 1); });
    return ['scrolls sideways, ' + scrollWidth + ' px: ' + out.slice(0, 4).map((one) => one.tagName.toLowerCase() + (one.className ? '.' + String(one.className.baseVal ?? one.className).split(' ').join('.') : '')).join(', ')];
  })()`);
}

/** What the keyboard cannot reach, or reaches without a ring that can be seen. */
function focusFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = [];
    const name = (one) => one.tagName.toLowerCase() + ' ' + (one.getAttribute('aria-label') || one.name || one.textContent.trim().slice(0, 30) || one.className);
    for (const one of document.querySelectorAll('a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary')) {
      if (!one.checkVisibility()) continue;
      one.focus({ focusVisible: true });
      const rings = [getComputedStyle(one), getComputedStyle(one, '::after'), getComputedStyle(one, '::before')];
      if (document.activeElement !== one) found.push('cannot be focused: ' + name(one));
      else if (!rings.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2)) found.push('has no focus ring: ' + name(one));
    }
    return found;
  })()`);
}

/** A language written from the right must not make the page wider. */
async function rightToLeftFaults(page: Page, widths: Iterable<number>): Promise<string[]> {
  await page.evaluate(`document.documentElement.dir = 'rtl'`);
  const found: string[] = [];
  for (const width of widths) {
    await show(page, { width, theme: 'light' });
    found.push(...(await widthFaults(page)).map((fault) => `from the right, ${width}: ${fault}`));
  }
  await page.evaluate(`document.documentElement.removeAttribute('dir')`);
  return found;
}

const folders = [...new Set([...catalogue('en').keys()].map((key) => key.slice(0, key.indexOf('.'))))];
const keys = new RegExp(`(?<![\\w.@/-])(?:${folders.join('|')})\\.(?!csv|pdf)[a-z][a-z-]+(?![\\w.@/-])`, 'g');

/** One title, in words that were meant for people: no code, no key of a text that is missing. */
export async function wordFaults(page: Page, explainsBraces = false): Promise<string[]> {
  const [titles, text] = await page.evaluate<[number, string]>(`[document.querySelectorAll('h1').length, document.title + '\\n' + document.body.innerText]`);
  const odd = [...text.matchAll(/\b(?:undefined|NaN|null)\b|\[object \w+\]/g), ...(explainsBraces ? [] : text.matchAll(/^.*(?<!\{)\{\w+\}(?!\}).*$/gm)), ...text.matchAll(keys)].map(([word]) => `says "${word}"`);
  return titles === 1 ? odd : [...odd, `${titles} titles`];
}

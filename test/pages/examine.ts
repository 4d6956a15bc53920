import type { Page } from 'playwright-core';
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
export async function examine({ page, problems }: Opened, forms: readonly Form[]): Promise<string[]> {
  const found = await wordFaults(page);
  for (const form of forms) {
    await show(page, form);
    const wide = await widthFaults(page);
    found.push(...[...(await accessibilityFaults(page)), ...wide].map((fault) => `${form.width} ${form.theme}: ${fault}`));
  }
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

/** One title, in words that were meant for people. */
export async function wordFaults(page: Page): Promise<string[]> {
  const [titles, text] = await page.evaluate<[number, string]>(`[document.querySelectorAll('h1').length, document.title + '\\n' + document.body.innerText]`);
  const odd = [...text.matchAll(/\b(?:undefined|NaN|null|\[object \w+\])\b|^.*\{\w+\}.*$/gm)].map(([word]) => `says "${word}"`);
  return titles === 1 ? odd : [...odd, `${titles} titles`];
}

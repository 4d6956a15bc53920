import type { Translate } from '../platform/text.ts';

/** 'Chrome on Windows', from what the browser calls itself. Good enough to tell the own devices apart, and no more. */
export function deviceInWords(userAgent: string, t: Translate): string {
  const browser = nameIn(browsers, userAgent);
  const system = nameIn(systems, userAgent);
  if (browser && system) return t('sign-ins.device', { browser, system });
  return browser ?? system ?? t('sign-ins.device-unknown');
}

export function isPhone(userAgent: string): boolean {
  return /iPhone|iPod|Android.*Mobile/.test(userAgent);
}

type Names = readonly (readonly [RegExp, string])[];

// In this order: most browsers also claim to be the ones further down.
const browsers: Names = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: Names = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Linux|X11/, 'Linux'],
];

function nameIn(names: Names, userAgent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(userAgent))?.[1];
}

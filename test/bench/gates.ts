import type { Slice } from './load.ts';
import type { PageResult, PagesRun, VariantName } from './run-pages.ts';
import { median, ratioOf, type Ratio } from './statistics.ts';

/** A promise in figures. `gate`: the command fails beyond it; `aim`: where we want to be. */
export interface Gate {
  readonly name: string;
  readonly value: Ratio;
  readonly gate: number;
  readonly aim: number;
  readonly better: 'more' | 'less';
}

/** Beyond the gate by more than its quartiles spread: then it is no noise. */
export function isMissed({ value, gate, better }: Gate): boolean {
  return better === 'more' ? value.high < gate : value.low > gate;
}

export const exactly = (value: number): Ratio => ({ middle: value, low: value, high: value });

export function pageGates({ results, idleMb }: PagesRun): Gate[] {
  const speed = (page: string, other: VariantName) => ratio(results, page, other, ({ perSecond }) => perSecond);
  const loaded = Math.max(...results.flatMap(({ slices }) => slices.product ?? []).map(({ memoryMb }) => memoryMb));
  return [
    { name: 'home, requests/s of (b)', value: speed('home', 'statement'), gate: 0.6, aim: 0.8, better: 'more' },
    { name: 'home, CPU of (b)', value: ratio(results, 'home', 'statement', cpuOf), gate: 1.6, aim: 1.5, better: 'less' },
    { name: 'invoice list, requests/s of (b)', value: speed('invoice list', 'statement'), gate: 0.65, aim: 0.75, better: 'more' },
    { name: 'sign-in page, requests/s of (b)', value: speed('sign-in page', 'statement'), gate: 0.6, aim: 0.8, better: 'more' },
    { name: 'home, requests/s of (c)', value: speed('home', 'idiomatic'), gate: 5, aim: 8, better: 'more' },
    { name: 'memory idle, MB', value: exactly(idleMb), gate: 140, aim: 140, better: 'less' },
    { name: 'memory loaded, MB', value: exactly(loaded), gate: 320, aim: 320, better: 'less' },
  ];
}

export const cpuOf = (slice: Slice): number => slice.appUs + slice.databaseUs + slice.redisUs;

export function ratio(results: readonly PageResult[], page: string, other: VariantName, of: (slice: Slice) => number): Ratio {
  const slices = results.find((result) => result.page === page)?.slices;
  return ratioOf((slices?.product ?? []).map(of), (slices?.[other] ?? []).map(of));
}

/** (b) against itself: when its own quartiles are far apart, the machine did other things meanwhile. */
export function isNoisy({ results }: PagesRun): boolean {
  const own = (results.find(({ page }) => page === 'home')?.slices.statement ?? []).map(({ perSecond }) => perSecond);
  const middle = median(own);
  const { low, high } = ratioOf(own, own.map(() => middle));
  return high / low > 1.4;
}

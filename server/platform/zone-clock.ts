import { keptForMany } from './kept.ts';

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/**
 * What the clocks of a zone show, as if it were UTC: an instant in milliseconds -> the instant at which a clock in Greenwich shows the
 * same. So days and times of day can be said once and kept. No zone changes its offset within a quarter of an hour (since 1972).
 */
export type ZoneClock = (at: number) => number;

export function zoneClock(zone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetOf = keptForMany((quarter: number) => offsetIn(format.format(quarter * 15 * minuteMs)));
  return (at) => at + offsetOf(Math.floor(at / (15 * minuteMs)));
}

/** '11/9/2026, GMT-05:00' -> that in milliseconds; Greenwich itself says 'GMT'. */
function offsetIn(said: string): number {
  const [, sign, hours, minutes, seconds = 0] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(said) ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds) * 1000);
}

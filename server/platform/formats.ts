import { keptForMany } from './kept.ts';

/** Ways to show figures and days to one reader. Formatters are costly to make, so each is made once and kept. */
export interface Formats {
  /** 'es-US': for what formats by itself, such as a chart. */
  readonly locale: string;
  /** Minor units and a currency code: (123450, 'USD') -> '$1,234.50'. */
  readonly money: (cents: number, currency?: string) => string;
  /** An ISO day: '2026-11-09' -> 'Nov 9, 2026'. */
  readonly date: (day: string | null | undefined) => string;
  /** An ISO day with its weekday when it is at most two months away: 'Mon, Nov 9', otherwise as date. */
  readonly nearDate: (day: string) => string;
  /** An instant in the reader's zone: 'Nov 9, 2026, 3:13 PM'. */
  readonly dateTime: (instant: Date | string) => string;
  /** An instant to the second, as in a log: '11/9/2023 3:13:00 PM'. Where the clock goes back, the hour that comes twice bears its zone. */
  readonly logTime: (instant: Date | string) => string;
  /** From one instant to another in the reader's zone: 'Tomorrow, 9:00 – 11:00 AM'. The zone is named where its clock is changed in between. */
  readonly window: (from: Date | string, to: Date | string) => string;
  /** The ISO day of an instant in the reader's zone. */
  readonly dayOf: (instant: Date | string) => string;
  readonly number: (value: number | string) => string;
  /** The zone in words: 'Eastern Time'. */
  readonly zoneName: string;
  /** The ISO day it is now in the zone. */
  readonly today: () => string;
}

const made = new Map<string, Formats>();

export function formatsFor(locale: string, currency: string, zone: string): Formats {
  const key = `${locale}|${currency}|${zone}`;
  let formats = made.get(key);
  if (!formats) made.set(key, (formats = makeFormats(locale, currency, zone)));
  return formats;
}

function makeFormats(locale: string, home: string, zone: string): Formats {
  const currencies = new Map<string, { formatter: Intl.NumberFormat; exponent: number }>();
  const currencyOf = (code: string) => {
    let found = currencies.get(code);
    if (!found) {
      const formatter = new Intl.NumberFormat(locale, { style: 'currency', currency: code });
      currencies.set(code, (found = { formatter, exponent: formatter.resolvedOptions().maximumFractionDigits ?? 2 }));
    }
    return found;
  };
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const near = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  const exact = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit', timeZone: zone } as const;
  const second = new Intl.DateTimeFormat(locale, exact);
  const zoned = new Intl.DateTimeFormat(locale, { ...exact, timeZoneName: 'short' });
  const isoDay = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: zone });
  const figures = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const today = dayNow(isoDay);
  // Inside a Spanish sentence the comma of 'jue, 1 de oct' would end a thought.
  const nearly = (said: string) => (locale.startsWith('es') ? said.replace(', ', ' ') : said);
  const dateOf = keptForMany((text) => day.format(Date.parse(text)));
  const nearDateOf = keptForMany((text) => nearly(near.format(Date.parse(text))));
  const nearDate = (text: string) => {
    const days = Math.abs(Date.parse(text) - Date.parse(today())) / 86_400_000;
    return days <= 60 ? nearDateOf(text) : dateOf(text);
  };
  return {
    locale,
    money: (cents, code = home) => {
      const { formatter, exponent } = currencyOf(code);
      return formatter.format(`${cents}E-${exponent}` as Intl.StringNumericLiteral);
    },
    date: (text) => (text ? dateOf(text) : ''),
    nearDate,
    window: windows(locale, zone, { nearDate, isoDay, today }),
    dayOf: (instant) => isoDay.format(new Date(instant)),
    dateTime: (instant) => moment.format(new Date(instant)),
    logTime: (instant) => logTime(new Date(instant).getTime(), second, zoned),
    number: (value) => figures.format(value as number),
    zoneName: zoneName(locale, zone),
    today,
  };
}

/** Asked many times for one page; days begin on whole minutes. */
function dayNow(isoDay: Intl.DateTimeFormat): () => string {
  let minute = 0;
  let day = '';
  return () => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, day] = [now, isoDay.format(now * 60_000)];
    return day;
  };
}

const hour = 3_600_000;

function logTime(at: number, second: Intl.DateTimeFormat, zoned: Intl.DateTimeFormat): string {
  const said = second.format(at);
  const comesTwice = said === second.format(at + hour) || said === second.format(at - hour);
  return (comesTwice ? zoned.format(at) : said).replace(', ', ' ').replaceAll('\u202f', ' ');
}

function zoneName(locale: string, zone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(0);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** Yesterday, today and tomorrow are said so. What ends at midnight ends on the day before. */
function windows(locale: string, zone: string, { nearDate, isoDay, today }: Pick<Formats, 'nearDate' | 'today'> & { readonly isoDay: Intl.DateTimeFormat }): Formats['window'] {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone });
  const zoned = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: zone, timeZoneName: 'short' });
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  // '11/9/2026, GMT-05:00'
  const offsetOf = (at: Date) => offset.format(at).split(', ')[1];
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const wordOf = (day: string) => {
    const days = Math.round((Date.parse(day) - Date.parse(today())) / 86_400_000);
    if (Math.abs(days) > 1) return nearDate(day);
    const word = relative.format(days, 'day');
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  };
  // Costly to say, and within a day it hangs on its two times alone.
  const range = keptForMany((_times, from: Date, to: Date) => time.formatRange(from, to));
  return (given, until) => {
    const [from, to] = [new Date(given), new Date(until)];
    const first = isoDay.format(from);
    const clock = offsetOf(from) === offsetOf(to) ? time : zoned;
    // A range of two days would be given with both of them.
    if (clock === time && first === isoDay.format(to)) return `${wordOf(first)}, ${range(`${time.format(from)} ${time.format(to)}`, from, to)}`;
    const last = isoDay.format(to.getTime() - 1);
    if (first === last) return `${wordOf(first)}, ${clock.format(from)} – ${clock.format(to)}`;
    return `${wordOf(first)}, ${clock.format(from)} – ${wordOf(last)}, ${clock.format(to)}`;
  };
}

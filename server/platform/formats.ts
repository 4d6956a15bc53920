import { keptBy, keptForMany } from './kept.ts';
import { dayMs, minuteMs, zoneClock, type ZoneClock } from './zone-clock.ts';

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
  const clock = zoneClock(zone);
  const figures = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const today = () => isoDayOf(clock(Date.now()));
  const says = wordsOfTime(locale);
  const nearDate = keptForToday(today, (text: string) => (daysBetween(text, today()) <= 60 ? says.near(text) : says.date(text)));
  return {
    locale,
    money: (cents, code = home) => {
      const { formatter, exponent } = currencyOf(code);
      return formatter.format(`${cents}E-${exponent}` as Intl.StringNumericLiteral);
    },
    date: (text) => (text ? says.date(text) : ''),
    nearDate,
    window: windows(locale, zone, { clock, says, nearDate, today }),
    dayOf: (instant) => isoDayOf(clock(instantOf(instant))),
    dateTime: (instant) => says.moment(clock(instantOf(instant))),
    logTime: logTimes(locale, zone, { clock, says }),
    number: (value) => figures.format(value as number),
    zoneName: zoneName(locale, zone),
    today,
  };
}

const instantOf = (instant: Date | string): number => new Date(instant).getTime();

/** '2026-11-09' of an instant in UTC. */
const isoDayOf = (at: number): string => isoDayNumbered(Math.floor(at / dayMs));
const isoDayNumbered = keptForMany((day: number) => new Date(day * dayMs).toISOString().slice(0, 10));
const daysBetween = (one: string, other: string): number => Math.abs(Date.parse(one) - Date.parse(other)) / dayMs;

/** What is said of a text today: 'tomorrow' is so for a day. */
function keptForToday<Given extends unknown[]>(today: () => string, say: (text: string, ...given: Given) => string): (text: string, ...given: Given) => string {
  const kept = keptForMany((_key: string, text: string, ...given: Given) => say(text, ...given));
  return (text, ...given) => kept(`${today()} ${text}`, text, ...given);
}

type WordsOfTime = ReturnType<typeof wordsOfTime>;

/** Days, by their ISO text, and times of day, by their minute, in a locale's words: each is said once. Instants are those of a zone's clock. */
const wordsOfTime = keptBy((locale) => {
  const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const [day, near, short] = [utc({ dateStyle: 'medium' }), utc({ weekday: 'short', day: 'numeric', month: 'short' }), utc({ year: 'numeric', month: 'numeric', day: 'numeric' })];
  const [time, exact] = [utc({ timeStyle: 'short' }), utc({ hour: 'numeric', minute: '2-digit', second: '2-digit' })];
  const between = utc({ dateStyle: 'medium', timeStyle: 'short' }).format(0).slice(day.format(0).length, -time.format(0).length);
  const date = keptForMany((text: string) => day.format(Date.parse(text)));
  const timeOf = keptForMany((minute: number) => time.format(minute * minuteMs));
  const minuteOf = (at: number) => Math.floor((at - Math.floor(at / dayMs) * dayMs) / minuteMs);
  const around = keptForMany((minute: number) => aroundSeconds(exact.formatToParts(minute * minuteMs)));
  // Inside a Spanish sentence the comma of 'jue, 1 de oct' would end a thought.
  const nearly = (said: string) => (locale.startsWith('es') ? said.replace(', ', ' ') : said);
  return {
    date,
    near: keptForMany((text: string) => nearly(near.format(Date.parse(text)))),
    time: (at: number) => timeOf(minuteOf(at)),
    moment: (at: number) => date(isoDayOf(at)) + between + timeOf(minuteOf(at)),
    shortDay: keptForMany((text: string) => short.format(Date.parse(text))),
    exactTime: (at: number) => around(minuteOf(at)).join(String(Math.floor(at / 1000) - Math.floor(at / minuteMs) * 60).padStart(2, '0')),
  };
});

/** What stands before the seconds of a time of day, and what after them. */
function aroundSeconds(parts: readonly Intl.DateTimeFormatPart[]): readonly [string, string] {
  const at = parts.findIndex(({ type }) => type === 'second');
  const textOf = (some: readonly Intl.DateTimeFormatPart[]) => some.map(({ value }) => value).join('');
  return [textOf(parts.slice(0, at)), textOf(parts.slice(at + 1))];
}

const hour = 3_600_000;

function logTimes(locale: string, zone: string, { clock, says }: { readonly clock: ZoneClock; readonly says: WordsOfTime }): Formats['logTime'] {
  const named = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' });
  const zoneAt = (at: number) => named.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? zone;
  return (instant) => {
    const at = instantOf(instant);
    const shown = clock(at);
    const comesTwice = shown === clock(at + hour) || shown === clock(at - hour);
    const said = `${says.shortDay(isoDayOf(shown))} ${says.exactTime(shown)}`.replaceAll('\u202f', ' ');
    return comesTwice ? `${said} ${zoneAt(at)}` : said;
  };
}

function zoneName(locale: string, zone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(0);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** Yesterday, today and tomorrow are said so. What ends at midnight ends on the day before. */
function windows(locale: string, zone: string, { clock, says, nearDate, today }: Pick<Formats, 'nearDate' | 'today'> & { readonly clock: ZoneClock; readonly says: WordsOfTime }): Formats['window'] {
  const zoned = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: zone, timeZoneName: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const wordOf = keptForToday(today, (day: string) => {
    const days = Math.round((Date.parse(day) - Date.parse(today())) / dayMs);
    if (Math.abs(days) > 1) return nearDate(day);
    const word = relative.format(days, 'day');
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  });
  // Costly to say, and within a day it hangs on its two times alone.
  const range = keptForMany((_times: string, from: number, to: number) => time.formatRange(from, to));
  return (given, until) => {
    const [from, to] = [instantOf(given), instantOf(until)];
    const [begins, ends] = [clock(from), clock(to)];
    const isShifted = ends - begins !== to - from;
    const first = isoDayOf(begins);
    // A range of two days would be given with both of them.
    if (!isShifted && first === isoDayOf(ends)) return `${wordOf(first)}, ${range(`${says.time(begins)} ${says.time(ends)}`, begins, ends)}`;
    const last = isoDayOf(clock(to - 1));
    const [start, end] = isShifted ? [zoned.format(from), zoned.format(to)] : [says.time(begins), says.time(ends)];
    return first === last ? `${wordOf(first)}, ${start} – ${end}` : `${wordOf(first)}, ${start} – ${wordOf(last)}, ${end}`;
  };
}

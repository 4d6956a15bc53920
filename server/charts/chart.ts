import { exponentOf } from '../money/money.ts';
import { keptForMany } from '../platform/kept.ts';

/** What a chart is made of. Its numbers stand below it as a table, too. */
export interface ChartSource {
  /** Unique on its page. */
  readonly id: string;
  readonly kind: 'bars' | 'line';
  readonly title: string;
  /** 'YYYY-MM', the oldest first, one for each value. */
  readonly months: readonly string[];
  readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly locale: string;
  /** A value in full, and as short as it can be said beside the scale. */
  readonly full: (value: number) => string;
  readonly short: (value: number) => string;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly legend: readonly string[];
  readonly grid: readonly { readonly y: number; readonly label: string }[];
  readonly baseline: number;
  readonly marks: readonly { readonly x: number; readonly name: string }[];
  readonly bars: readonly { readonly series: number; readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
  /** Points of a line as an SVG polyline takes them; '' where there is none. */
  readonly line: string;
  readonly rows: readonly { readonly month: string; readonly values: readonly string[] }[];
}

/** The drawing is as narrow as a phone, so that its words can be read there. */
export const canvas = { width: 360, height: 190, left: 44, right: 4, top: 10, bottom: 22 } as const;

/** Undefined where there is nothing but zeros: words say that better. */
export function makeChart(source: ChartSource): Chart | undefined {
  const values = source.series.flatMap((one) => one.values);
  if (!values.some((value) => value !== 0)) return undefined;
  const scale = scaleOf(values);
  const y = (value: number) => round(canvas.top + ((scale.most - value) / (scale.most - scale.least)) * (canvas.height - canvas.top - canvas.bottom));
  const slot = (canvas.width - canvas.left - canvas.right) / source.months.length;
  const middle = (at: number) => round(canvas.left + slot * (at + 0.5));
  const names = { short: monthNames(source.locale, 'short'), long: monthNames(source.locale, 'long') };
  return {
    id: source.id,
    title: source.title,
    description: source.series.map(({ label, values: own }) => `${label}: ${source.full(own.at(-1) ?? 0)}`).join('. '),
    legend: source.series.length > 1 ? source.series.map(({ label }) => label) : [],
    grid: scale.steps.map((value) => ({ y: y(value), label: source.short(value) })),
    baseline: y(0),
    marks: source.months.flatMap((month, at) => (isNamed(at, source.months.length) ? [{ x: middle(at), name: names.short(month) }] : [])),
    bars: source.kind === 'bars' ? barsOf(source, slot, y) : [],
    line: source.kind === 'line' ? (source.series[0]?.values ?? []).map((value, at) => `${middle(at)},${y(value)}`).join(' ') : '',
    rows: source.months.map((month, at) => ({ month: names.long(month), values: source.series.map((one) => source.full(one.values[at] ?? 0)) })).toReversed(),
  };
}

/** Amounts in minor units beside a scale: '$1.2K'. */
export function shortMoney(locale: string, currency: string): (cents: number) => string {
  const format = keep(`${locale} ${currency}`, () => new Intl.NumberFormat(locale, { style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }));
  return (cents) => format.format(cents / 10 ** exponentOf(currency));
}

export function shortNumber(locale: string): (value: number) => string {
  const format = keep(locale, () => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }));
  return (value) => format.format(value);
}

/** Zero is always on it, and its steps are 1, 2 or 5 of a power of ten. */
function scaleOf(values: readonly number[]): { least: number; most: number; steps: number[] } {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const steps = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
  return { least: first * step, most: last * step, steps };
}

function barsOf({ series }: ChartSource, slot: number, y: (value: number) => number) {
  const width = (slot * 0.76) / series.length;
  return series.flatMap(({ values }, which) => values.map((value, at) => ({
    series: which,
    x: round(canvas.left + slot * (at + 0.12) + width * which),
    y: Math.min(y(value), y(0)),
    width: round(Math.max(width - 1, 1)),
    height: round(Math.abs(y(0) - y(value))),
  })));
}

/** With twelve months every other one has its name, the last one among them. */
const isNamed = (at: number, count: number): boolean => count <= 6 || (count - 1 - at) % 2 === 0;

const kept = new Map<string, object>();

function keep<Made extends object>(key: string, make: () => Made): Made {
  let made = kept.get(key) as Made | undefined;
  if (!made) kept.set(key, (made = make()));
  return made;
}

const monthNames = (locale: string, length: 'short' | 'long') =>
  keep(`${locale} ${length}`, () => {
    const format = new Intl.DateTimeFormat(locale, { month: length, ...(length === 'long' && { year: 'numeric' }), timeZone: 'UTC' });
    return keptForMany((month) => format.format(Date.parse(`${month}-01T00:00:00Z`)));
  });

const round = (value: number): number => Math.round(value * 100) / 100;

import type { List } from './figures.ts';

/**
 * The pages of the yardsticks. So that they are as large as the product's own, whatever those look like today, the product is asked
 * for a sample of each page, and what depends on who asks is cut out of it: values that are known of the sample, and rows of lists.
 */
export interface Sample {
  readonly page: PageName;
  readonly html: string;
  /** What stands in it wherever it stands, by name: 'account', 'person', … */
  readonly values: Readonly<Record<string, string>>;
  readonly rows: readonly SampleRow[];
}

export interface SampleRow {
  readonly list: List;
  readonly state: string;
  /** As the page writes them, by name; 'number' tells which row it is. */
  readonly values: Readonly<Record<string, string>> & { readonly number: string };
}

export type PageName = 'home' | 'invoices' | 'sign-in';

/** Literal, value, literal, value, … */
export type Template = readonly string[];

export interface PageKit {
  readonly page: Template;
  /** For each list, in order: whose rows it shows and how a row of each state looks. */
  readonly lists: readonly { readonly list: List; readonly rows: Readonly<Record<string, Template>> }[];
}

/** By shape. */
export type PageKits = Readonly<Record<PageName, Readonly<Record<string, PageKit>>>>;

/** Organizations with the same settings look the same: the first of them that was sampled. */
export function lookOf(slug: string): string {
  return `bench-${((Number(slug.slice('bench-'.length)) - 1) % looks) + 1}`;
}

export const looks = 4;

const mark = '\u0001';

/** Values that others may look like are found by what stands around them. */
const placed: Readonly<Record<string, RegExp>> = {
  openCents: /(?<=class="hero-number">|unpaid, )[^<,]+/,
  lateCents: /(?<=<span>Past Due )\S+(?= since)|(?<=of that )\S+(?= Past Due<)/,
  lateSince: /(?<=<span>Past Due \S+ since )[^<]+/,
  nextCents: /(?<=<dt>Next due<\/dt><dd>)\S+/,
  nextOn: /(?<=<dt>Next due<\/dt><dd>\S+ on )[^<]+/,
  lastPaidCents: /(?<=<dt>Last Paid<\/dt><dd>)\S+/,
  lastPaidOn: /(?<=<dt>Last Paid<\/dt><dd>\S+ on )[^<]+/,
  lastInvoice: /(?<=href="\/invoices\/)[^"]+(?=">View Last Invoice)/,
  openCount: /(?<=<p class="lead-line">)\d+/,
};

export function cutPage({ html, values, rows }: Sample): PageKit {
  const lists: { list: List; rows: Record<string, Template> }[] = [];
  const withoutRows = html.replace(/(<tbody>|<ul class="task-list">)([\s\S]*?)(<\/tbody>|<\/ul>)/g, (whole, open: string, body: string, close: string) => {
    const pieces = body.match(/<(tr|li)[\s>][\s\S]*?<\/\1>/g) ?? [];
    const known = pieces.flatMap((piece) => rows.filter(({ list, values: { number } }) => (list === 'tasks') === open.startsWith('<ul') && piece.includes(`/${number}"`)).map((row) => ({ piece, row })));
    const first = known[0];
    if (!first) return whole;
    lists.push({ list: first.row.list, rows: Object.fromEntries(known.map(({ piece, row }) => [row.state, cut(piece, row.values)])) });
    return `${open}\n${mark}rows${lists.length - 1}${mark}\n${close}`;
  });
  return { page: cut(withoutPlaced(withoutRows), values), lists };
}

export function fill(template: Template, valueOf: (name: string) => string): string {
  let text = '';
  for (let at = 0; at < template.length; at += 1) text += at % 2 ? valueOf(template[at] ?? '') : template[at];
  return text;
}

function withoutPlaced(html: string): string {
  return Object.entries(placed).reduce((text, [name, place]) => text.replace(place, `${mark}${name}${mark}`), html);
}

/** Longer values first: one may be a part of another. */
function cut(html: string, values: Readonly<Record<string, string>>): Template {
  let text = html;
  for (const [name, value] of Object.entries(values).toSorted(([, one], [, other]) => other.length - one.length)) {
    if (value) text = text.split(mark).map((part, at) => (at % 2 ? part : part.replaceAll(value, `${mark}${name}${mark}`))).join(mark);
  }
  return text.split(mark);
}

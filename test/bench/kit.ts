/**
 * The pages of the yardsticks. So that they are as large as the product's own, whatever those look like today, the product is asked
 * for a sample of each page, and what depends on who asks is cut out of it: values that are known of the sample, and rows of invoices.
 */
export interface Sample {
  readonly page: PageName;
  readonly html: string;
  /** What stands in it, by name: 'account', 'person', 'email', 'balance'. */
  readonly values: Readonly<Record<string, string>>;
  readonly invoices: readonly SampleInvoice[];
}

export interface SampleInvoice {
  readonly number: string;
  readonly state: 'paid' | 'open' | 'late';
  /** As the page writes them. */
  readonly total: string;
  readonly issuedOn: string;
  readonly dueOn: string;
}

export type PageName = 'home' | 'invoices' | 'sign-in';

/** Literal, value, literal, value, … */
export type Template = readonly string[];

export interface PageKit {
  readonly page: Template;
  /** For each table of invoices, in order: the list it shows and how a row of each state looks. */
  readonly tables: readonly { readonly list: 'late' | 'newest'; readonly rows: Readonly<Record<string, Template>> }[];
}

/** Organizations with the same settings look the same: the first of them that was sampled. */
export function lookOf(slug: string): string {
  return `bench-${((Number(slug.slice('bench-'.length)) - 1) % looks) + 1}`;
}

export const looks = 4;

const mark = '\u0001';

export function cutPage({ page, html, values, invoices }: Sample): PageKit {
  const tables: { list: 'late' | 'newest'; rows: Record<string, Template> }[] = [];
  const byNumber = new Map(invoices.map((invoice) => [invoice.number, invoice]));
  const withoutRows = html.replace(/<tbody>([\s\S]*?)<\/tbody>/g, (whole, body: string) => {
    const rows = body.match(/<tr[\s>][\s\S]*?<\/tr>/g) ?? [];
    const known = rows.flatMap((row) => {
      const number = /INV-\d+/.exec(row)?.[0] ?? '';
      const invoice = byNumber.get(number);
      return invoice ? [{ row, invoice }] : [];
    });
    const first = known[0];
    if (!first) return whole;
    tables.push({ list: page === 'home' && first.invoice.state === 'late' ? 'late' : 'newest', rows: Object.fromEntries(known.map(({ row, invoice }) => [invoice.state, cut(row, { ...invoice })])) });
    return `<tbody>${mark}rows${tables.length - 1}${mark}</tbody>`;
  });
  return { page: cut(withoutRows, values), tables };
}

export function fill(template: Template, valueOf: (name: string) => string): string {
  let text = '';
  for (let at = 0; at < template.length; at += 1) text += at % 2 ? valueOf(template[at] ?? '') : template[at];
  return text;
}

/** Longer values first: one may be a part of another. */
function cut(html: string, values: Readonly<Record<string, string>>): Template {
  let text = html;
  for (const [name, value] of Object.entries(values).toSorted(([, one], [, other]) => other.length - one.length)) {
    if (value && name !== 'state') text = text.split(mark).map((part, at) => (at % 2 ? part : part.replaceAll(value, `${mark}${name}${mark}`))).join(mark);
  }
  return text.split(mark);
}

import { columnGap } from './table.ts';
import type { PdfPages, TextStyle } from './page.ts';

const ink = '#1f2933';
const muted = '#5f6b7a';

/** How every paper of an organization is set. */
export const letter = {
  ink,
  muted,
  hairline: '#d5dbe1',
  body: { font: 'regular', size: 9.5, leading: 14, color: ink },
  small: { font: 'regular', size: 8.5, leading: 12.5, color: muted },
  label: { font: 'semibold', size: 8.5, leading: 12.5, color: muted },
  name: { font: 'semibold', size: 14, leading: 20, color: ink },
  heading: { font: 'semibold', size: 24, leading: 32, color: ink },
  total: { font: 'semibold', size: 12, leading: 18, color: ink },
} as const satisfies Record<string, string | TextStyle>;

/** Where the right half begins, as a share of the width: dates and totals stand on one line. */
export const middle = 0.56;

export interface TotalLine {
  label: string;
  value: string;
  strong?: boolean;
}

export function drawLetterhead(page: PdfPages, { portalName, businessInfo }: { portalName: string; businessInfo: string }, brand: string): void {
  page.rule({ x: page.left, y: page.y, width: page.width, thickness: 3, color: brand });
  page.y += 16;
  const nameWidth = page.width * 0.55;
  const nameHeight = page.block('P', portalName, { style: letter.name, x: page.left, width: nameWidth, most: 4 });
  const info = { style: letter.small, x: page.left + nameWidth + columnGap, width: page.width - nameWidth - columnGap, align: 'right' as const };
  page.y += 6; // both first lines stand on one baseline
  page.y += Math.max(nameHeight, page.block('P', businessInfo, info)) + 24;
}

/** The title, and in a frame at the right of its first line the status, if there is one. */
export function drawHeading(page: PdfPages, { title, status, brand }: { title: string; status: string; brand: string }): void {
  const statusWidth = Math.min(page.widthOf(status, letter.label), 150);
  const titleWidth = page.width - statusWidth - 40;
  const height = page.block('H1', title, { style: { ...letter.heading, color: brand }, x: page.left, width: titleWidth, most: 3 });
  if (status !== '') drawStatus(page, status, statusWidth);
  page.y += height + 16;
}

function drawStatus(page: PdfPages, status: string, width: number): void {
  const top = page.y;
  page.y += (letter.heading.leading - letter.label.leading) / 2;
  const height = page.block('P', status, { style: { ...letter.label, color: ink }, x: page.right - 10 - width, width, most: 3 });
  page.frame({ x: page.right - 20 - width, y: page.y - 4, width: width + 20, height: height + 8, color: muted });
  page.y = top;
}

/** Side by side: a term above its text, from and to as shares of the width. Those without text are left out. */
export function drawFacts(page: PdfPages, facts: readonly (readonly [term: string, text: string, from: number, to: number])[]): void {
  const heights = facts.filter(([, text]) => text !== '').map(([term, text, from, to]) => {
    const at = { x: page.left + page.width * from, width: page.width * (to - from) };
    const top = page.y;
    page.y += page.block('P', term, { ...at, style: letter.label, most: 2 }) + 2;
    const height = page.y - top + page.block('P', text, { ...at, style: letter.body });
    page.y = top;
    return height;
  });
  page.y += Math.max(0, ...heights) + 24;
}

type Totals = ReturnType<typeof measureTotals>;

/** The block is as wide as the right half, wider only where the figures would leave their labels no room. */
export function measureTotals(page: PdfPages, totals: readonly TotalLine[]) {
  const styles = totals.map(({ strong }) => (strong ? letter.total : letter.body));
  const widest = Math.max(0, ...totals.map(({ value }, index) => page.widthOf(value, styles[index]!)));
  const valueWidth = Math.min(Math.ceil(widest), page.width / 2);
  const width = Math.max(page.width * (1 - middle), valueWidth + columnGap + 110);
  const rows = totals.map(({ label: term, value, strong }, index) => {
    const style = styles[index]!;
    const terms = page.wrap(term, style, width - valueWidth - columnGap);
    const values = page.wrap(value, style, valueWidth);
    const lines = Math.max(terms.length, values.length);
    return { terms, values, style, ruled: strong === true && index > 0, height: lines * style.leading + (strong ? 12 : 6) };
  });
  return { rows, left: page.right - width, height: rows.reduce((sum, row) => sum + row.height, 8) };
}

export function drawTotals(page: PdfPages, { rows, left }: Totals): void {
  if (rows.length === 0) return;
  const table = page.element(page.root, 'Table');
  page.y += 8;
  for (const { terms, values, style, ruled, height } of rows) {
    if (height > page.room) page.breakPage();
    if (ruled) page.rule({ x: left, y: page.y + 2, width: page.right - left, thickness: 0.75, color: ink });
    const row = page.element(table, 'TR');
    const y = page.y + (ruled ? 8 : 3);
    page.into(page.element(row, 'TH', { scope: 'Row' }), () => page.print(terms, style, { x: left, y }));
    page.into(page.element(row, 'TD'), () => page.print(values, style, { x: page.right, y, align: 'right' }));
    page.y += height;
  }
}

/** What stands below every page: `left`, and `pattern` with the places {page} and {pages} at the right. */
export function footer(page: PdfPages, left: string, pattern: string): (number: number, pages: number) => void {
  return (number, pages) => {
    const right = pattern.replaceAll('{page}', String(number)).replaceAll('{pages}', String(pages));
    const y = page.bottom + 24;
    const room = Math.max(page.width / 2, page.width - page.widthOf(right, letter.small) - columnGap);
    page.print(page.wrap(left, letter.small, room).slice(0, 1), letter.small, { x: page.left, y });
    page.print(page.wrap(right, letter.small, page.width / 2 - columnGap).slice(0, 1), letter.small, { x: page.right, y, align: 'right' });
  };
}

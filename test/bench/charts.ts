import type { Table } from './report.ts';

/** Drawn as SVG text: nothing to load, sharp on paper, and the figures stand beside the marks. */
export function chartOf(table: Table): string {
  const { chart, title } = table;
  if (!chart) return '';
  const { height, marks } = chart.kind === 'lines' ? drawLines(table) : drawRows(table, chart.column ?? 1, chart.kind);
  return `<figure><svg role="img" viewBox="0 0 ${width} ${height}"><title>${escape(`${title}: ${chart.label}`)}</title>${marks}</svg><figcaption>${escape(chart.label)}</figcaption></figure>`;
}

export const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

interface Drawing {
  readonly height: number;
  readonly marks: string;
}

// Narrow, so that the words are still large enough to read on a phone.
const width = 420;
const room = width - 60;
const rowHeight = 34;

function drawRows({ rows }: Table, column: number, kind: 'dots' | 'bars'): Drawing {
  const values = rows.map((row) => Math.max(0, Number(row[column]) || 0));
  const most = Math.max(1, ...values);
  const decades = Math.ceil(Math.log10(most));
  const at = (value: number) => (kind === 'dots' ? (Math.log10(Math.max(1, value)) / decades) * room : (value / most) * room);
  const height = rows.length * rowHeight + (kind === 'dots' ? 16 : 2);
  const grid = kind === 'dots' ? Array.from({ length: decades + 1 }, (_, decade) => gridLine(at(10 ** decade), (10 ** decade).toLocaleString('en'), height)) : [];
  const marks = rows.map((row, index) => {
    const y = index * rowHeight;
    const own = row[0] === 'Portico' ? ' class="own"' : '';
    const x = at(values[index] ?? 0);
    const mark = kind === 'dots' ? `<line class="stem" x1="0" x2="${fixed(x)}" y1="${y + 24}" y2="${y + 24}"/><circle${own} cx="${fixed(x)}" cy="${y + 24}" r="5"/>` : `<rect${own} x="0" y="${y + 18}" width="${fixed(Math.max(1, x))}" height="12" rx="2"/>`;
    return `<text${own} x="0" y="${y + 12}">${escape(row[0] ?? '')}</text>${mark}<text class="figure" x="${fixed(x + 9)}" y="${y + 28}">${(values[index] ?? 0).toLocaleString('en')}</text>`;
  });
  return { height, marks: [...grid, ...marks].join('') };
}

function gridLine(x: number, label: string, height: number): string {
  return `<line class="grid" x1="${fixed(x)}" x2="${fixed(x)}" y1="0" y2="${height - 14}"/><text class="tick" x="${fixed(x)}" y="${height - 2}">${label}</text>`;
}

const tall = 200;
const [top, foot, left] = [10, 24, 44];

/** From zero, so that flat looks flat. The steps are powers of ten or nearly: they stand at equal distances. */
function drawLines({ head, rows }: Table): Drawing {
  const steps = head.slice(1);
  const most = Math.max(1, ...rows.flatMap((row) => row.slice(1).map(Number)));
  const x = (step: number) => left + (steps.length > 1 ? (step / (steps.length - 1)) * (width - left - 24) : 0);
  const y = (value: number) => tall - foot - (value / most) * (tall - foot - top);
  const axis = [0, 0.5, 1].map((part) => `<line class="grid" x1="${left}" x2="${width}" y1="${fixed(y(part * most))}" y2="${fixed(y(part * most))}"/><text class="axis" x="${left - 6}" y="${fixed(y(part * most) + 4)}">${Math.round(part * most).toLocaleString('en')}</text>`);
  const labels = steps.map((step, index) => `<text class="tick" x="${fixed(x(index))}" y="${tall - 8}">${escape(step)}</text>`);
  const key = rows.map((row, index) => `<text x="${left + 22}" y="${tall + 14 + index * 18}">${escape(row[0] ?? '')}</text><line class="line line-${colourOf(index)}" x1="${left}" x2="${left + 16}" y1="${tall + 10 + index * 18}" y2="${tall + 10 + index * 18}"/>`);
  const lines = rows.map((row, index) => {
    const points = row.slice(1).map((value, step) => ({ at: `${fixed(x(step))},${fixed(y(Number(value)))}` }));
    return `<polyline class="line line-${colourOf(index)}" points="${points.map(({ at }) => at).join(' ')}"/>${points.map(({ at }) => `<circle class="point point-${colourOf(index)[0]}" cx="${at.split(',')[0]}" cy="${at.split(',')[1]}" r="3.5"/>`).join('')}`;
  });
  return { height: tall + 8 + rows.length * 18, marks: [...axis, ...labels, ...lines, ...key].join('') };
}

/** Rows come in pairs: a page, and the part of it that is the database's. */
const colourOf = (index: number): string => `${Math.floor(index / 2) % 3}${index % 2 ? ' part' : ''}`;

const fixed = (value: number): string => value.toFixed(1);

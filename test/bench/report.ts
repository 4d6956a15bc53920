import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cpuOf, isMissed, type Gate } from './gates.ts';
import type { Slice } from './load.ts';
import { variantNames, type PageResult, type PagesRun, type VariantName } from './run-pages.ts';
import { median, ratioOf, type Ratio } from './statistics.ts';

export interface Report {
  readonly title: string;
  readonly gates: readonly Gate[];
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Drawn as bars in the page: which column, and what it means. */
  readonly bars?: { readonly column: number; readonly label: string };
}

const meanings: Readonly<Record<VariantName, string>> = {
  floor: '(a) same bytes from memory', statement: '(b) bare HTTP, one statement', idiomatic: '(c) idiomatic Express + Sequelize + EJS', product: 'Portico', unwalled: 'Portico without row level security',
};

export function pageTables({ results }: PagesRun): Table[] {
  return results.map((result) => ({
    title: `${result.page} (${(result.bytes / 1000).toFixed(1)} kB)`,
    head: ['variant', 'requests/s', 'p50 ms', 'p99 ms', 'app us', 'database us', 'Redis us', 'Redis calls', 'memory MB', 'requests/s against Portico'],
    rows: variantNames.flatMap((name) => rowOf(result, name)),
    bars: { column: 1, label: 'requests/s' },
  }));
}

export function gateTable(gates: readonly Gate[]): Table {
  return {
    title: 'Gates',
    head: ['what', 'measured (quartiles)', 'gate', 'aim', ''],
    rows: gates.map((gate) => [gate.name, writeRatio(gate.value), `${gate.better === 'more' ? '>=' : '<='} ${gate.gate}`, String(gate.aim), isMissed(gate) ? 'MISSED' : 'held']),
  };
}

export function writeRatio({ middle, low, high }: Ratio): string {
  const text = (value: number) => value.toFixed(value >= 20 ? 0 : 2);
  return low === high ? text(middle) : `${text(middle)} (${text(low)} to ${text(high)})`;
}

/** As Markdown for docs and as one HTML page that needs nothing else. */
export function writeReport(report: Report): { markdown: string; page: string } {
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model.trim() || 'unnamed processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${os.loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const tables = [...(report.gates.length ? [gateTable(report.gates)] : []), ...report.tables];
  const markdown = [`## ${report.title}`, '', machine, '', ...report.notes.map((note) => `* ${note}`), '', ...tables.flatMap(asMarkdown)].join('\n');
  const folder = path.resolve('var/bench');
  mkdirSync(folder, { recursive: true });
  const page = path.join(folder, `${fileOf(report.title)}.html`);
  writeFileSync(path.join(folder, `${fileOf(report.title)}.md`), markdown);
  writeFileSync(page, asPage(report, machine, tables));
  return { markdown, page };
}

const fileOf = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, '-');

function rowOf(result: PageResult, name: VariantName): string[][] {
  const slices = result.slices[name];
  if (!slices) return [];
  const middle = (of: (slice: Slice) => number) => String(Math.round(median(slices.map(of))));
  const speed = ratioOf(slices.map(({ perSecond }) => perSecond), (result.slices.product ?? []).map(({ perSecond }) => perSecond));
  return [[meanings[name], middle(({ perSecond }) => perSecond), middle(({ p50 }) => p50), middle(({ p99 }) => p99), middle(({ appUs }) => appUs), middle(({ databaseUs }) => databaseUs), middle(({ redisUs }) => redisUs), median(slices.map(({ redisCalls }) => redisCalls)).toFixed(1), middle(({ memoryMb }) => memoryMb), name === 'product' ? `1 (CPU ${middle(cpuOf)} us)` : writeRatio(speed)]];
}

function asMarkdown({ title, head, rows }: Table): string[] {
  return [`### ${title}`, '', `| ${head.join(' | ')} |`, `|${head.map((_, at) => (at ? '--:' : '---')).join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`), ''];
}

function asPage(report: Report, machine: string, tables: readonly Table[]): string {
  const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24}table{border-collapse:collapse;margin:.5rem 0 2rem;width:100%}th,td{padding:.35rem .6rem;border-bottom:1px solid #d8dde3;text-align:right}th:first-child,td:first-child{text-align:left}.MISSED{color:#b3261e;font-weight:600}.held{color:#0b6b45}rect{fill:#0f766e}text{font:13px system-ui,sans-serif;fill:currentColor}@media(prefers-color-scheme:dark){body{background:#14171a;color:#e6e9ec}th,td{border-color:#343a40}rect{fill:#4fb3a9}}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(report.title)}</title><style>${style}</style></head><body>
<h1>${escape(report.title)}</h1><p>${escape(machine)}</p><ul>${report.notes.map((note) => `<li>${escape(note)}</li>`).join('')}</ul>
${tables.map((table) => `<h2>${escape(table.title)}</h2>${chartOf(table)}<table><thead><tr>${table.head.map((cell) => `<th>${escape(cell)}</th>`).join('')}</tr></thead><tbody>${table.rows.map((row) => `<tr>${row.map((cell) => `<td class="${cell}">${escape(cell)}</td>`).join('')}</tr>`).join('')}</tbody></table>`).join('\n')}
</body></html>\n`;
}

/** Bars on a scale of powers of ten: the floor is a hundred times faster than anything that asks a database. */
function chartOf({ title, bars, rows }: Table): string {
  if (!bars) return '';
  const values = rows.map((row) => Number(row[bars.column]));
  const most = Math.log10(Math.max(10, ...values));
  const lines = rows.map((row, at) => {
    const width = Math.max(1, (Math.log10(Math.max(1, values[at] ?? 1)) / most) * 520);
    return `<text x="0" y="${at * 26 + 17}">${escape(row[0] ?? '')}</text><rect x="290" y="${at * 26 + 4}" width="${width.toFixed(0)}" height="16"/><text x="${(298 + width).toFixed(0)}" y="${at * 26 + 17}">${row[bars.column] ?? ''}</text>`;
  });
  return `<svg role="img" viewBox="0 0 900 ${rows.length * 26 + 4}" width="100%"><title>${escape(title)}: ${escape(bars.label)}, logarithmic</title>${lines.join('')}</svg>`;
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

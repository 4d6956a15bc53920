import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cpuOf, isMissed, type Gate } from './gates.ts';
import type { Slice } from './load.ts';
import { asPage } from './report-page.ts';
import { variantNames, type PageResult, type PagesRun, type VariantName } from './run-pages.ts';
import { median, ratioOf, type Ratio } from './statistics.ts';

export interface Report {
  readonly title: string;
  readonly gates: readonly Gate[];
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

/** Dots: a column on a scale of powers of ten. Bars: a column from zero. Lines: each row over the columns from the second on. */
export interface Chart {
  readonly kind: 'dots' | 'bars' | 'lines';
  readonly column?: number;
  readonly label: string;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly chart?: Chart;
}

const meanings: Readonly<Record<VariantName, string>> = {
  floor: '(a) same bytes from memory', statement: '(b) bare HTTP, one statement', idiomatic: '(c) idiomatic Express + Sequelize + EJS', product: 'Portico', unwalled: 'Portico without row level security',
};

export function pageTables({ results, ways }: PagesRun): Table[] {
  const tables = results.map((result): Table => ({
    title: `${result.page} (${(result.bytes / 1000).toFixed(1)} kB)`,
    head: ['variant', 'requests/s', 'p50 ms', 'p99 ms', 'app us', 'database us', 'Redis us', 'Redis calls', 'memory MB', 'requests/s against Portico'],
    rows: variantNames.flatMap((name) => rowOf(result, name)),
    chart: { kind: 'dots', column: 1, label: 'requests/s, on a scale of powers of ten' },
  }));
  return [...tables, { title: 'Ways to send the home page', head: ['way', 'processor us', 'kB'], rows: ways }];
}

export function gateTable(gates: readonly Gate[]): Table {
  return {
    title: 'Gates',
    head: ['what', '', 'measured (quartiles)', 'gate', 'aim'],
    rows: gates.map((gate) => [gate.name, isMissed(gate) ? 'MISSED' : 'held', writeRatio(gate.value), `${gate.better === 'more' ? '>=' : '<='} ${gate.gate}`, String(gate.aim)]),
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

const fileOf = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '');

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

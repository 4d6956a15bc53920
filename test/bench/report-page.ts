import { chartOf, escape } from './charts.ts';
import type { Report, Table } from './report.ts';

/** One HTML page that needs nothing else: open it from the disk, send it, print it. */
export function asPage(report: Report, machine: string, tables: readonly Table[]): string {
  const anchor = (title: string) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Portico: ${escape(report.title)}</title><style>${style}</style></head><body>
<header><p class="of">Portico, npm run bench</p><h1>${escape(report.title)}</h1><p class="machine">${escape(machine)}</p></header>
<ul class="notes">${report.notes.map((note) => `<li${note.startsWith('Noisy') ? ' class="noisy"' : ''}>${escape(note)}</li>`).join('')}</ul>
${tables.length > 2 ? `<nav aria-label="On this page">${tables.map(({ title }) => `<a href="#${anchor(title)}">${escape(title)}</a>`).join(' ')}</nav>` : ''}
${tables.map((table) => `<section id="${anchor(table.title)}"><h2>${escape(table.title)}</h2>${chartOf(table)}${asTable(table)}</section>`).join('\n')}
</body></html>\n`;
}

function asTable({ title, head, rows }: Table): string {
  const body = rows.map(([first = '', ...cells]) => `<tr${first === 'Portico' ? ' class="own"' : ''}><th scope="row">${escape(first)}</th>${cells.map((cell) => `<td${cell === 'MISSED' || cell === 'held' ? ` class="${cell}"` : ''}>${escape(cell)}</td>`).join('')}</tr>`);
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(title)}"><table><thead><tr>${head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--quiet:#59636e;--line:#d8dde3;--own:#0f766e;--other:#8a94a0;--bad:#b3261e;--good:#0b6b45;--paper:#fff;--tint:#eef6f5}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--quiet:#a3adb8;--line:#343a40;--own:#4fb3a9;--other:#7d8791;--bad:#ff8a80;--good:#6fcf9b;--paper:#14171a;--tint:#1a2526}}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;color:var(--ink);background:var(--paper)}
h1{font-size:2rem;line-height:1.2;margin:0}h2{font-size:1.25rem;margin:0 0 .75rem;padding-top:.5rem}
.of{margin:0;color:var(--own);font-weight:600}.machine,figcaption{color:var(--quiet)}.notes{padding-left:1.2rem;max-width:46rem}.noisy{color:var(--bad);font-weight:600}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.75rem 0;border-block:1px solid var(--line);margin-bottom:2rem}a{color:var(--own)}
section{margin-bottom:3rem}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:right;font-weight:400;white-space:nowrap}thead th{font-size:.8125rem;color:var(--quiet);vertical-align:bottom;white-space:normal}
th:first-child{text-align:left;white-space:normal;min-width:11rem;padding-left:0}.own th,.own td{font-weight:600;background:var(--tint)}.own th:first-child{padding-left:.4rem}
.MISSED{color:var(--bad);font-weight:600}.held{color:var(--good)}
figure{margin:0 0 1rem;max-width:35rem}figcaption{font-size:.8125rem}svg{display:block;width:100%;height:auto;overflow:visible}
text{font:11px system-ui,sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px}text.own{font-weight:600}.figure{font-variant-numeric:tabular-nums}.tick,.axis{fill:var(--quiet);font-size:9.5px;text-anchor:middle}.axis{text-anchor:end}
rect,circle{fill:var(--other)}rect.own,circle.own{fill:var(--own)}svg:not(:has(.own)) rect{fill:var(--own)}.stem,.grid{stroke:var(--line);stroke-width:1}
.line{fill:none;stroke-width:2}.line-0{stroke:var(--own)}.line-1{stroke:#b45309}.line-2{stroke:#6d5bd0}.part{stroke-dasharray:4 3}
.point-0{fill:var(--own)}.point-1{fill:#b45309}.point-2{fill:#6d5bd0}
@media print{nav{display:none}section{break-inside:avoid}}
`;

import type { Maker } from '../exports/make-file.ts';
import { cursorOf } from '../platform/bounded-search.ts';
import { csvLines, toCsv } from '../platform/csv.ts';
import type { Formats } from '../platform/formats.ts';
import type { Translate } from '../platform/text.ts';
import { countLog, readLogSearch, searchLog, type LogLine } from './search-log.ts';

/** The columns of the report, and who of the staff it was; further parts of a file have no head. */
export function logCsv(rows: readonly LogLine[], t: Translate, { logTime }: Formats, hasHead = true): string {
  const head = ['at', 'account', 'contact', 'user-id', 'email', 'message', 'staff'].map((name) => capital(t(`staff-log.${name}`)));
  const lines = rows.map((row) => [logTime(row.at), row.accountName, row.contactName, row.loginId, row.contactEmail, row.message, row.staffName]);
  return hasHead ? toCsv(head, lines) : csvLines(lines);
}

/** An organization's own word may begin in small. */
function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const atOnce = 1000;

/** All that is asked for, a stretch at a time; how far it is goes by the lines looked at. */
export const makeLogCsv: Maker = async ({ asked, tenant, t, formats, within, tell }) => {
  const { site } = tenant;
  const search = readLogSearch({ query: asked.query, t });
  const total = await within(() => countLog(search, site.zone));
  const parts: Buffer[] = [];
  let looked = 0;
  for (let after = search.after; ;) {
    const found = await within(() => searchLog({ ...search, ...(after ? { after } : {}) }, site.zone, atOnce));
    parts.push(Buffer.from(logCsv(found.rows, t, formats, parts.length === 0)));
    looked += found.looked;
    await tell(looked, Math.max(looked, total));
    const next = found.next || found.further;
    if (!next) break;
    after = cursorOf(next);
  }
  return { name: `${t('staff-log.file')}-${site.today()}.csv`, type: 'text/csv; charset=utf-8', content: Buffer.concat(parts) };
};

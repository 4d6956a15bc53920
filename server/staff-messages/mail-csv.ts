import type { Maker } from '../exports/make-file.ts';
import { cursorOf } from '../platform/bounded-search.ts';
import { csvLines, toCsv } from '../platform/csv.ts';
import type { Formats } from '../platform/formats.ts';
import type { Translate } from '../platform/text.ts';
import { countMail, readMailSearch, searchMail, type SentMail } from './search-mail.ts';

/** The columns of the history but for the link; further parts of a file have no head. */
export function mailCsv(rows: readonly SentMail[], t: Translate, { logTime }: Formats, hasHead = true): string {
  const head = ['date', 'status', 'type', 'subject', 'recipient', 'to', 'from'].map((name) => t(`staff-messages.${name}`));
  const lines = rows.map(({ sentAt, status, type, subject, recipient, to, from }) => [logTime(sentAt), t(`staff-messages.status-${status}`), typeWords(type, t), subject, recipient, to, from]);
  return hasHead ? toCsv(head, lines) : csvLines(lines);
}

/** In the organization's own word where it is about the account: 'Family'. */
export function typeWords(type: string, t: Translate): string {
  const words = t(`staff-messages.type-${type.toLowerCase().replaceAll(' ', '-')}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const atOnce = 1000;

/** All that is asked for, a stretch at a time; how far it is goes by the mails looked at. */
export const makeMailCsv: Maker = async ({ asked, tenant, t, formats, within, tell }) => {
  const { site } = tenant;
  const search = readMailSearch({ query: asked.query, t });
  const total = await within(() => countMail(search, site.zone));
  const parts: Buffer[] = [];
  let looked = 0;
  for (let after = search.after; ;) {
    const found = await within(() => searchMail({ ...search, ...(after ? { after } : {}) }, site.zone, atOnce));
    parts.push(Buffer.from(mailCsv(found.rows, t, formats, parts.length === 0)));
    looked += found.looked;
    await tell(looked, Math.max(looked, total));
    const next = found.next || found.further;
    if (!next) break;
    after = cursorOf(next);
  }
  return { name: `${t('staff-messages.file')}-${site.today()}.csv`, type: 'text/csv; charset=utf-8', content: Buffer.concat(parts) };
};

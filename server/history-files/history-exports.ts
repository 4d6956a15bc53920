import type { Maker, Making } from '../exports/make-file.ts';
import { readBalances, type Balance } from '../ledger/read-balances.ts';
import { countHistory, type Cursor } from '../ledger/read-history.ts';
import { read } from '../platform/database.ts';
import { drawLinesPdf, historyCsv, historyDocument, type Paper } from './history-files.ts';
import { rangeOf, readPage, readQuery, type HistoryQuery } from '../transactions/history-query.ts';
import { pageFor, wordLine, type WordedLine } from '../transactions/line-words.ts';

const atOnce = 1000;
/** More than a PDF is drawn of, and than anybody reads on paper. */
export const longestPdf = 4000;

/** A page of lines at a time, whatever the length. */
export const makeHistoryCsv: Maker = async (making) => {
  const parts: string[] = [];
  for await (const { lines } of readAll(making)) parts.push(historyCsv(lines, making.t, parts.length === 0));
  return { name: await nameOf(making, 'csv'), type: 'text/csv; charset=utf-8', content: Buffer.from(parts.length > 0 ? parts.join('') : historyCsv([], making.t)) };
};

export const makeHistoryPdf: Maker = async (making) => {
  const whole: WordedLine[] = [];
  let found: { query: HistoryQuery; balances: readonly Balance[] } | undefined;
  for await (const { lines, ...rest } of readAll(making)) {
    whole.push(...lines);
    found = rest;
  }
  const reader = await paperFor(making);
  const document = historyDocument(reader, { query: found?.query ?? readQuery(making.asked.query, making.t), balances: found?.balances ?? [], lines: whole });
  return { name: await nameOf(making, 'pdf'), type: 'application/pdf', content: await drawLinesPdf(document, 120_000) };
};

/** What the words of a paper need, without a request: the account as it is called now. */
export async function paperFor({ asked, tenant, t, formats, within }: Making): Promise<Paper> {
  const [account] = await within(() => read<{ id: string; number: string; name: string }>('export-account', 'select id, number, name from app.accounts where id = $1', [asked.accountId]));
  if (!account) throw new Error('the account of an export is gone');
  return { account, tenant, t, formats };
}

async function* readAll(making: Making): AsyncGenerator<{ query: HistoryQuery; balances: readonly Balance[]; lines: WordedLine[] }> {
  const { asked, tenant: { site }, t, formats, within, tell } = making;
  const accountId = asked.accountId ?? '';
  const query = readQuery(asked.query, t);
  const { balances, range, total } = await within(async () => {
    const found = await readBalances(accountId, site.currency, query.to);
    const asks = rangeOf(query, found.map(({ currency }) => currency));
    return { balances: found, range: asks, total: await countHistory(accountId, asks) };
  });
  let done = 0;
  for (let after: Cursor | undefined; ;) {
    const { lines, next } = await within(() => readPage(accountId, range, 'newest', { size: atOnce, after }));
    yield { query, balances, lines: lines.map((line) => wordLine(line, { t, formats }, pageFor(site))) };
    done += lines.length;
    await tell(done, Math.max(done, total));
    const [day = '', id = ''] = next.split('_');
    if (!next) return;
    after = { day, id };
  }
}

async function nameOf(making: Making, extension: string): Promise<string> {
  const { account, tenant: { site }, t } = await paperFor(making);
  return `${t('transactions.file')}-${account.number}-${site.today()}.${extension}`;
}

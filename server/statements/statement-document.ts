import { apartNotes, paperOf, periodOf, tableOf, type Paper } from '../history-files/history-files.ts';
import type { LinesDocument } from '../history-files/lines-pdf.ts';
import type { Ageing } from '../transactions/open-invoices.ts';
import type { Statement } from './statement.ts';

/** The statement as a paper, in texts that are ready to print. */
export function statementDocument(req: Paper, statement: Statement): LinesDocument {
  const { t, formats, account, tenant: { site } } = req;
  const { from, to, openingCents, closing, lines, ageing } = statement;
  const money = (cents: number) => formats.money(cents, closing.currency);
  const table = tableOf(lines, req);
  const opening = { date: formats.date(from), what: t('statements.opening'), charge: '', payment: '', balance: money(openingCents) };
  return {
    ...paperOf(req),
    title: t('statements.title'),
    facts: [
      { term: t('transactions.account'), text: `${account.name}\n${account.number}` },
      { term: t('transactions.period'), text: periodOf({ from, to }, req) },
      { term: t('transactions.made-on'), text: formats.date(site.today()) },
    ],
    columns: table.columns,
    lines: [opening, ...table.lines],
    empty: '',
    totals: [{ label: t('statements.closing-short'), value: money(closing.owedCents), strong: true }],
    ageing: { heading: t('statements.ageing'), columns: ageingColumns(ageing).map(({ key, cents }) => ({ label: t(`statements.${key}`), value: money(cents) })) },
    notes: apartNotes(closing, req),
  };
}

/** The columns of the ageing in their order; `key` names the words. */
export function ageingColumns(ageing: Ageing): { readonly key: string; readonly cents: number }[] {
  return [
    { key: 'age-current', cents: ageing.currentCents },
    { key: 'age-30', cents: ageing.to30Cents },
    { key: 'age-60', cents: ageing.to60Cents },
    { key: 'age-90', cents: ageing.to90Cents },
    { key: 'age-over', cents: ageing.over90Cents },
  ];
}

import type { Cell } from 'write-excel-file/node';
import { exponentOf, fromCents } from '../money/money.ts';
import type { Translate } from '../platform/text.ts';
import type { UsageColumn } from '../usages/columns.ts';
import type { Usage } from '../usages/usage.ts';

/** An Excel file with one row per usage under the names of the columns. */
export async function drawSheet(usages: readonly Usage[], columns: readonly UsageColumn[], t: Translate): Promise<Buffer> {
  const head = columns.map((column): Cell => ({ value: t(`usages.column-${column}`), fontWeight: 'bold' }));
  const rows = usages.map((usage) => columns.map((column) => cellOf(usage, column, t)));
  const widths = columns.map((column) => ({ width: { description: 44, product: 28, reference: 24 }[column as string] ?? 16 }));
  const { default: writeExcel } = await import('write-excel-file/node');
  return writeExcel([head, ...rows], { sheet: t('usages.sheet'), columns: widths, stickyRowsCount: 1 }).toBuffer();
}

function cellOf(usage: Usage, column: UsageColumn, t: Translate): Cell {
  switch (column) {
    case 'used_on': return day(usage.usedOn);
    case 'recorded_on': return day(usage.recordedOn);
    case 'quantity': return { value: Number(usage.quantity), type: Number };
    case 'invoiced': return words(t(usage.invoice === null ? 'usages.no' : 'usages.yes'));
    case 'unit_price': return money(usage.unitPriceCents, usage.currency);
    case 'amount': return money(usage.amountCents, usage.currency);
    default: return words(usage[column]);
  }
}

/** A text that a spreadsheet would take for a formula is made harmless, as in every file of ours. */
function words(text: string | null): Cell {
  if (!text) return null;
  return { value: /^[=+\-@\t\r]/.test(text) ? `'${text}` : text, type: String };
}

function day(iso: string): Cell {
  return { value: new Date(`${iso}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
}

function money(cents: number | null, currency: string): Cell {
  if (cents === null) return null;
  const places = exponentOf(currency);
  return { value: Number(fromCents(cents, currency)), type: Number, format: `[$${currency}] #,##0${places && `.${'0'.repeat(places)}`}` };
}

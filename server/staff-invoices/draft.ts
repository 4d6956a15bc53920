import { z } from 'zod';
import { fromCents, toCents } from '../money/money.ts';
import { multiply, toQuantity } from '../money/multiply.ts';
import { sumCents } from '../money/allocate.ts';
import { run } from '../platform/database.ts';
import { Refused } from '../platform/errors.ts';
import { isoDay, optionalDay, readForm, refuse, text } from '../platform/forms.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { readStaffLines, type StaffInvoice, type StaffLine } from './staff-invoice.ts';

/** A row of the form as it was typed. `id` is that of the line it was, '' for a new one. */
export interface TypedLine {
  readonly id: string;
  readonly description: string;
  readonly quantity: string;
  readonly price: string;
}

const mostLines = 200;
const blankRows = 3;

/** The rows that a form begins with: what is saved, and a few blank ones. A line without a price shows the one it comes to. */
export function rowsOf(lines: readonly StaffLine[], { currency }: StaffInvoice): TypedLine[] {
  const rows = lines.map(({ id, description, quantity, unitPriceCents, amountCents }) => {
    if (unitPriceCents !== null) return { id, description, quantity, price: fromCents(unitPriceCents, currency) };
    return { id, description, quantity: '1', price: fromCents(amountCents, currency) };
  });
  return [...rows, ...Array.from({ length: blankRows }, () => ({ id: '', description: '', quantity: '', price: '' }))];
}

/** Saves what was typed; the invoice must be locked and unsent. Throws Refused with an error beside each wrong field. */
export async function saveDraft(invoice: StaffInvoice, req: StaffRequest): Promise<void> {
  refuseUnseen(invoice, req);
  const { issuedOn, dueOn, memo } = readForm(headForm, req.body, req.t);
  const lines = readLines(invoice, req);
  const totalCents = sumCents(lines.map(({ amountCents }) => amountCents));
  if (totalCents < 0) refuse('', req.t('staff-invoices.total-below-zero'));
  await writeLines(invoice, lines);
  await run('update app.invoices set issued_on = $2, due_on = $3, memo = $4, total_cents = $5, touched_by = $6, touched_at = now() where id = $1', [
    invoice.id, issuedOn, dueOn ?? null, memo || null, totalCents, req.staff.staffId,
  ]);
}

/** Somebody has sent, voided or changed the invoice since this reader's page was drawn. */
export function refuseUnseen(invoice: StaffInvoice, req: StaffRequest): void {
  const { t, formats } = req;
  if (invoice.status !== 'unsent') refuse('', t(`staff-invoices.already-${invoice.status}`, { number: invoice.number }));
  if (String((req.body as Record<string, unknown>)['revision']) === String(invoice.revision)) return;
  const { touchedBy: name, touchedAt: at } = invoice;
  refuse('', name && at ? t('staff-invoices.meanwhile-by', { name, at: formats.dateTime(at) }) : t('staff-invoices.meanwhile'));
}

export const headForm = z.object({
  issuedOn: isoDay,
  dueOn: optionalDay,
  memo: text(2000),
}).refine(({ issuedOn, dueOn }) => !dueOn || dueOn >= issuedOn, { path: ['dueOn'], message: 'staff-invoices.due-before-issued' });

interface Line {
  readonly id: string;
  readonly description: string;
  readonly quantity: string;
  readonly priceCents: number;
  readonly amountCents: number;
}

/** The rows that somebody has filled in; `remove-3` as the pressed button leaves out that row. */
function readLines({ currency }: StaffInvoice, { body, t }: StaffRequest): Line[] {
  const posted = body as Record<string, unknown>;
  const errors: Record<string, string> = {};
  const lines = typedRows(posted).flatMap((row) => {
    if (posted['do'] === `remove-${row.at}` || !(row.description || row.quantity || row.price)) return [];
    const line = readLine(row, currency);
    for (const [field, message] of Object.entries(line.errors)) errors[`${field}-${row.at}`] = t(message);
    return [{ id: row.id, description: row.description, ...line.values }];
  });
  if (Object.keys(errors).length > 0) throw new Refused(errors);
  if (lines.length > mostLines) refuse('', t('staff-invoices.too-many-lines', { most: mostLines }));
  return lines;
}

export function typedRows(posted: Readonly<Record<string, unknown>>): (TypedLine & { at: number })[] {
  const last = Math.max(-1, ...Object.keys(posted).flatMap((name) => /^(?:description|quantity|price)-(\d{1,3})$/.exec(name)?.[1] ?? []).map(Number));
  const field = (name: string, at: number) => (typeof posted[`${name}-${at}`] === 'string' ? (posted[`${name}-${at}`] as string).trim() : '');
  return Array.from({ length: last + 1 }, (_, at) => ({ at, id: field('id', at), description: field('description', at), quantity: field('quantity', at), price: field('price', at) }));
}

/** Nothing typed as the quantity is one. */
function readLine({ description, quantity: typed, price }: TypedLine, currency: string) {
  const quantity = toQuantity(typed || '1');
  const priceCents = price ? toCents(price, currency) : null;
  const amountCents = quantity && priceCents !== null ? multiply(quantity, priceCents) : null;
  const errors = {
    ...(text(500, { min: 1 }).safeParse(description).success ? {} : { description: description ? 'forms.too-long' : 'forms.required' }),
    ...(quantity ? {} : { quantity: 'staff-invoices.not-a-quantity' }),
    ...(priceCents === null ? { price: price ? 'forms.not-an-amount' : 'forms.required' } : amountCents === null && quantity ? { price: 'forms.not-an-amount' } : {}),
  };
  return { errors, values: { quantity: quantity ?? '1', priceCents: priceCents ?? 0, amountCents: amountCents ?? 0 } };
}

/** Lines that were there keep their id, so that an import knows them again. */
async function writeLines(invoice: StaffInvoice, lines: readonly Line[]): Promise<void> {
  const there = new Set((await readStaffLines(invoice)).map(({ id }) => id));
  const rows = lines.map((line, at) => ({ ...line, position: at + 1 }));
  const [kept, made] = [rows.filter(({ id }) => there.has(id)), rows.filter(({ id }) => !there.has(id))];
  await run('delete from app.invoice_lines where invoice_id = $1 and id <> all($2::uuid[])', [invoice.id, kept.map(({ id }) => id)]);
  await run(
    `update app.invoice_lines l set position = r.position, description = r.description, quantity = r.quantity, unit_price_cents = r."priceCents", amount_cents = r."amountCents"
       from jsonb_to_recordset($2) r (id uuid, position integer, description text, quantity numeric, "priceCents" bigint, "amountCents" bigint)
      where l.invoice_id = $1 and l.id = r.id and row(l.position, l.description, l.quantity, l.unit_price_cents, l.amount_cents) is distinct from row(r.position, r.description, r.quantity, r."priceCents", r."amountCents")
        and not (l.unit_price_cents is null and l.amount_cents = r."amountCents" and l.description = r.description and l.position = r.position)`,
    [invoice.id, JSON.stringify(kept)],
  );
  await run(
    `insert into app.invoice_lines (account_id, invoice_id, position, description, quantity, unit_price_cents, amount_cents)
     select $3, $1, r.position, r.description, r.quantity, r."priceCents", r."amountCents"
       from jsonb_to_recordset($2) r (position integer, description text, quantity numeric, "priceCents" bigint, "amountCents" bigint)`,
    [invoice.id, JSON.stringify(made), invoice.accountId],
  );
}

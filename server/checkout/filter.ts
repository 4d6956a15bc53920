import type { Request } from 'express';
import { z } from 'zod';
import { amountField } from '../money/amount-field.ts';
import { fieldErrors, inOrder, optionalDay, text } from '../platform/forms.ts';
import type { FieldErrors } from '../platform/errors.ts';
import type { PayableInvoice } from './payable-invoices.ts';

const form = (currency: string) => z.object({
  number: text(40, { anyNumber: true }).optional(),
  from: optionalDay,
  to: optionalDay,
  least: amountField(currency).optional(),
  most: amountField(currency).optional(),
}).superRefine(inOrder);
type Filter = z.infer<ReturnType<typeof form>>;

export function readFilter(req: Request): { filter: Filter; filterErrors: FieldErrors; isFiltered: boolean } {
  const result = form(req.tenant.site.currency).safeParse(req.query);
  if (!result.success) return { filter: {}, filterErrors: fieldErrors(result.error, req.t), isFiltered: true };
  const isFiltered = Object.values(result.data).some((value) => value !== undefined && value !== null && value !== '');
  return { filter: result.data, filterErrors: {}, isFiltered };
}

/** By number, by day of issue, by what is open. */
export function showsInvoice(invoice: PayableInvoice, { number, from, to, least, most }: Filter): boolean {
  return (!number || invoice.number.toLowerCase().includes(number.toLowerCase()))
    && (!from || invoice.issuedOn >= from) && (!to || invoice.issuedOn <= to)
    && (least === undefined || least === null || invoice.openCents >= least) && (most === undefined || most === null || invoice.openCents <= most);
}

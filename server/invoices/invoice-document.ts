import { renderPdf } from '../platform/pdf/pdf.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import type { InvoiceDocument } from './invoice-pdf.ts';
import type { InvoiceLine, InvoiceRow } from './invoice.ts';

const drawing = { module: new URL('./invoice-pdf.ts', import.meta.url), draw: 'drawInvoice' };

/** The invoice as a PDF in the reader's language; drawn in the PDF thread, from texts that are ready to print. */
export function drawInvoicePdf(req: CustomerRequest, invoice: InvoiceRow & { memo: string | null }, lines: readonly InvoiceLine[]): Promise<Buffer> {
  return renderPdf(drawing, documentOf(req, invoice, lines));
}

function documentOf(req: CustomerRequest, invoice: InvoiceRow & { memo: string | null }, lines: readonly InvoiceLine[]): InvoiceDocument {
  const { t, formats, tenant, account } = req;
  const money = (cents: number) => formats.money(cents, invoice.currency);
  const open = invoice.totalCents - invoice.paidCents;
  return {
    lang: formats.locale,
    portalName: tenant.site.displayName,
    businessInfo: tenant.site.businessInfo,
    brandColor: tenant.site.brandColor,
    number: invoice.number,
    issuedOn: formats.date(invoice.issuedOn),
    dueOn: invoice.dueOn && formats.date(invoice.dueOn),
    status: t(`invoices.state-${invoice.state}`),
    billTo: [account.name, account.number],
    columns: { description: t('invoices.description'), quantity: t('invoices.quantity'), unitPrice: t('invoices.unit-price'), amount: t('invoices.amount') },
    lines: lines.map((line) => ({
      description: line.description,
      quantity: formats.number(line.quantity),
      unitPrice: line.unitPriceCents === null ? '' : money(line.unitPriceCents),
      amount: money(line.amountCents),
    })),
    totals: [
      { label: t('invoices.total'), value: money(invoice.totalCents) },
      { label: t('invoices.paid'), value: money(invoice.paidCents) },
      { label: t('invoices.amount-due'), value: money(open), strong: true },
    ],
    labels: { invoice: t('invoices.invoice'), issued: t('invoices.issued'), due: t('invoices.due'), billTo: t('invoices.bill-to'), page: t('invoices.page'), memo: t('invoices.memo') },
    memo: invoice.memo ?? '',
  };
}

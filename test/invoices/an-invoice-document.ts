import type { InvoiceDocument } from '../../server/invoices/invoice-pdf.ts';

export type InvoiceLine = InvoiceDocument['lines'][number];

export function aLine(line: Partial<InvoiceLine> = {}): InvoiceLine {
  return { description: 'Open gym', quantity: '1', unitPrice: '$12.50', amount: '$12.50', ...line };
}

/** Lines that can be told apart: "Line 1", "Line 2" … */
export function manyLines(count: number): InvoiceLine[] {
  return Array.from({ length: count }, (_, index) => aLine({ description: `Line ${index + 1}` }));
}

export function anInvoiceDocument(over: Partial<InvoiceDocument> = {}): InvoiceDocument {
  return {
    lang: 'en-US', portalName: 'Acme Gymnastics', businessInfo: '12 Harbour Street\nhello@acme.example.com', brandColor: '#0f766e',
    number: 'INV-1042', issuedOn: '3 Jun 2025', dueOn: '17 Jun 2025', status: 'Past due', billTo: ['Kowalska Family', '48 Elm Avenue'],
    columns: { description: 'Description', quantity: 'Qty', unitPrice: 'Unit price', amount: 'Amount' },
    lines: [aLine()],
    totals: [{ label: 'Subtotal', value: '$12.50' }, { label: 'Total due', value: '$12.50', strong: true }],
    labels: { invoice: 'Invoice', issued: 'Issued', due: 'Due', billTo: 'Bill to', page: 'Page {page} of {pages}', memo: 'Notes' },
    memo: '', ...over,
  };
}

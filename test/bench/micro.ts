import Pdfkit from 'pdfkit';
import { drawInvoice } from '../../server/invoices/invoice-pdf.ts';
import { fonts } from '../../server/platform/pdf/text.ts';
import { formatsFor } from '../../server/platform/formats.ts';
import { anInvoiceDocument, manyLines } from '../invoices/an-invoice-document.ts';
import type { Report } from './report.ts';
import { median, ratioOf } from './statistics.ts';

/** In this process alone: what neighbours on the machine disturb least. */
export async function microReport(isSmall: boolean, say: (line: string) => void): Promise<Report> {
  const rounds = isSmall ? 8 : 24;
  const invoice = anInvoiceDocument({ lines: manyLines(20) });
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let round = -2; round < rounds; round += 1) {
    const [ours, bare] = [await timeOf(10, () => drawInvoice(invoice)), await timeOf(10, () => drawBare(invoice))];
    if (round < 0) continue;
    times.ours.push(ours);
    times.bare.push(bare);
  }
  const formats = formatsFor('en-US', 'USD', 'America/New_York');
  const us = { money: await best(() => formats.money(123_450)), date: await best(() => formats.date('2026-11-09')), moment: await best(() => formats.dateTime('2026-11-09T10:00:00Z')) };
  say(`invoice of 20 lines: ${median(times.ours).toFixed(1)} ms, bare pdfkit ${median(times.bare).toFixed(1)} ms`);
  return {
    title: 'In process',
    gates: [{ name: 'invoice PDF of 20 lines, of bare pdfkit drawing the same page', value: ratioOf(times.ours, times.bare), gate: 1.5, aim: 1.3, better: 'less' }],
    tables: [{
      title: 'Steps', head: ['what', 'cost'],
      rows: [['invoice PDF of 20 lines', `${median(times.ours).toFixed(1)} ms`], ['the same page by bare pdfkit', `${median(times.bare).toFixed(1)} ms`], ['an amount', `${us.money.toFixed(2)} us`], ['a day', `${us.date.toFixed(2)} us`], ['a moment in a zone', `${us.moment.toFixed(2)} us`]],
    }],
    notes: ['Bare pdfkit: the same texts at the same sizes in the same parsed fonts, tagged likewise, at places known beforehand; nothing is measured or wrapped.'],
  };
}

type Invoice = Parameters<typeof drawInvoice>[0];

function drawBare(invoice: Invoice): Promise<Buffer> {
  const pdf = new Pdfkit({ pdfVersion: '1.7', tagged: true, displayTitle: true, lang: invoice.lang, size: 'LETTER', margin: 0, bufferPages: true, font: null } as unknown as PDFKit.PDFDocumentOptions);
  const parts: Buffer[] = [];
  const made = new Promise<Buffer>((resolve) => void pdf.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts))));
  for (const [name, font] of Object.entries(fonts)) pdf.registerFont(name, font as unknown as Buffer);
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  let y = 40;
  const write = (text: string, x: number, size: number, font: 'regular' | 'semibold' = 'regular') => {
    root.add(pdf.struct('P', {}, () => void pdf.font(font).fontSize(size).fillColor('#1b1f24').text(text, x, y, { lineBreak: false })));
  };
  const line = (texts: readonly (string | null)[], size: number, font?: 'regular' | 'semibold') => {
    for (const [at, text] of texts.entries()) if (text) write(text, 48 + at * 130, size, font);
    y += size * 1.7;
  };
  line([invoice.portalName], 16, 'semibold');
  for (const text of invoice.businessInfo.split('\n')) line([text], 9);
  line([`${invoice.labels.invoice} ${invoice.number}`, invoice.status], 16, 'semibold');
  line([invoice.labels.billTo, invoice.labels.issued, invoice.labels.due], 9, 'semibold');
  line([invoice.billTo.join(', '), invoice.issuedOn, invoice.dueOn], 10);
  line(Object.values(invoice.columns), 9, 'semibold');
  for (const { description, quantity, unitPrice, amount } of invoice.lines) {
    line([description, quantity, unitPrice, amount], 10);
    pdf.moveTo(48, y - 4).lineTo(564, y - 4).lineWidth(0.5).stroke('#d8dde3');
  }
  for (const { label, value } of invoice.totals) line([null, null, label, value], 10);
  line([invoice.memo], 10);
  y = 760;
  line([`${invoice.portalName}  ·  ${invoice.number}`], 8);
  root.end();
  pdf.end();
  return made;
}

/** Milliseconds for one. */
async function timeOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const began = process.cpuUsage();
  for (let at = 0; at < times; at += 1) await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000 / times;
}

/** Microseconds for one, of the best of 30 batches. */
async function best(work: () => unknown): Promise<number> {
  const batches: number[] = [];
  for (let batch = 0; batch < 30; batch += 1) {
    const began = performance.now();
    for (let at = 0; at < 2_000; at += 1) work();
    batches.push(((performance.now() - began) * 1000) / 2_000);
  }
  return Math.min(...batches);
}

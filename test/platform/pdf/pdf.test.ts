import assert from 'node:assert/strict';
import { threadId } from 'node:worker_threads';
import { after, describe, it } from 'mocha';
import { AppError, Unavailable } from '../../../server/platform/errors.ts';
import { closePdf, largestPdfDocument, longestPdfQueue, renderPdf } from '../../../server/platform/pdf/pdf.ts';
import { anInvoiceDocument } from '../../invoices/an-invoice-document.ts';
import { readPdf, wordsOf } from '../../support/read-pdf.ts';

const drawings = new URL('drawings.ts', import.meta.url);
const drawing = (draw: string) => ({ module: drawings, draw });
const echo = async (text: string) => String(await renderPdf(drawing('echo'), { text }));
const threadNow = async () => Number(await renderPdf(drawing('thread'), {}));

describe('the PDF thread', () => {
  after(closePdf);

  it('draws an invoice', async () => {
    const invoices = new URL('../../../server/invoices/invoice-pdf.ts', import.meta.url);
    const pdf = await renderPdf({ module: invoices, draw: 'drawInvoice' }, anInvoiceDocument({ billTo: ['Łódź'] }));
    assert.ok(Buffer.isBuffer(pdf));
    assert.ok(wordsOf(readPdf(pdf).pages).includes('Łódź'));
  });

  it('is one other thread for all documents', async () => {
    const threads = await Promise.all([threadNow(), threadNow(), threadNow()]);
    assert.equal(new Set(threads).size, 1);
    assert.notEqual(threads[0], threadId);
  });

  it('gives each caller its own document', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `document ${index}`);
    assert.deepEqual(await Promise.all(texts.map(echo)), texts);
  });

  it('tells the caller why a document could not be drawn, and draws the next', async () => {
    const refused = renderPdf(drawing('fail'), {});
    const next = echo('next');
    await assert.rejects(refused, (error: Error) => /no ink/.test(String(error.cause)));
    assert.equal(await next, 'next');
  });

  it('says so when the drawing does not exist', async () => {
    await assert.rejects(renderPdf(drawing('nothing'), {}));
    await assert.rejects(renderPdf({ module: new URL('absent.ts', drawings), draw: 'echo' }, {}));
  });

  for (const [draw, withinMs] of [['die', 30_000], ['spin', 300]] as const) {
    it(`loses only the document that makes the thread ${draw}`, async function () {
      this.timeout(20_000);
      const before = await threadNow();
      const lost = renderPdf(drawing(draw), {}, withinMs);
      const next = echo('next');
      await assert.rejects(lost, /the PDF thread ended/);
      assert.equal(await next, 'next');
      assert.notEqual(await threadNow(), before);
    });
  }

  it('refuses a document that is too large, before it waits', async () => {
    const refused = renderPdf(drawing('echo'), { text: 'x'.repeat(largestPdfDocument) });
    await assert.rejects(refused, (error) => error instanceof AppError && error.status === 413);
  });

  it('refuses what is no plain data, and goes on', async () => {
    await assert.rejects(renderPdf(drawing('echo'), { text: 1n }), TypeError);
    assert.equal(await echo('next'), 'next');
  });

  it('refuses more than can wait', async () => {
    const all = await Promise.allSettled(Array.from({ length: longestPdfQueue + 10 }, () => echo('x')));
    const refused = all.filter((one) => one.status === 'rejected');
    assert.equal(refused.length, 9);
    assert.ok(refused.every(({ reason }) => reason instanceof Unavailable));
  });

  it('refuses what still waits when it is closed, and starts again when it is asked', async () => {
    const before = await threadNow();
    const drawn = renderPdf(drawing('spin'), {}).catch((error: Error) => error.message);
    const waits = echo('waits').catch((error: unknown) => error instanceof Unavailable);
    await closePdf();
    assert.deepEqual(await Promise.all([drawn, waits]), ['the PDF thread ended while it was drawing', true]);
    assert.notEqual(await threadNow(), before);
  });
});

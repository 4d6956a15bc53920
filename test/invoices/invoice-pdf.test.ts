import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import { assert as holds, asyncProperty, string } from 'fast-check';
import { describe, it } from 'mocha';
import { drawInvoice, type InvoiceDocument } from '../../server/invoices/invoice-pdf.ts';
import { fonts } from '../../server/platform/pdf/text.ts';
import { readPdf, wordsOf, type PdfText, type ReadPdf } from '../support/read-pdf.ts';
import { aLine, anInvoiceDocument, manyLines } from './an-invoice-document.ts';

describe('the PDF of an invoice', () => {
  it('is tagged, names its language and shows its title', async () => {
    const file = (await drawInvoice(anInvoiceDocument({ lang: 'es-MX' }))).toString('latin1');
    assert.match(file, /^%PDF-1\.7/);
    assert.match(file, /\/MarkInfo \d+ 0 R/);
    assert.match(file, /\/Marked true/);
    assert.match(file, /\/StructTreeRoot \d+ 0 R/);
    assert.match(file, /\/Lang \(es-MX\)/);
    assert.match(file, /\/DisplayDocTitle true/);
    assert.match(file, /\(Invoice INV-1042, Acme Gymnastics\)/);
  });

  it('is read out as heading, paragraphs and tables with heads', async () => {
    const pdf = await read({ lines: manyLines(3), memo: 'Bring water.' });
    assert.deepEqual(childrenOf(pdf, 'Document'), ['P', 'P', 'H1', ...Array(7).fill('P'), 'Table', 'Table', 'H2', 'P']);
    assert.equal(count(pdf, /\/S \/TR\b/), 1 + 3 + 2);
    assert.equal(count(pdf, /\/S \/TH\n[^]*\/Scope \/Column/), 4);
    assert.equal(count(pdf, /\/S \/TH\n[^]*\/Scope \/Row/), 2);
    assert.equal(count(pdf, /\/S \/TD\b/), 3 * 4 + 2);
  });

  it('leaves nothing on a page untagged', async () => {
    const pdf = await read({ lines: manyLines(60), billTo: ['张伟'], memo: 'Bring water.' });
    for (const content of pdf.contents) assert.deepEqual(untaggedTexts(content), []);
  });

  it('embeds the letters it uses, and no other font', async () => {
    const bodies = [...(await read()).objects.values()];
    const names = bodies.flatMap((body) => /\/Subtype \/Type0\n\/BaseFont \/(\S+)/.exec(body)?.[1] ?? []);
    assert.deepEqual(names.map((name) => name.slice(6)).toSorted(), ['+NotoSans-Regular', '+NotoSans-SemiBold']);
    assert.equal(bodies.filter((body) => body.includes('/FontFile2')).length, 2);
    assert.equal(bodies.filter((body) => body.includes('Helvetica')).length, 0);
  });

  it('says Łódź, Greek, Cyrillic and the signs of money as they are written', async () => {
    const words = ['Łódź', 'Ακαδημία Ήλιος', 'Школа танцев', 'Nguyễn Ước', 'office fjord', '−1\u202f234,50\u00a0€ ₹ ₪ ₺ zł'];
    const { pages } = await read({ lines: words.map((description) => aLine({ description })), portalName: words.join(' ') });
    const said = wordsOf(pages);
    for (const word of words) assert.ok(said.includes(word), word);
  });

  it('composes letters that come in parts', async () => {
    assert.ok(wordsOf((await read({ billTo: ['Łódź Zoë'.normalize('NFD')] })).pages).includes('Łódź Zoë'));
  });

  it('shows a substitute for a letter that the font lacks, and says the real name', async () => {
    const { pages, contents } = await read({ billTo: ['张伟 Wei', 'محمد', '👩‍👩‍👧 Family'] });
    const said = wordsOf(pages);
    for (const shown of ['\ufffd\ufffd Wei', '\ufffd'.repeat(4), '\ufffd'.repeat(3) + ' Family']) assert.ok(said.includes(shown), shown);
    assert.deepEqual(actualTexts(contents[0]!), ['张伟 Wei ', 'محمد ', '👩‍👩‍👧 Family']);
  });

  it('says letters as they are written that are drawn from parts or in another order', async () => {
    for (const name of ['अनिता शर्मा', 'Thị Ngọc', 'Ọlọ́run']) {
      assert.deepEqual(actualTexts((await read({ billTo: [name] })).contents[0]!), [name]);
    }
  });

  it('repeats the head of the table and numbers every page of 300 lines, and loses no line', async () => {
    const { pages } = await read({ lines: manyLines(300) });
    assert.equal(pages.length, 12);
    pages.forEach((page, index) => {
      assert.deepEqual(headsOn(page), ['Description', 'Qty', 'Unit price', 'Amount']);
      assert.equal(page.at(-1)?.text, `Page ${index + 1} of 12`);
      assert.equal(page.find(({ text }) => text === 'Description')?.isArtifact, index > 0);
    });
    const drawn = pages.flat().map(({ text }) => text).filter((text) => text.startsWith('Line '));
    assert.deepEqual(drawn, manyLines(300).map(({ description }) => description));
  });

  it('never leaves the totals alone on a page, nor cuts them', async () => {
    for (let lines = 1; lines <= 50; lines += 1) {
      const { pages } = await read({ lines: manyLines(lines) });
      const last = pages.find((page) => page.some(({ text }) => text === 'Subtotal')) ?? [];
      assert.ok(last.some(({ text }) => text === `Line ${lines}`), `${lines} lines`);
      assert.ok(last.some(({ text }) => text === 'Total due'), `${lines} lines`);
    }
  });

  it('takes a description longer than a page over the next pages, with its end beside the totals', async () => {
    const description = Array.from({ length: 3000 }, (_, index) => `word${index}`).join(' ');
    const { pages } = await read({ lines: [aLine(), aLine({ description })] });
    assert.ok(pages.length > 2);
    assert.deepEqual(wordsOf(pages).match(/word\d+/g), description.split(' '));
    assert.ok(pages.at(-1)!.some(({ text }) => text.includes('word2999')) && pages.at(-1)!.some(({ text }) => text === 'Total due'));
  });

  it('takes long notes over the next pages and keeps their paragraphs', async () => {
    const memo = Array.from({ length: 120 }, (_, index) => `Note ${index}.`).join('\r\n\r\n');
    const { pages } = await read({ memo });
    assert.deepEqual(wordsOf(pages).match(/Note \d+\./g), memo.split('\r\n\r\n'));
    assert.ok(pages.length > 2);
  });

  it('A32 gives up on more pages than fit in memory', async () => {
    await assert.rejects(drawInvoice(anInvoiceDocument({ memo: '\n.'.repeat(30_000) })), /more than 500 pages/);
  });

  it('keeps every text inside the margins, however long its words are', async () => {
    const { pages } = await read(awkward);
    for (const piece of pages.flat()) {
      assert.ok(piece.x >= 54 - 0.01 && piece.x + widthOf(piece) <= 612 - 54 + 0.01, piece.text);
      assert.ok(piece.y >= 30 && piece.y <= 792 - 48, piece.text);
    }
  });

  it('prints nil, negative and huge amounts whole and aligned at the right', async () => {
    const amounts = ['$0.00', '−$12.50', '-$9,007,199,254,740.99', '$9,007,199,254,740.99', '(1,00 €)', '¥5,000'];
    const { pages } = await read({ lines: amounts.map((amount) => aLine({ amount })) });
    const drawn = pages.flat().filter(({ text }) => amounts.includes(text));
    assert.deepEqual(drawn.map(({ text }) => text), amounts);
    for (const piece of drawn) assert.ok(Math.abs(piece.x + widthOf(piece) - 558) < 0.01, piece.text);
  });

  it('never parts a sign from its amount', async () => {
    const { pages } = await read({ lines: [aLine({ description: `${'refunded as agreed '.repeat(9)}-$12.50` })] });
    assert.ok(wordsOf(pages).includes('-$12.50'));
  });

  it('draws an invoice with no lines, no totals, no address and no notes', async () => {
    const { pages } = await read({ lines: [], totals: [], billTo: [], businessInfo: '', memo: ' \n', dueOn: null, status: '' });
    assert.equal(pages.length, 1);
    for (const absent of ['Bill to', 'Due', 'Notes']) assert.ok(!wordsOf(pages).split('\n').includes(absent), absent);
  });

  it('picks the paper of the region', async () => {
    const sizes = { 'en-US': '[0 0 612 792]', 'es-MX': '[0 0 612 792]', 'en-GB': '[0 0 595.28 841.89]', es: '[0 0 595.28 841.89]' };
    for (const [lang, box] of Object.entries(sizes)) assert.ok([...(await read({ lang })).objects.values()].some((body) => body.includes(`/MediaBox ${box}`)), lang);
  });

  it('darkens a brand colour that could not be read, and takes none for black', async () => {
    for (const brandColor of ['#ffff00', '#ffffff', 'red; }']) {
      const [red = 1] = /([\d.]+) [\d.]+ [\d.]+ scn/.exec((await read({ brandColor })).contents[0]!)?.slice(1).map(Number) ?? [];
      assert.ok(red < 0.55, brandColor);
    }
  });

  it('keeps the metadata readable with & and < in a name', async () => {
    const file = (await drawInvoice(anInvoiceDocument({ portalName: 'Ball & Łódź <b>' }))).toString('utf8');
    assert.match(file, /<rdf:li xml:lang="x-default">Invoice INV-1042, Ball &#38; Łódź &#60;b&#62;<\/rdf:li>/);
  });

  it('A31 prints HTML, addresses and templates as they are typed, and fetches nothing', async () => {
    const texts = ['<img src="http://evil.example/x.png">', '<b>bold</b>', 'file:///etc/passwd', '${7*7} {{7*7}} <%= 7*7 %>'];
    let fetched = 0;
    const onFetch = () => { fetched += 1; };
    for (const channel of outward) diagnostics.subscribe(channel, onFetch);
    const pdf = await read({ lines: texts.map((description) => aLine({ description })), memo: texts.join('\n') });
    for (const channel of outward) diagnostics.unsubscribe(channel, onFetch);
    for (const text of texts) assert.equal(wordsOf(pdf.pages).split(text).length, 3, text);
    assert.equal(fetched, 0);
    assert.equal(count(pdf, /\/(URI|Annots|XObject|JavaScript|EmbeddedFile)\b/), 0);
  });

  it('A32 drops control characters and direction overrides', async () => {
    const { pages } = await read({ billTo: ['a\0b\u202ec\u0007d\u2028e\u200ff\ufeffg\tI\ud800'] });
    assert.ok(wordsOf(pages).includes('abcd\nefg I\ufffd'));
  });

  it('A32 draws any text at all', async () => {
    const text = string({ unit: 'binary', maxLength: 60 });
    await holds(asyncProperty(text, text, string(), async (one, two, amount) => {
      const over = { portalName: one, billTo: [two], number: amount, memo: one, lines: [aLine({ description: two, amount })] };
      assert.ok((await read(over)).pages.length > 0);
    }), { numRuns: 60 });
  });

  it('draws two invoices at once without mixing their letters', async () => {
    const [one, two] = await Promise.all([read({ billTo: ['Zażółć gęślą jaźń'] }), read({ billTo: ['Съешь ещё этих булок'] })]);
    assert.ok(wordsOf(one.pages).includes('Zażółć gęślą jaźń') && wordsOf(two.pages).includes('Съешь ещё этих булок'));
  });
});

const outward = ['net.client.socket', 'undici:request:create', 'http.client.request.start'];

const awkward: Partial<InvoiceDocument> = {
  portalName: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft '.repeat(4),
  businessInfo: 'x'.repeat(400), number: '9'.repeat(300), status: 'Partially paid, promised for Friday '.repeat(6), issuedOn: 'Wednesday-the-seventeenth-of-September',
  billTo: Array.from({ length: 40 }, () => 'W'.repeat(90)),
  lines: [
    aLine({ description: 'W'.repeat(700), quantity: '12,345,678,901.123456789', unitPrice: '$9,007,199,254,740.99', amount: '-$9,007,199,254,740.99' }),
    aLine({ description: '漢'.repeat(500), quantity: '9'.repeat(80), amount: '$'.repeat(200) }),
  ],
  totals: [{ label: 'Subtotal before any discount '.repeat(8), value: '9'.repeat(120), strong: true }],
  memo: `${'m'.repeat(900)}\n${'Short words. '.repeat(90)}`,
};

async function read(over: Partial<InvoiceDocument> = {}): Promise<ReadPdf> {
  return readPdf(await drawInvoice(anInvoiceDocument(over)));
}

function count({ objects }: ReadPdf, pattern: RegExp): number {
  return [...objects.values()].filter((body) => pattern.test(body)).length;
}

/** The structure types below the element of this type. */
function childrenOf({ objects }: ReadPdf, type: string): string[] {
  const parent = [...objects.values()].find((body) => body.includes(`/S /${type}\n`)) ?? '';
  const kids = [...(/\/K \[([^\]]*)\]/.exec(parent)?.[1] ?? '').matchAll(/(\d+) 0 R/g)];
  return kids.map(([, id = '']) => /\/S \/(\w+)/.exec(objects.get(id) ?? '')?.[1] ?? '');
}

/** Texts that stand in no marked content. */
function untaggedTexts(content: string): string[] {
  let open = 0;
  return [...content.matchAll(/(BDC|BMC)$|^(EMC)$|^(BT)$/gm)].filter(([, begin, end, text]) => {
    open += Number(begin !== undefined) - Number(end !== undefined);
    return text !== undefined && open === 0;
  }).map(([, , , text]) => text ?? '');
}

/** The ActualText of each marked run, from UTF-16 with a byte order mark. */
function actualTexts(content: string): string[] {
  return [...content.matchAll(/\/ActualText \(((?:\\[^]|[^\\)])*)\)/g)].map(([, escaped = '']) => {
    const bytes = Buffer.from(escaped.replace(/\\([nrtbf()\\])/g, (_whole, key: string) => unescaped[key] ?? key), 'latin1');
    return bytes.subarray(2).swap16().toString('utf16le');
  });
}

const unescaped: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function headsOn(page: PdfText[]): string[] {
  return page.map(({ text }) => text).filter((text) => ['Description', 'Qty', 'Unit price', 'Amount'].includes(text));
}

function widthOf({ text, size, font }: PdfText): number {
  const { advanceWidth } = fonts[font.endsWith('SemiBold') ? 'semibold' : 'regular'].layout(text.trimEnd());
  return (advanceWidth * size) / 1000;
}

import { Worker } from 'node:worker_threads';
import { AppError, Unavailable } from '../errors.ts';

/** The function `draw` that the module exports: `(document) => Promise<Buffer>`. It runs in the PDF thread, alone there. */
export interface PdfDrawing {
  module: URL;
  draw: string;
}

/** What the thread is told, and what it answers. */
export interface PdfJob {
  module: string;
  draw: string;
  /** As JSON: what is no plain data is refused here, and cannot jam the thread. */
  json: string;
}
export type PdfReply = { pdf: Uint8Array } | { failure: string };

/** In characters of JSON: about 5,000 invoice lines. What is larger belongs in parts; a thread out of memory ends the process. */
export const largestPdfDocument = 600_000;
export const longestPdfQueue = 100;

/**
 * Draws in one long-lived thread, in the order asked for, so that a long document never holds up the requests. The document
 * is plain data (it travels as JSON). Throws 413 for one that is too large and Unavailable when too many wait. A thread that
 * dies, or draws for longer than `withinMs`, takes its own document with it; the next one gets a new thread.
 */
export async function renderPdf({ module, draw }: PdfDrawing, document: unknown, withinMs = 30_000): Promise<Buffer> {
  const json = JSON.stringify(document);
  if (json.length > largestPdfDocument) throw new AppError(413, 'the document is too large to draw as one PDF');
  if (waiting.length >= longestPdfQueue) throw new Unavailable('too many PDFs are waiting to be drawn');
  const job = { module: module.href, draw, json };
  return new Promise((resolve, reject) => {
    waiting.push({ job, withinMs, resolve, reject });
    drawNext();
  });
}

/** Ends the thread and refuses what still waits. The next renderPdf starts a new one. */
export async function closePdf(): Promise<void> {
  for (const { reject } of waiting.splice(0)) reject(new Unavailable('stopping'));
  await thread?.terminate();
}

interface Waiting {
  job: PdfJob;
  withinMs: number;
  resolve: (pdf: Buffer) => void;
  reject: (error: Error) => void;
}

const waiting: Waiting[] = [];
let drawing: Waiting | undefined;
let deadline: NodeJS.Timeout | undefined;
let thread: Worker | undefined;

function drawNext(): void {
  if (drawing) return;
  drawing = waiting.shift();
  if (!drawing) return thread?.unref();
  thread ??= startThread();
  thread.ref();
  deadline = setTimeout(() => void thread?.terminate(), drawing.withinMs);
  thread.postMessage(drawing.job, []);
}

function startThread(): Worker {
  const started = new Worker(new URL('worker.ts', import.meta.url), { execArgv: [] });
  let cause: unknown;
  started.on('message', (reply: PdfReply) => finish((job) => settle(job, reply)));
  started.on('error', (error) => { cause = error; });
  started.on('exit', () => {
    thread = undefined;
    finish((job) => job.reject(new Error('the PDF thread ended while it was drawing', { cause })));
  });
  return started;
}

function finish(tell: (job: Waiting) => void): void {
  clearTimeout(deadline);
  const done = drawing;
  drawing = undefined;
  if (done) tell(done);
  drawNext();
}

function settle({ resolve, reject }: Waiting, reply: PdfReply): void {
  if ('pdf' in reply) resolve(Buffer.from(reply.pdf.buffer, reply.pdf.byteOffset, reply.pdf.byteLength));
  else reject(new Error('a PDF could not be drawn', { cause: reply.failure }));
}

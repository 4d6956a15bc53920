import { parentPort } from 'node:worker_threads';
import type { PdfJob, PdfReply } from './pdf.ts';

// The thread of pdf.ts: draws one document at a time with the function that the job names.
parentPort?.on('message', (job: PdfJob) => {
  void draw(job).then((reply) => parentPort?.postMessage(reply, []));
});

async function draw({ module, draw: name, json }: PdfJob): Promise<PdfReply> {
  try {
    const drawings = await import(module) as Record<string, (document: unknown) => Promise<Uint8Array>>;
    return { pdf: await drawings[name]!(JSON.parse(json)) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

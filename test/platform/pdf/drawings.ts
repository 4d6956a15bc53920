import { threadId } from 'node:worker_threads';

// Drawings for the PDF thread to run, in place of real ones.

export async function echo(document: { text: string }): Promise<Buffer> {
  return Buffer.from(document.text);
}

export async function thread(): Promise<Buffer> {
  return Buffer.from(String(threadId));
}

export async function fail(): Promise<Buffer> {
  throw new Error('no ink');
}

export async function die(): Promise<Buffer> {
  process.exit(1);
}

export async function spin(): Promise<Buffer> {
  for (;;);
}

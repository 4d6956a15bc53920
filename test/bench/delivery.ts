import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Ask } from './load.ts';
import { cpuOf, type Served } from './processes.ts';
import { ask } from './sample.ts';
import { median } from './statistics.ts';

/** What other ways to send a page would cost a processor, and how large it would be: what compression, ETags and keep-alive are decided by. */
export async function waysToSend(product: Served, asks: readonly Ask[]): Promise<string[][]> {
  const first = asks[0];
  if (!first) throw new Error('nobody asks');
  const page = Buffer.from((await ask(product, first.path, first.headers)).html);
  const row = (way: string, us: number, bytes?: number) => [way, us.toFixed(0), bytes === undefined ? '' : (bytes / 1000).toFixed(1)];
  const lightBrotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
  return [
    row('the product, connections kept', await appUs(product, asks, true), page.length),
    row('the product, a new connection for each page', await appUs(product, asks, false), page.length),
    row('beside it: gzip, level 1', timeOf(() => gzipSync(page, { level: 1 })), gzipSync(page, { level: 1 }).length),
    row('beside it: brotli, level 4', timeOf(() => brotliCompressSync(page, lightBrotli)), brotliCompressSync(page, lightBrotli).length),
    row('beside it: an ETag (SHA-1 of the page)', timeOf(() => createHash('sha1').update(page).digest('base64'))),
  ];
}

/** Processor time a page of the product's process, 16 at a time. The median of five batches. */
async function appUs(product: Served, asks: readonly Ask[], isKept: boolean): Promise<number> {
  const agent = new Agent({ keepAlive: isKept, maxSockets: 16 });
  const batches: number[] = [];
  for (let batch = 0; batch < 5; batch += 1) {
    const before = cpuOf(product.pid);
    await Promise.all(Array.from({ length: batchSize }, async (_, at) => read(product, asks[at % asks.length], agent)));
    batches.push((cpuOf(product.pid) - before) / batchSize);
  }
  agent.destroy();
  return median(batches);
}

const batchSize = 1000;

function read(product: Served, { path, headers }: Ask = { path: '/', headers: {} }, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${product.url}${path}`, { agent, headers }, (res) => {
      if (res.statusCode !== 200) reject(new Error(`${path} answered ${res.statusCode}`));
      res.resume().once('end', resolve);
    }).once('error', reject);
  });
}

/** Microseconds of one, in this process: the median of 300. */
function timeOf(work: () => unknown): number {
  const times = Array.from({ length: 300 }, () => {
    const began = performance.now();
    work();
    return (performance.now() - began) * 1000;
  });
  return median(times);
}

import { readFile } from 'node:fs/promises';
import { fileTypeOf, safeFileName } from './file-type.ts';
import { openSharp } from './sharp.ts';

/** A file as it may be kept: by what it holds, never by what it is called. */
export interface CleanFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}
export type FileFault = 'empty' | 'wrong-type' | 'broken' | 'too-many-pixels';

const mostPixels = 40_000_000;
const longestSide = 3000;

/** Pictures are drawn anew: upright, of a size for reading, and nothing else in them: no place, no time, no second file behind them. */
export async function cleanFile(file: { readonly path: string; readonly originalname: string }, allowed: readonly ('images' | 'pdf')[]): Promise<CleanFile | FileFault> {
  const content = await readFile(file.path);
  if (content.length === 0) return 'empty';
  const found = fileTypeOf(content);
  const isPdf = found?.type === 'application/pdf';
  if (!found || !allowed.includes(isPdf ? 'pdf' : 'images')) return 'wrong-type';
  if (isPdf) return isWholePdf(content) ? { name: safeFileName(file.originalname, found), type: found.type, content } : 'broken';
  const drawn = await drawAnew(content, found.type);
  if (typeof drawn === 'string') return drawn;
  // A GIF becomes a PNG: what its name ended with is no longer true.
  const given = found.type === drawn.type ? file.originalname : file.originalname.replace(/\.gif$/i, '');
  return { name: safeFileName(given, { type: drawn.type, extensions: found.type === drawn.type ? found.extensions : ['png'] }), ...drawn };
}

/** Ends as a PDF does, and is no archive at the same time. */
function isWholePdf(content: Buffer): boolean {
  const hasEnd = content.subarray(-1024).includes('%%EOF');
  return hasEnd && !content.subarray(-66_000).includes(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
}

async function drawAnew(content: Buffer, type: string): Promise<Pick<CleanFile, 'type' | 'content'> | FileFault> {
  const sharp = await openSharp();
  try {
    const { format, width, height } = await sharp(content, { limitInputPixels: false }).metadata();
    if (`image/${format}` !== type) return 'broken';
    // Before anything is unpacked: a few kilobytes can claim to be gigabytes.
    if (width * height > mostPixels) return 'too-many-pixels';
    const image = sharp(content, { failOn: 'error', limitInputPixels: mostPixels }).autoOrient().resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true });
    if (type === 'image/jpeg') return { type, content: await image.jpeg({ quality: 82 }).toBuffer() };
    if (type === 'image/webp') return { type, content: await image.webp({ quality: 82 }).toBuffer() };
    return { type: 'image/png', content: await image.png().toBuffer() };
  } catch {
    return 'broken';
  }
}

import { createHash } from 'node:crypto';
import { fileTypeOf } from '../platform/files/file-type.ts';
import { openSharp } from '../platform/files/sharp.ts';

export type PictureKind = 'logo' | 'banner';
/** Twice the size at which they are shown, for sharp screens. */
const boxes: Readonly<Record<PictureKind, { readonly width: number; readonly height: number }>> = {
  logo: { width: 400, height: 120 },
  banner: { width: 1600, height: 480 },
};
const taken = ['image/png', 'image/jpeg', 'image/webp'];
const mostPixels = 40_000_000;

export interface Picture {
  /** What it holds, and its size: '<sha-256>-200x60'. The same picture has the same name. */
  readonly name: string;
  readonly content: Buffer;
}

/**
 * A picture as we serve it: drawn anew, so that nothing else travels in it. Undefined for what is no PNG, JPEG or WebP by its content,
 * is broken, or is smaller than 16 or larger than 40 million pixels. Its name or what a browser calls it is not asked.
 */
export async function drawAnew(content: Buffer, kind: PictureKind): Promise<Picture | undefined> {
  const type = fileTypeOf(content)?.type ?? '';
  if (!taken.includes(type)) return undefined;
  const sharp = await openSharp();
  try {
    const image = sharp(content, { failOn: 'error', limitInputPixels: mostPixels });
    const { format, width, height } = await image.metadata();
    if (`image/${format}` !== type || Math.min(width, height) < 4 || width * height < 16) return undefined;
    const { data, info } = await image.autoOrient().resize({ ...boxes[kind], fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toBuffer({ resolveWithObject: true });
    return { name: `${createHash('sha256').update(data).digest('hex')}-${info.width}x${info.height}`, content: data };
  } catch {
    return undefined;
  }
}

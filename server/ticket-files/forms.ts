import type { Request } from 'express';
import { z } from 'zod';
import { Refused } from '../platform/errors.ts';
import { cleanFile, type CleanFile } from '../platform/files/clean-file.ts';
import type { Upload } from '../platform/files/uploads.ts';
import { fieldErrors, text, uuid } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';

const mostBytes = 100_000;
/** The schema only guards: how much is too much is counted as people do, below. */
export const writing = text(mostBytes).transform((typed) => typed.replace(/\r\n?/g, '\n'));
export const messageForm = z.object({ body: writing, requestKey: uuid });

/** What somebody writes may have files with it: as many and as large as the organization takes. */
export const ticketUpload = ({ tenant }: Request): Upload => ({ field: 'files', bytes: tenant.site.ticketFiles.megabytes * 1_000_000, files: tenant.site.ticketFiles.most });

/** Everything that is wrong, beside its field. What was typed is kept; files have to be chosen again, which is said, too. */
export async function readWithFiles<Schema extends z.ZodType<{ body: string }>>(schema: Schema, req: Request, { longest, takesFilesAlone }: { longest: number; takesFilesAlone?: boolean }): Promise<{ form: z.infer<Schema>; files: CleanFile[] }> {
  const uploads = Array.isArray(req.files) ? req.files : [];
  const result = schema.safeParse(req.body ?? {});
  const errors: Record<string, string> = { ...(!result.success && fieldErrors(result.error, req.t)) };
  const mayBeEmpty = takesFilesAlone && (uploads.length > 0 || req.uploadFault);
  const wrong = bodyError(writing.safeParse((req.body as Record<string, unknown> | undefined)?.['body']).data, longest, !mayBeEmpty, req.t);
  if (wrong) errors['body'] ??= wrong;
  const { files, fault } = await readFiles(req, uploads);
  if (fault) errors['files'] = fault;
  else if (Object.keys(errors).length > 0 && uploads.length > 0) errors['files'] = req.t('tickets.files-again');
  if (!result.success || Object.keys(errors).length > 0) throw new Refused(errors);
  return { form: result.data, files };
}

/** S4-17: characters as a person counts them: a flag or a letter with its accents is one. */
export function countCharacters(typed: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(typed)].length;
}

function bodyError(body: string | undefined, longest: number, isMissed: boolean, t: Translate): string | undefined {
  if (!body) return isMissed ? t('forms.required') : undefined;
  const count = countCharacters(body);
  return count > longest ? t('tickets.too-long', { count, limit: longest + 1 }) : undefined;
}

async function readFiles({ uploadFault, tenant: { site }, t }: Request, uploads: readonly Express.Multer.File[]): Promise<{ files: CleanFile[]; fault?: string }> {
  const { types, most, megabytes } = site.ticketFiles;
  if (uploadFault) return { files: [], fault: t(`tickets.files-${uploadFault}`, { most, megabytes, count: most }) };
  const files: CleanFile[] = [];
  for (const upload of uploads) {
    const cleaned = await cleanFile(upload, types);
    if (typeof cleaned === 'string') return { files: [], fault: t(`tickets.file-${cleaned}`, { name: upload.originalname.replace(/\p{C}/gu, '').slice(-80), types: t(`tickets.takes-${types.join('-') || 'none'}`) }) };
    files.push(cleaned);
  }
  return { files };
}

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors.ts';

export interface Upload {
  readonly field: string;
  readonly bytes: number;
  /** Several files, which the handler finds in req.files. It is told of too many or too large ones, too, by req.uploadFault, and answers beside the field. */
  readonly files?: number;
}
export type UploadFault = 'too-large' | 'too-many';

/**
 * Takes the files of a form to a temporary place; req.file or req.files say where. Whatever becomes of the request, the files go
 * with it unless the handler has moved them away. Fields of the form that stand before the files are in req.body afterwards.
 */
export function acceptUpload(given: Upload | ((req: Request) => Upload)): RequestHandler {
  return async (req, res, next) => {
    const { default: multer, MulterError } = await import('multer');
    const { field, bytes, files } = typeof given === 'function' ? given(req) : given;
    const made: string[] = [];
    const clean = () => made.forEach((name) => void rm(path.join(os.tmpdir(), name), { force: true }));
    const storage = multer.diskStorage({
      destination: os.tmpdir(),
      filename: (_req, _file, done) => done(null, made[made.push(`upload-${randomUUID()}`) - 1] ?? ''),
    });
    const limits = { fileSize: bytes, files: files ?? 1, fields: 20, fieldSize: 100_000, parts: 22 + (files ?? 0) };
    const form = multer({ storage, limits, defParamCharset: 'utf8' });
    res.once('close', clean);
    (files ? form.array(field, files) : form.single(field))(req, res, (error: unknown) => {
      // Of an upload that was broken off, the last piece may come to rest only now.
      if (res.destroyed) clean();
      const fault = error instanceof MulterError ? faults[error.code] : undefined;
      if (fault && files) {
        req.uploadFault = fault;
        return next();
      }
      if (error instanceof MulterError) return next(new AppError(error.code === 'LIMIT_FILE_SIZE' ? 413 : 400, error.message));
      return next(error);
    });
  };
}

const faults: Readonly<Record<string, UploadFault>> = { LIMIT_FILE_SIZE: 'too-large', LIMIT_FILE_COUNT: 'too-many', LIMIT_UNEXPECTED_FILE: 'too-many', LIMIT_PART_COUNT: 'too-many' };

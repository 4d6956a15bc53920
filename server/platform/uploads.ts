import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import type { RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { AppError } from './errors.ts';

/**
 * Takes one file of a form to a temporary place; req.file says where. Whatever becomes of the request, the file goes with it
 * unless the handler has moved it away. Fields of the form are in req.body afterwards.
 */
export function acceptUpload({ field, bytes }: { readonly field: string; readonly bytes: number }): RequestHandler {
  const storage = multer.diskStorage({ destination: os.tmpdir(), filename: (_req, _file, done) => done(null, `upload-${randomUUID()}`) });
  const limits = { fileSize: bytes, files: 1, fields: 20, fieldSize: 100_000, parts: 22 };
  const take = multer({ storage, limits, defParamCharset: 'utf8' }).single(field);
  return (req, res, next) => {
    res.once('close', () => {
      if (req.file) void rm(req.file.path, { force: true });
    });
    take(req, res, (error: unknown) => {
      if (error instanceof MulterError) return next(new AppError(error.code === 'LIMIT_FILE_SIZE' ? 413 : 400, error.message));
      return next(error);
    });
  };
}

import type { RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { SightlineError } from '../core/errors.js';

const MEGABYTE = 1024 * 1024;
export const MAX_UPLOAD_BYTES: number = 32 * MEGABYTE;

/** Uploads are held in memory, looked at once, and never kept. */
const upload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 8, fieldSize: 16 * 1024, headerPairs: 32 },
}).single('image');

function uploadFault(error: unknown): unknown {
  if (!(error instanceof MulterError)) return error;
  if (error.code === 'LIMIT_FILE_SIZE') {
    const message = `Expected a picture of at most ${MAX_UPLOAD_BYTES / MEGABYTE} MB. Shrink it and try again.`;
    return new SightlineError('ERR_UPLOAD_TOO_LARGE', message, { cause: error });
  }
  return new SightlineError(
    'ERR_REQUEST_INVALID',
    `Expected one picture in the field image: ${error.message}.`,
    { cause: error },
  );
}

/** Reads a form with one picture. The next handler finds it in `request.file`. @throws ERR_REQUEST_INVALID, ERR_UPLOAD_TOO_LARGE */
export const pictureUpload: RequestHandler = (request, response, next) => {
  upload(request, response, (error: unknown) => {
    if (error) return next(uploadFault(error));
    if (request.file !== undefined) return next();
    const message = 'Expected a picture in the multipart field image but there is none.';
    next(new SightlineError('ERR_REQUEST_INVALID', message));
  });
};

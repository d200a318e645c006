import type { Request, RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { SightlineError } from '../core/errors.js';

const MEGABYTE = 1024 * 1024;
export const MAX_UPLOAD_BYTES: number = 32 * MEGABYTE;

/** What one query may be blended of; all of them together are as large as one may be. */
export const MAX_PICTURES = 4;

/** Uploads are held in memory, looked at once, and never kept. */
const upload = multer({
  storage: multer.memoryStorage(),
  limits: {
    fileSize: MAX_UPLOAD_BYTES,
    files: MAX_PICTURES,
    fields: 16,
    fieldSize: 16 * 1024,
    headerPairs: 32,
  },
}).array('image');

function tooLarge(cause?: unknown): SightlineError {
  const message = `Expected pictures of at most ${MAX_UPLOAD_BYTES / MEGABYTE} MB together. Shrink them and try again.`;
  return new SightlineError('ERR_UPLOAD_TOO_LARGE', message, { cause });
}

/** The pictures of a form, in the order in which they were sent. */
export function uploadedPictures({ files }: Request): readonly Uint8Array[] {
  return Array.isArray(files) ? files.map(({ buffer }) => buffer) : [];
}

function uploadFault(error: unknown): unknown {
  if (!(error instanceof MulterError)) return error;
  if (error.code === 'LIMIT_FILE_SIZE') return tooLarge(error);
  return new SightlineError(
    'ERR_REQUEST_INVALID',
    `Expected one to ${MAX_PICTURES} pictures in the field image: ${error.message}.`,
    { cause: error },
  );
}

/** Reads a form with pictures. `uploadedPictures` gives them to the next handler. @throws ERR_REQUEST_INVALID, ERR_UPLOAD_TOO_LARGE */
export const pictureUpload: RequestHandler = (request, response, next) => {
  upload(request, response, (error: unknown) => {
    if (error) return next(uploadFault(error));
    const pictures = uploadedPictures(request);
    const bytes = pictures.reduce((sum, { length }) => sum + length, 0);
    if (bytes > MAX_UPLOAD_BYTES) return next(tooLarge());
    if (pictures.length > 0) return next();
    const message = 'Expected a picture in the multipart field image but there is none.';
    next(new SightlineError('ERR_REQUEST_INVALID', message));
  });
};

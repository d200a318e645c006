import { Router } from 'express';
import multer, { MulterError } from 'multer';
import { SightlineError } from '../core/errors.js';
import type { ItemId } from '../core/item.js';
import type { Query } from '../core/query.js';
import type { SearchEngine } from '../engine/mod.js';
import {
  PICTURE_SEARCH_FIELDS,
  pictureSearchRequest,
  SEARCH_FIELDS,
  searchAnswer,
  searchRequest,
} from './schemas.js';
import { validated } from './validation.js';

const MEGABYTE = 1024 * 1024;
export const MAX_UPLOAD_BYTES: number = 32 * MEGABYTE;

/** Uploads are held in memory, looked at once, and never kept. */
const upload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 8, fieldSize: 16 * 1024, headerPairs: 32 },
});

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

export function searchRoutes(engine: SearchEngine): Router {
  const router = Router();

  router.post('/search', async (request, response) => {
    const { text, imageId, ...page } = validated(searchRequest, request.body ?? {}, SEARCH_FIELDS);
    const query: Query = {
      ...(text !== undefined && { text }),
      ...(imageId !== undefined && { itemId: imageId as ItemId }),
    };
    response.json(searchAnswer(await engine.search(query, page)));
  });

  router.post(
    '/search/image',
    (request, response, next) => {
      upload.single('image')(request, response, (error: unknown) => next(error && uploadFault(error)));
    },
    async (request, response) => {
      const body = { ...request.body } as unknown;
      const { text, ...page } = validated(pictureSearchRequest, body, PICTURE_SEARCH_FIELDS);
      if (request.file === undefined) {
        throw new SightlineError(
          'ERR_REQUEST_INVALID',
          'Expected a picture in the multipart field image but there is none.',
        );
      }
      const query: Query = { image: request.file.buffer, ...(text !== undefined && { text }) };
      response.json(searchAnswer(await engine.search(query, page)));
    },
  );

  return router;
}

import { basename } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { ItemId } from '../core/item.js';
import type { SearchEngine } from '../engine/mod.js';
import { itemAnswer, itemId } from './schemas.js';
import { validated } from './validation.js';

const idOf = (request: Request): ItemId => validated(itemId, request.params['id'], []);

/** An id stands for one content for ever, so browsers may keep what they got. */
const FOR_EVER = 'private, max-age=31536000, immutable';

function sendPicture(response: Response, bytes: Uint8Array, format: string): void {
  response.set('Cache-Control', FOR_EVER).type(`image/${format}`).send(bytes);
}

/** Items by id alone: no path ever comes from a client, so only what was ingested is ever served. */
export function itemRoutes(engine: SearchEngine): Router {
  const router = Router();

  router.get('/items/:id', (request, response) => {
    response.json(itemAnswer(engine.item(idOf(request))));
  });

  router.get('/items/:id/thumbnail', async (request, response) => {
    const { bytes, format } = await engine.thumbnail(idOf(request));
    sendPicture(response, bytes, format);
  });

  router.get('/items/:id/original', async (request, response) => {
    const { photo, bytes } = await engine.original(idOf(request));
    const name = encodeURIComponent(basename(photo.path));
    response.set('Content-Disposition', `inline; filename*=UTF-8''${name}`);
    sendPicture(response, bytes, photo.format);
  });

  return router;
}

import { basename } from 'node:path';
import type { SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint, mediaEndpoint } from './endpoint.js';
import { itemAnswer, itemPath, itemSchema } from './item-schemas.js';

const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/*'];

/** Items by id alone: no path ever comes from a client, so only what was ingested is ever served. */
export function itemEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/items/{id}',
      name: 'item',
      group: 'items',
      summary: 'an item',
      pathFields: itemPath,
      answer: itemSchema,
      errors: ['ERR_ITEM_NOT_FOUND'],
      handle: ({ path }) => itemAnswer(engine.item(path.id)),
    }),
    mediaEndpoint({
      method: 'get',
      path: '/api/items/{id}/thumbnail',
      name: 'thumbnail',
      group: 'items',
      summary: 'the preview of a photo, at most 480 pixels on the long side',
      pathFields: itemPath,
      contentTypes: PICTURES,
      errors: ['ERR_ITEM_NOT_FOUND', 'ERR_FILE_GONE', 'ERR_FILE_CHANGED', 'ERR_IMAGE_UNREADABLE'],
      handle: async ({ path }) => {
        const { bytes, format, contentHash } = await engine.thumbnail(path.id);
        return { bytes, contentType: `image/${format}`, tag: `${contentHash}-480` };
      },
    }),
    mediaEndpoint({
      method: 'get',
      path: '/api/items/{id}/original',
      name: 'original',
      group: 'items',
      summary: 'the file of a photo as it was ingested; refused where its content has changed since',
      pathFields: itemPath,
      contentTypes: PICTURES,
      errors: ['ERR_ITEM_NOT_FOUND', 'ERR_FILE_GONE', 'ERR_FILE_CHANGED'],
      handle: async ({ path }) => {
        const { photo, bytes } = await engine.original(path.id);
        const { format, contentHash } = photo;
        return { bytes, contentType: `image/${format}`, tag: contentHash, fileName: basename(photo.path) };
      },
    }),
  ];
}

import { basename } from 'node:path';
import { z } from 'zod';
import { ITEM_KINDS, type ItemId, type ItemKind } from '../core/item.js';
import { DEFAULT_LIMIT, MAX_LIMIT, type SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint, mediaEndpoint } from './endpoint.js';
import { type ItemAnswer, itemAnswer, itemPath, itemSchema, wholeItemSchema } from './item-schemas.js';
import { type SearchAnswer, searchAnswer, searchSchema } from './search-schemas.js';

const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/*'];

const limit = z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT);
const kind = z.enum(ITEM_KINDS).default('photo');

interface PageRequest {
  readonly kind: ItemKind;
  readonly limit: number;
  readonly cursor?: number | undefined;
}

const pageFields: z.ZodType<PageRequest> = z.strictObject({
  kind: kind.describe('What kind of item to list.'),
  limit: limit.describe('Items wanted.'),
  cursor: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('`next` of an earlier answer, to go on behind it.'),
});

interface PageAnswer {
  readonly items: readonly ItemAnswer[];
  readonly next: number | null;
}

const pageSchema: z.ZodType<PageAnswer> = z
  .strictObject({
    items: z.array(itemSchema),
    next: z.number().int().nullable().describe('Where to go on, for `cursor`; null at the end.'),
  })
  .meta({ id: 'ItemPage' });

/** Items by id alone: no path ever comes from a client, so only what was ingested is ever served. */
export function itemEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [...listEndpoints(engine), ...oneEndpoints(engine)];
}

function listEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint<PageAnswer, object, PageRequest>({
      method: 'get',
      path: '/api/items',
      name: 'items',
      group: 'items',
      summary: 'items page by page, those added last first',
      queryFields: pageFields,
      answer: pageSchema,
      handle: ({ query }) => {
        const { items, next } = engine.shelf.page(query.kind, query.limit, query.cursor);
        return { items: items.map(itemAnswer), next };
      },
    }),
    jsonEndpoint<ItemAnswer, object, { readonly path: string }>({
      method: 'get',
      path: '/api/items/at',
      name: 'itemAt',
      group: 'items',
      summary: 'the photo whose file lies at a path; only files that were ingested are known',
      queryFields: z.strictObject({ path: z.string().min(1).max(4096).describe('Absolute.') }),
      answer: itemSchema,
      errors: ['ERR_ITEM_NOT_FOUND'],
      handle: ({ query }) => itemAnswer(engine.shelf.at(query.path)),
    }),
  ];
}

function oneEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/items/{id}',
      name: 'item',
      group: 'items',
      summary: 'an item, with the captions that collections and sidecars give a photo',
      pathFields: itemPath,
      answer: wholeItemSchema,
      errors: ['ERR_ITEM_NOT_FOUND'],
      handle: ({ path }) => {
        const item = engine.item(path.id);
        const captions = item.kind === 'photo' ? engine.shelf.captionsOf(item) : [];
        return { ...itemAnswer(item), captions };
      },
    }),
    jsonEndpoint<SearchAnswer, { readonly id: number }, { kind: ItemKind; limit: number }>({
      method: 'get',
      path: '/api/items/{id}/similar',
      name: 'similar',
      group: 'items',
      summary: 'what is most like an item',
      heavy: true,
      pathFields: itemPath,
      queryFields: z.strictObject({ kind: kind.describe('What kind of item to find.'), limit }),
      answer: searchSchema,
      errors: ['ERR_ITEM_NOT_FOUND'],
      handle: async ({ path, query, signal }) => {
        const itemId = engine.item(path.id as ItemId).id;
        return searchAnswer(await engine.search({ itemId }, { ...query, signal }));
      },
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

import type { ItemId } from '../core/item.js';
import type { Query } from '../core/query.js';
import type { SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';
import { pictureSearchRequest, searchAnswer, searchRequest, searchSchema } from './schemas.js';

export function searchEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'post',
      path: '/api/search',
      name: 'search',
      group: 'search',
      summary: 'the items that a text, an item, or both together are most like',
      heavy: true,
      body: searchRequest,
      answer: searchSchema,
      errors: ['ERR_QUERY_EMPTY', 'ERR_QUERY_TOO_LONG', 'ERR_ITEM_NOT_FOUND'],
      handle: async ({ body: { text, imageId, ...page }, signal }) => {
        const query: Query = {
          ...(text !== undefined && { text }),
          ...(imageId !== undefined && { itemId: imageId as ItemId }),
        };
        return searchAnswer(await engine.search(query, { ...page, signal }));
      },
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/search/image',
      name: 'searchByPicture',
      group: 'search',
      summary: 'the items that an uploaded picture, and words beside it, are most like',
      description: 'The picture is looked at once and never kept.',
      heavy: true,
      form: 'picture',
      body: pictureSearchRequest,
      answer: searchSchema,
      errors: ['ERR_QUERY_EMPTY', 'ERR_QUERY_TOO_LONG', 'ERR_IMAGE_UNREADABLE', 'ERR_IMAGE_TOO_LARGE'],
      handle: async ({ body: { text, ...page }, picture, signal }) => {
        const query: Query = { image: picture, ...(text !== undefined && { text }) };
        return searchAnswer(await engine.search(query, { ...page, signal }));
      },
    }),
  ];
}

import type { Query, SearchOptions } from '../core/query.js';
import type { SearchEngine } from '../engine/mod.js';
import { AnswerMemory } from './answer-memory.js';
import { type Endpoint, eventsEndpoint, jsonEndpoint } from './endpoint.js';
import type { Metrics } from './metrics.js';
import { pictureSearchRequest, queryWithPictures } from './picture-query.js';
import {
  optionsOf,
  queryOf,
  type SearchAnswer,
  searchAnswer,
  searchRequest,
  searchSchema,
} from './search-schemas.js';
import { searchStages, searchStageSchema } from './search-stages.js';

export function searchEndpoints(engine: SearchEngine, metrics: Metrics): readonly Endpoint[] {
  const memory = new AnswerMemory(engine);
  const search = async (query: Query, options: SearchOptions): Promise<SearchAnswer> => {
    const result = await engine.search(query, options);
    metrics.searched(result.timing);
    return searchAnswer(result);
  };
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
      errors: ['ERR_QUERY_EMPTY', 'ERR_QUERY_TOO_LONG', 'ERR_FILTER_INVALID', 'ERR_ITEM_NOT_FOUND'],
      handle: async ({ body, signal }) => {
        const { answer, timing, repeated } = await memory.answer(body, () =>
          engine.search(queryOf(body), { ...optionsOf(body), signal }),
        );
        metrics.searched(timing, repeated);
        return answer;
      },
    }),
    eventsEndpoint({
      method: 'post',
      path: '/api/search/stream',
      name: 'searchStream',
      group: 'search',
      summary:
        'the same search, told twice: candidates at once, and the order of the fused encoder when it has read',
      description: 'Where nothing is read there is one event, the final answer.',
      heavy: true,
      body: searchRequest,
      event: searchStageSchema,
      errors: [
        'ERR_QUERY_EMPTY',
        'ERR_QUERY_TOO_LONG',
        'ERR_FILTER_INVALID',
        'ERR_ITEM_NOT_FOUND',
        'ERR_MODEL_CAPABILITY',
      ],
      handle: ({ body, signal }) =>
        searchStages((onCandidates) =>
          engine.search(queryOf(body), { ...optionsOf(body), signal, onCandidates }),
        ),
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/search/image',
      name: 'searchByPicture',
      group: 'search',
      summary: 'the items that uploaded pictures, and words beside them, are most like',
      description: 'The pictures are looked at once and never kept.',
      heavy: true,
      form: 'picture',
      body: pictureSearchRequest,
      answer: searchSchema,
      errors: [
        'ERR_QUERY_EMPTY',
        'ERR_QUERY_TOO_LONG',
        'ERR_FILTER_INVALID',
        'ERR_ITEM_NOT_FOUND',
        'ERR_IMAGE_UNREADABLE',
        'ERR_IMAGE_TOO_LARGE',
      ],
      handle: ({ body, pictures, signal }) =>
        search(queryWithPictures(body, pictures), { ...optionsOf(body), signal }),
    }),
  ];
}

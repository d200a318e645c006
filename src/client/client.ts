/**
 * A client of the HTTP API, for browsers and Node: fetch and nothing else. Its operations are compared with the OpenAPI
 * document by a test, so that none is missing and none leads elsewhere.
 */
import type { AuditsAnswer } from '../api/audit-endpoints.js';
import type { DuplicatesAnswer } from '../api/duplicate-endpoints.js';
import type { ExplanationAnswer } from '../api/explain-endpoints.js';
import type { CompletionsAnswer } from '../api/filter-endpoints.js';
import type { FoldersAnswer } from '../api/folder-endpoints.js';
import type { FailuresAnswer, RetryAnswer } from '../api/ingest-endpoints.js';
import type { ItemAnswer, WholeItem } from '../api/item-schemas.js';
import type { ChangeAnswer, ModelsAnswer } from '../api/model-endpoints.js';
import type { RerankBody, RerankResults } from '../api/rank-endpoints.js';
import type { SearchAnswer } from '../api/search-schemas.js';
import type { SearchStage } from '../api/search-stages.js';
import type { ProgressAnswer, StatusAnswer } from '../api/status-schemas.js';
import type { LibraryStatistics } from '../engine/mod.js';
import { type CallOptions, type ClientOptions, Transport } from './transport.js';

export type {
  AuditsAnswer,
  CallOptions,
  ClientOptions,
  DuplicatesAnswer,
  ExplanationAnswer,
  FailuresAnswer,
  FoldersAnswer,
  ItemAnswer,
  ModelsAnswer,
  ProgressAnswer,
  RerankBody,
  RerankResults,
  SearchAnswer,
  SearchStage,
  StatusAnswer,
  WholeItem,
};
export { SightlineApiError } from './transport.js';

/** Of requests that start something. */
export interface RepeatableOptions extends CallOptions {
  /** Names the request: sent again with the same key, it is not done again and gets the first answer. */
  readonly idempotencyKey?: string;
}

/** One thing that a query is made of. */
export type QueryPart = { readonly weight?: number } & (
  | { readonly text: string }
  | { readonly imageId: number }
);

export interface SearchFields {
  readonly text?: string;
  /** An item of the library, for more like it. */
  readonly imageId?: number;
  readonly all?: readonly QueryPart[];
  readonly not?: readonly QueryPart[];
  readonly kind?: 'photo' | 'caption';
  readonly limit?: number;
  readonly offset?: number;
  readonly cursor?: string;
  readonly mode?: 'semantic' | 'keyword' | 'hybrid';
  readonly cutoff?: boolean;
  readonly sort?: 'score' | 'newest' | 'oldest';
  readonly rerank?: boolean | { readonly depth?: number; readonly budgetMs?: number };
}

export interface ItemPage {
  readonly items: readonly ItemAnswer[];
  readonly next: number | null;
}

export class SightlineClient {
  readonly #transport: Transport;

  constructor(options: ClientOptions = {}) {
    this.#transport = new Transport(options);
  }

  search(query: string | SearchFields, options: CallOptions = {}): Promise<SearchAnswer> {
    const json = typeof query === 'string' ? { text: query } : query;
    return this.#transport.json('search', { ...options, json });
  }

  /** The same answer twice: at once, and in the order of the fused encoder when it has read the best of it. */
  searchStream(query: string | SearchFields, options: CallOptions = {}): AsyncGenerator<SearchStage> {
    const json = typeof query === 'string' ? { text: query } : query;
    return this.#transport.events('searchStream', { ...options, json });
  }

  /** How a line of words and conditions may go on. */
  async completions(line: string, options: CallOptions = {}): Promise<CompletionsAnswer['completions']> {
    const sent = { ...options, query: { line } };
    return (await this.#transport.json<CompletionsAnswer>('filterCompletions', sent)).completions;
  }

  /** @param picture its bytes, as a file or a fetch gives them */
  searchByPicture(
    picture: Blob,
    fields: Omit<SearchFields, 'imageId'> = {},
    options: CallOptions = {},
  ): Promise<SearchAnswer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    form.set('image', picture);
    return this.#transport.json('searchByPicture', { ...options, form });
  }

  /** Captions of the library that fit a picture. */
  captionsFor(picture: Blob, limit = 20, options: CallOptions = {}): Promise<SearchAnswer> {
    return this.searchByPicture(picture, { kind: 'caption', limit }, options);
  }

  /** One page; `allItems` goes through all of them. */
  items(
    query: { readonly kind?: 'photo' | 'caption'; readonly limit?: number; readonly cursor?: number } = {},
    options: CallOptions = {},
  ): Promise<ItemPage> {
    return this.#transport.json('items', { ...options, query });
  }

  async *allItems(
    kind: 'photo' | 'caption' = 'photo',
    options: CallOptions = {},
  ): AsyncGenerator<ItemAnswer> {
    let cursor: number | undefined;
    do {
      const page: ItemPage = await this.items({ kind, limit: 500, ...(cursor && { cursor }) }, options);
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  itemAt(path: string, options: CallOptions = {}): Promise<ItemAnswer> {
    return this.#transport.json('itemAt', { ...options, query: { path } });
  }

  item(id: number, options: CallOptions = {}): Promise<WholeItem> {
    return this.#transport.json('item', { ...options, id });
  }

  similar(id: number, limit = 20, options: CallOptions = {}): Promise<SearchAnswer> {
    return this.#transport.json('similar', { ...options, id, query: { limit } });
  }

  thumbnail(id: number, options: CallOptions = {}): Promise<Blob> {
    return this.#transport.blob('thumbnail', { ...options, id });
  }

  original(id: number, options: CallOptions = {}): Promise<Blob> {
    return this.#transport.blob('original', { ...options, id });
  }

  explain(id: number, text: string, options: CallOptions = {}): Promise<ExplanationAnswer> {
    return this.#transport.json('explain', { ...options, id, query: { text } });
  }

  /** What in a photo matters to a text, as a picture. */
  explainPicture(id: number, text: string, options: CallOptions = {}): Promise<Blob> {
    return this.#transport.blob('explainPicture', { ...options, id, query: { text } });
  }

  status(options: CallOptions = {}): Promise<StatusAnswer> {
    return this.#transport.json('status', options);
  }

  /** Where the ingest stands, now and whenever that changes, until the signal fires. */
  events(options: CallOptions = {}): AsyncGenerator<ProgressAnswer> {
    return this.#transport.events('events', options);
  }

  /** Unit vectors of texts. */
  async embed(texts: readonly string[], options: CallOptions = {}): Promise<number[][]> {
    const { data } = await this.#transport.json<{ data: readonly { readonly embedding: number[] }[] }>(
      'embeddings',
      {
        ...options,
        json: { input: texts },
      },
    );
    return data.map(({ embedding }) => embedding);
  }

  /** Texts and pictures of one's own, the most relevant to a query first. */
  rerank(body: RerankBody, options: CallOptions = {}): Promise<RerankResults> {
    return this.#transport.json('rerank', { ...options, json: body });
  }

  /** The folders that are watched. */
  async folders(options: CallOptions = {}): Promise<FoldersAnswer['folders']> {
    return (await this.#transport.json<FoldersAnswer>('folders', options)).folders;
  }

  /** Reads a folder of the server's disk, and watches it from now on. Answers at once; `events` tells how far it is. */
  async watchFolder(path: string, options: CallOptions = {}): Promise<FoldersAnswer['folders']> {
    const sent = { ...options, json: { path } };
    return (await this.#transport.json<FoldersAnswer>('watchFolder', sent)).folders;
  }

  /** What came from it stays in the library. */
  async unwatchFolder(path: string, options: CallOptions = {}): Promise<FoldersAnswer['folders']> {
    const sent = { ...options, query: { path } };
    return (await this.#transport.json<FoldersAnswer>('unwatchFolder', sent)).folders;
  }

  /** Looks through watched folders now, all or what is named in them. Answers at once. */
  ingest(paths: readonly string[] = [], options: RepeatableOptions = {}): Promise<ProgressAnswer> {
    return this.#transport.json('ingest', { ...options, json: { paths } });
  }

  pauseIngest(options: CallOptions = {}): Promise<ProgressAnswer> {
    return this.#transport.json('pauseIngest', options);
  }

  resumeIngest(options: CallOptions = {}): Promise<ProgressAnswer> {
    return this.#transport.json('resumeIngest', options);
  }

  /** Files that could not be read, a page of them; `next` of an answer is the `cursor` of the page behind it. */
  failures(
    query: { readonly limit?: number; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<FailuresAnswer> {
    return this.#transport.json('failures', { ...options, query });
  }

  /** Tries them again, all or those at or below the paths. Answers when that is done. */
  retryFailures(paths: readonly string[] = [], options: RepeatableOptions = {}): Promise<RetryAnswer> {
    return this.#transport.json('retryFailures', { ...options, json: { paths } });
  }

  statistics(options: CallOptions = {}): Promise<LibraryStatistics> {
    return this.#transport.json('statistics', options);
  }

  /** The models that could be used, and how far the change to another one is. */
  models(options: CallOptions = {}): Promise<ModelsAnswer> {
    return this.#transport.json('models', options);
  }

  /** Embeds the library again with another model, and uses it when that is done. Answers at once; `models` tells how far it is. */
  async useModel(
    name: string,
    { leaveUnreadable = false, ...options }: CallOptions & { readonly leaveUnreadable?: boolean } = {},
  ): Promise<ChangeAnswer['change']> {
    const sent = { ...options, json: { name, leaveUnreadable } };
    return (await this.#transport.json<ChangeAnswer>('useModel', sent)).change;
  }

  /** Gives the change to another model up. */
  async abandonModelChange(options: CallOptions = {}): Promise<void> {
    await this.#transport.json('abandonModelChange', options);
  }

  /** How much of the truly nearest the index found when that was last measured. */
  audits(options: CallOptions = {}): Promise<AuditsAnswer> {
    return this.#transport.json('audits', options);
  }

  /** Measures it now. Answers at once; `audits` tells the result. */
  audit(options: CallOptions = {}): Promise<AuditsAnswer> {
    return this.#transport.json('audit', options);
  }

  /** Photos that are there more than once; `mode` as in `sightline duplicates`. */
  duplicates(
    mode: DuplicatesAnswer['mode'] = 'file',
    options: CallOptions = {},
  ): Promise<DuplicatesAnswer['groups']> {
    const sent = { ...options, query: { mode } };
    return this.#transport.json<DuplicatesAnswer>('duplicates', sent).then(({ groups }) => groups);
  }
}

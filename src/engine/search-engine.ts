import { SightlineError } from '../core/errors.js';
import type { Item, ItemId, Photo } from '../core/item.js';
import type { Freshness, Query, SearchOptions, SearchResult } from '../core/query.js';
import { type Encoder, heatPicture } from '../encoder/mod.js';
import type { FailedFile } from '../index/mod.js';
import type { IngestReport } from '../ingest/mod.js';
import type { LibrarySurvey } from './library-survey.js';
import { type Explanation, heatMap } from './explain/explanation.js';
import type { ExplainOptions } from './explain/photo-explainer.js';
import { type EngineStatus, statusOf } from './engine-status.js';
import type { IngestStatus } from './ingest-status.js';
import { Intake, type IntakeParts, type IngestRequest } from './intake.js';
import { type EmbedInput, embedInputs } from './embed.js';
import { originalBytes } from './original-file.js';
import { type Audit, auditPhotos, readAuditFile } from './quality/audit.js';
import { type RankedDocument, rankDocuments, type RankInput } from './rerank/document-ranking.js';
import { type InstalledModel, installedModels, type ModelChoice } from './models.js';
import { LiveChange, type ModelChangeState } from './live-change.js';
import { exchangeModel } from './model-exchange.js';
import type { LiveModel } from './model-parts.js';
import { PhotoPreviews, type Picture } from './photo-previews.js';
import { RecallAudits } from './recall-audits.js';
import type { RecentQueries } from './recent-queries.js';
import { ModelExchanged, search } from './search.js';
import { Shelf } from './shelf.js';

export interface EngineParts extends IntakeParts {
  readonly model: LiveModel;
  /** Another model that reads what is found, whichever finds it. */
  readonly ownReader: Encoder | undefined;
  /** How another model is to run. */
  readonly running: Omit<ModelChoice, 'model'>;
  readonly recent?: RecentQueries | undefined;
  readonly readOnly: boolean;
}

/** A library that can be searched and fed. Made by `openEngine`; closed by `close` or `await using`. */
export class SearchEngine implements AsyncDisposable {
  readonly #parts: EngineParts;
  readonly #intake: Intake;
  /** To leaf through. */
  readonly shelf: Shelf;
  readonly audits: RecallAudits;
  readonly #change: LiveChange;
  readonly #previews: PhotoPreviews;
  #closed: Promise<void> | undefined;
  #warm: Promise<unknown> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#intake = new Intake(parts, parts.model.parts);
    this.shelf = new Shelf(parts.library);
    this.audits = new RecallAudits(parts);
    this.#previews = new PhotoPreviews({ ...parts, images: parts.model.parts.encoder.images });
    this.#change = new LiveChange({
      ...parts,
      exchange: (encoder, swap) =>
        exchangeModel({ ...parts, intake: this.#intake }, encoder, (onSwap) =>
          swap(() => {
            this.#warm = undefined;
            onSwap();
          }),
        ),
    });
  }

  /**
   * Finds what a text, a picture or an item is most like.
   * @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_ITEM_NOT_FOUND,
   * ERR_REQUEST_INVALID, ERR_FILTER_INVALID, ERR_ENGINE_CLOSED
   */
  async search(query: Query | string, options: SearchOptions = {}): Promise<SearchResult> {
    this.#assertOpen();
    const asked = typeof query === 'string' ? { text: query } : query;
    const result = await this.#intake.giveWayTo(() => this.#search(asked, options));
    return { ...result, freshness: this.#intake.freshness };
  }

  async #search(query: Query, options: SearchOptions): Promise<SearchResult> {
    const { library, recent, model } = this.#parts;
    try {
      return await model.use((parts) => search(query, options, { ...parts, library, recent }));
    } catch (error) {
      if (error instanceof ModelExchanged) return this.#search(query, options);
      throw error;
    }
  }

  /** The change to another model: begins it, goes on with it, gives it up, tells how far it is. @throws ERR_LIBRARY_READ_ONLY */
  get modelChange(): LiveChange {
    this.#assertWritable();
    return this.#change;
  }

  /** How far the change to another model is, or how the last one ended. */
  get changeState(): ModelChangeState | null {
    return this.#change.state;
  }

  /**
   * Reads files and folders into the library. One at a time: a second call waits for the first. When the signal fires,
   * what is under way is finished, kept, and the report says so.
   * @throws ERR_LIBRARY_READ_ONLY, ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE, ERR_DISK_FULL, ERR_ENGINE_CLOSED
   */
  async ingest(paths: readonly string[], request: IngestRequest = {}): Promise<IngestReport> {
    this.#assertWritable();
    return this.#intake.ingest(paths, request);
  }

  /** What brings photos in: watching, failures, pause. @throws ERR_LIBRARY_READ_ONLY, ERR_ENGINE_CLOSED */
  get intake(): Intake {
    this.#assertWritable();
    return this.#intake;
  }

  /** Where the ingest stands, now and whenever that changes. */
  updates(signal: AbortSignal): AsyncIterable<IngestStatus> {
    this.#assertOpen();
    return this.#intake.updates(signal);
  }

  /** Changes whenever what a search finds may have: equal texts, equal answers. @throws ERR_ENGINE_CLOSED */
  get revision(): string {
    this.#assertOpen();
    return this.#parts.library.revision.current;
  }

  /** How well the library agrees with the folders that are watched. */
  freshness(): Freshness {
    this.#assertOpen();
    return this.#intake.freshness;
  }

  /** @throws ERR_ITEM_NOT_FOUND */
  item(id: ItemId): Item {
    this.#assertOpen();
    const item = this.#parts.library.item(id);
    if (item) return item;
    const message = `There is no item ${id} in the library. It may have been removed; search again.`;
    throw new SightlineError('ERR_ITEM_NOT_FOUND', message, { details: { id } });
  }

  /**
   * The preview of a photo: the stored one, the photo itself where it is small, or one made again from the original.
   * @throws ERR_ITEM_NOT_FOUND, ERR_FILE_GONE, ERR_FILE_CHANGED
   */
  async thumbnail(id: ItemId): Promise<Picture> {
    return this.#previews.of(this.#photo(id));
  }

  /**
   * Whom searches show, by the attributes and queries of a file.
   * @throws ERR_DATASET_INVALID, ERR_PATH_NOT_FOUND, ERR_ENGINE_CLOSED
   */
  async audit(file: string): Promise<Audit> {
    this.#assertOpen();
    const asked = await readAuditFile(file);
    const { library, model } = this.#parts;
    return model.use(({ encoder }) => auditPhotos(encoder.dual, [...library.embeddings('photo')], asked));
  }

  /**
   * Why a photo fits a text: what each part of it matters to the whole text and to each word.
   * @throws ERR_ITEM_NOT_FOUND also for a caption, ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_REQUEST_INVALID,
   * ERR_MODEL_CAPABILITY, ERR_FILE_GONE, ERR_FILE_CHANGED
   */
  async explain(id: ItemId, text: string, options: ExplainOptions = {}): Promise<Explanation> {
    const photo = this.#photo(id);
    return this.#intake.giveWayTo(() =>
      this.#parts.model.use(({ explainer }) => explainer.explain(photo, text, options)),
    );
  }

  /**
   * The same as a heat map over the photo's preview.
   * @param options `word`: place of a word in the text, from 0; without it the whole text
   * @throws as `explain`, and ERR_REQUEST_INVALID for a word that the text does not have
   */
  async explainPicture(
    id: ItemId,
    text: string,
    options: ExplainOptions & { readonly word?: number | undefined } = {},
  ): Promise<Picture> {
    const heat = heatMap(await this.explain(id, text, options), options.word);
    const { bytes, contentHash } = await this.thumbnail(id);
    return { bytes: await heatPicture(bytes, heat), format: 'png', contentHash };
  }

  /**
   * Texts and pictures that need not be in the library, the most relevant to a query first.
   * @throws ERR_REQUEST_INVALID, ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE
   */
  async rank(query: RankInput, documents: readonly RankInput[]): Promise<RankedDocument[]> {
    this.#assertOpen();
    return this.#intake.giveWayTo(() =>
      this.#parts.model.use(({ encoder }) => rankDocuments(query, documents, encoder)),
    );
  }

  /** Loads what a first text query needs, so that it does not have to wait for it. */
  async warmUp(): Promise<void> {
    this.#assertOpen();
    const { encoder, rerank } = this.#parts.model.parts;
    this.#warm ??= encoder.dual.embedTexts(['a photo']).catch((error: unknown) => {
      this.#warm = undefined;
      throw error;
    });
    await this.#warm;
    void rerank.ready(); // Not waited for: an answer without it is an answer, too.
  }

  /** For who ends after one search: its time for reading would otherwise go into loading what it reads with. */
  readyToRead(): Promise<void> {
    return this.#parts.model.parts.rerank.ready();
  }

  /** Forgets every file at or below a path, without touching the files. */
  forget(path: string): void {
    this.#assertWritable();
    this.#intake.forget(path);
  }

  /**
   * The photo and the bytes that were ingested, read from its file and checked: a path whose content was exchanged
   * is refused.
   * @throws ERR_ITEM_NOT_FOUND, ERR_FILE_GONE, ERR_FILE_CHANGED
   */
  async original(id: ItemId): Promise<{ photo: Photo; bytes: Uint8Array }> {
    const photo = this.#photo(id);
    return { photo, bytes: await originalBytes(photo) };
  }

  /**
   * Unit vectors of texts and pictures.
   * @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_ENGINE_CLOSED
   */
  async embed(inputs: readonly EmbedInput[]): Promise<Float32Array[]> {
    this.#assertOpen();
    return this.#parts.model.use(({ encoder }) => embedInputs(inputs, encoder));
  }

  /** Every model that could be used. */
  models(): Promise<InstalledModel[]> {
    return installedModels(this.#parts.dataDir);
  }

  /** Questions about the library as a whole: duplicates, completions, folders. @throws ERR_ENGINE_CLOSED */
  get survey(): LibrarySurvey {
    this.#assertOpen();
    return this.#parts.model.parts.survey;
  }

  /** @param after the path of the last one of an earlier page */
  failures(limit = 1000, after?: string): FailedFile[] {
    this.#assertOpen();
    return this.#parts.library.files.failures(limit, after);
  }

  status(): EngineStatus {
    this.#assertOpen();
    return statusOf(this.#parts, this.#intake);
  }

  /** Ends the ingest under way after its batch, writes the indexes and lets go of everything. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    // Together: the exchange waits for the ingest, whose end is here.
    await Promise.all([this.#change.stop(), this.#intake.close()]);
    this.#parts.recent?.flush();
    await this.#parts.library.close();
    await this.#parts.model.close();
  }

  #photo(id: ItemId): Photo {
    const item = this.item(id);
    if (item.kind === 'photo') return item;
    const message = `Item ${id} is a caption and has no picture. Ask for the picture of a photo.`;
    throw new SightlineError('ERR_ITEM_NOT_FOUND', message, { details: { id } });
  }

  #assertWritable(): void {
    this.#assertOpen();
    if (!this.#parts.readOnly) return;
    const message = 'The library is open for reading only, so it cannot be changed. Open it for writing.';
    throw new SightlineError('ERR_LIBRARY_READ_ONLY', message);
  }

  #assertOpen(): void {
    if (this.#closed === undefined) return;
    throw new SightlineError('ERR_ENGINE_CLOSED', 'The engine is closed. Open another one with openEngine.');
  }
}

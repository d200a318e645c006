/** What of an engine belongs to its model. All of it is exchanged at once where the library changes to another model. */
import { join } from 'node:path';
import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import { PixelFolder } from '../ingest/mod.js';
import { Background } from './confidence.js';
import { PhotoExplainer } from './explain/photo-explainer.js';
import { LibrarySurvey } from './library-survey.js';
import { PhotoPixels } from './rerank/photo-pixels.js';
import { Reranker } from './rerank/reranker.js';

export interface ModelParts {
  readonly encoder: Encoder;
  /** The model that reads what the encoder found: the same one, or another. */
  readonly reader: Encoder;
  readonly rerank: Reranker;
  readonly background: Background;
  readonly survey: LibrarySurvey;
  readonly explainer: PhotoExplainer;
  readonly pixels: PixelFolder;
}

export interface ModelSurroundings {
  readonly dataDir: string;
  readonly library: Library;
  readonly readOnly: boolean;
}

/** @param reader another model that reads what the encoder found; without one the encoder's own */
export function modelParts(
  encoder: Encoder,
  reader: Encoder | undefined,
  { dataDir, library, readOnly }: ModelSurroundings,
): ModelParts {
  const { images, dual } = encoder;
  const pixelsOf = (side: number): PixelFolder => new PixelFolder(join(dataDir, 'pixels'), side);
  const pixels = pixelsOf(dual.imageSize);
  const photos = new PhotoPixels({ pixels, images, readOnly });
  const read = reader && {
    images: reader.images,
    pixels: pixelsOf(reader.bundle.manifest.imageSize),
    readOnly,
  };
  return {
    encoder,
    reader: reader ?? encoder,
    rerank: new Reranker({
      reader: reader ?? encoder,
      embedding: reader === undefined ? (id) => library.embedding(id) : undefined,
      items: library.items,
      photos: read ? new PhotoPixels(read) : photos,
    }),
    background: new Background(library),
    survey: new LibrarySurvey({ library, photos, imageSize: dual.imageSize }),
    explainer: new PhotoExplainer(encoder, photos),
    pixels,
  };
}

/** The model in use. It may be exchanged while it is: who began with one ends with it, and it is closed after. */
export class LiveModel {
  #parts: ModelParts;
  readonly #users = new Set<Promise<unknown>>();

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  get parts(): ModelParts {
    return this.#parts;
  }

  use<Result>(body: (parts: ModelParts) => Promise<Result>): Promise<Result> {
    const use = body(this.#parts);
    const ended = use.then(
      () => {},
      () => {},
    );
    this.#users.add(ended);
    void ended.then(() => this.#users.delete(ended));
    return use;
  }

  /** From the next call of `use` on. Resolves when nobody uses the one before any more. */
  async exchange(parts: ModelParts): Promise<void> {
    const { encoder, reader } = this.#parts;
    this.#parts = parts;
    await Promise.all(this.#users);
    if (reader !== encoder && reader !== parts.reader) await reader.close();
    await encoder.close();
  }

  async close(): Promise<void> {
    const { encoder, reader } = this.#parts;
    if (reader !== encoder) await reader.close();
    await encoder.close();
  }
}

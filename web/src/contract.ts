/** What page and server say to each other: the shapes of the HTTP API that the page reads. */

export type ItemKind = 'photo' | 'caption';

export interface Hit {
  readonly id: number;
  readonly kind: ItemKind;
  readonly path: string;
  readonly caption?: string;
  readonly score: number;
  readonly similarity: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly thumbnailUrl: string | null;
  readonly originalUrl: string | null;
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  readonly total: number;
  readonly timing: { readonly encode: number; readonly search: number; readonly total: number };
  readonly warnings: readonly string[];
  /** How deep the fused mode read; null where it was not to. */
  readonly rerank: { readonly depth: number; readonly of: number } | null;
}

export interface IngestStatus {
  readonly running: boolean;
  readonly done: number;
  readonly total: number | null;
  readonly failed: number;
  readonly rate: number | null;
  readonly secondsLeft: number | null;
}

export interface LibraryStatus {
  readonly version: string;
  readonly model: { readonly name: string };
  readonly items: { readonly photo: number; readonly caption: number };
  readonly failed: number;
  readonly ingest: IngestStatus;
}

/** What is asked: words, a photo of the library, both at once, or a picture from elsewhere, which stands alone. */
export interface SearchRequest {
  readonly text: string;
  readonly like: number | null;
  readonly picture: File | null;
  readonly kind: ItemKind;
  /** Lets the model read words and photos together, whatever its default is. */
  readonly closely: boolean;
}

/** What page and server say to each other: the shapes of the HTTP API that the page reads. */

export type ItemKind = 'photo' | 'caption';

export interface PhotoMetadata {
  readonly takenAt: string | null;
  readonly takenOffset: number | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly iso: number | null;
  readonly aperture: number | null;
  readonly exposureSeconds: number | null;
  readonly focalLength: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly altitude: number | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly keywords: readonly string[];
  readonly people: readonly string[];
  readonly rating: number | null;
}

export interface WholeItem {
  readonly bytes: number | null;
  readonly metadata: PhotoMetadata | null;
  readonly captions: readonly string[];
}

export interface Hit {
  readonly id: number;
  readonly kind: ItemKind;
  readonly path: string;
  readonly caption?: string;
  readonly score: number;
  readonly similarity: number;
  /** How likely it is what was asked for, 0…1; null where the library is too small to tell. */
  readonly confidence: number | null;
  readonly metadata: PhotoMetadata | null;
  /** ThumbHash, base64. */
  readonly placeholder: string | null;
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

export type SortOrder = 'score' | 'newest' | 'oldest';

export interface LibraryStatus {
  readonly version: string;
  readonly model: { readonly name: string };
  readonly items: { readonly photo: number; readonly caption: number };
  readonly failed: number;
  readonly ingest: IngestStatus;
  readonly watched: readonly {
    readonly path: string;
    readonly mode: 'events' | 'polling';
    readonly reason: string | null;
    readonly problem: string | null;
  }[];
  readonly freshness: Freshness;
}

export interface Freshness {
  readonly watching: boolean;
  readonly pending: number;
  readonly lastReconciled: string | null;
}

export interface Failure {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
}

export interface Model {
  readonly name: string;
  readonly checkpoint: string;
  readonly current: boolean;
  readonly precision: string;
  readonly dimensions: number;
  readonly imageSize: number;
}

/** What is asked: words, a photo of the library, both at once, or a picture from elsewhere, which stands alone. */
export interface SearchRequest {
  readonly text: string;
  readonly like: number | null;
  readonly picture: File | null;
  /** What the hits should not show. */
  readonly leaveOut: readonly string[];
  readonly sort: SortOrder;
  /** Where on the page one is: at the search, or at the library itself. */
  readonly place: 'search' | 'library';
  readonly kind: ItemKind;
  /** Lets the model read words and photos together, whatever its default is. */
  readonly closely: boolean;
}

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

/** How the typed line may go on. */
export interface Completion {
  /** What the line would become. */
  readonly line: string;
  /** The field or value that is offered. */
  readonly text: string;
  /** What a field is about, or how many items have the value. */
  readonly about: string;
}

export type DuplicateMode = 'file' | 'photo' | 'similar';

/** A photo as it is shown large, whatever it was found by. */
export interface ShownPhoto {
  readonly id: number;
  readonly path: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly metadata: PhotoMetadata | null;
  readonly thumbnailUrl: string | null;
  readonly originalUrl: string | null;
}

export interface Duplicates {
  readonly mode: DuplicateMode;
  readonly groups: readonly {
    /** The one to keep, if only one is kept. */
    readonly best: number;
    readonly members: readonly {
      readonly item: ShownPhoto & { readonly bytes: number | null };
      readonly paths: readonly string[];
    }[];
  }[];
}

export interface IndexStatistics {
  readonly size: number;
  readonly tombstones: number;
  readonly fresh: number;
  readonly building: { readonly done: number; readonly total: number } | null;
}

export interface Statistics {
  readonly generation: number;
  readonly indexes: { readonly photo: IndexStatistics; readonly caption: IndexStatistics };
}

export interface WholeItem {
  readonly bytes: number | null;
  readonly metadata: PhotoMetadata | null;
  readonly captions: readonly string[];
}

export interface Hit extends ShownPhoto {
  readonly kind: ItemKind;
  readonly caption?: string;
  readonly score: number;
  readonly similarity: number;
  /** How likely it is what was asked for, 0…1; null where the library is too small to tell. */
  readonly confidence: number | null;
  /** ThumbHash, base64. */
  readonly placeholder: string | null;
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  readonly total: number;
  /** Null where there is no further hit. */
  readonly next: string | null;
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
  readonly watched: readonly WatchedFolder[];
  readonly freshness: Freshness;
}

export interface WatchedFolder {
  readonly path: string;
  /** How new photos in it are noticed; null until it is followed. */
  readonly mode: 'events' | 'polling' | null;
  readonly reason: string | null;
  readonly problem: string | null;
}

export interface Folders {
  readonly folders: readonly WatchedFolder[];
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
  /** How often in a row. */
  readonly count: number;
  /** ISO 8601; null: not before the file changes. */
  readonly nextTry: string | null;
}

/** The change of the library to another model. */
export interface ModelChange {
  readonly to: string;
  readonly phase: 'opening' | 'embedding' | 'indexing' | 'exchanging' | 'stopped' | 'changed';
  readonly done: number;
  readonly total: number;
  /** Photos whose files cannot be read: they stopped it. */
  readonly unreadable: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Models {
  readonly models: readonly Model[];
  /** Under way or ended; null where there was none since the server started. */
  readonly change: ModelChange | null;
}

export interface Model {
  readonly name: string;
  readonly checkpoint: string;
  readonly current: boolean;
  readonly precision: string;
  readonly dimensions: number;
  readonly imageSize: number;
}

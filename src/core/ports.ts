/** What one room needs of another. The rooms never import one another; `engine/open-engine.ts` joins them here. */
import type { ErrorCode } from './errors.js';
import type { ItemId, ItemKind } from './item.js';
import type { PhotoMetadata } from './photo-metadata.js';

/** A picture made ready: for the encoder and, on request, for the eye. */
export interface PreparedImage {
  /** RGB, 8 bits, row by row: [size, size, 3]. */
  readonly pixels: Uint8Array;
  /** Size of the upright original. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** A WebP preview, where one was asked for and the picture is not small enough to be its own. */
  readonly thumbnail?: Uint8Array;
}

export interface ImageReader {
  /** Whether it reads SVG drawings. */
  readonly readsDrawings: boolean;
  /** @throws ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE */
  read(
    bytes: Uint8Array,
    options?: {
      readonly thumbnail?: boolean;
      readonly maxPixels?: number;
      /** Told how many pixels there are before they are decoded, which begins when it resolves. */
      readonly admit?: (pixels: number) => Promise<void>;
    },
  ): Promise<PreparedImage>;
  /** What of a picture's bytes a reader of metadata understands: they themselves, or the parts of a RAW file that do. */
  describe(bytes: Uint8Array): Promise<readonly Uint8Array[]>;
}

export interface EmbedOptions {
  /** Nobody waits for it. Default false. */
  readonly background?: boolean | undefined;
}

export interface DualEncoder {
  /** Names the embedding space: two encoders with the same id give the same vectors. */
  readonly modelId: string;
  readonly dimensions: number;
  /** Side of the pictures it reads, in pixels. */
  readonly imageSize: number;
  /** Unit vectors, one for each [imageSize, imageSize, 3] buffer. */
  embedImages(images: readonly Uint8Array[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** Unit vectors, one for each text. `truncated` tells which texts were longer than the model reads. */
  embedTexts(
    texts: readonly string[],
    options?: EmbedOptions,
  ): Promise<{ readonly embeddings: Float32Array[]; readonly truncated: boolean[] }>;
}

/** The state of a file on disk by which an unchanged one is recognised. */
export interface FileState {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A file as the library knows it. */
export interface KnownFile extends FileState {
  /** Why it could not be ingested, where it could not. */
  readonly failureCode?: string;
  /** Its photo was never asked what it says about itself. */
  readonly unread?: true;
  /** How often it failed in a row. */
  readonly failureCount?: number;
  /** When it is tried again although it has not changed, in milliseconds since 1970; null for not by itself. */
  readonly nextTry?: number | null;
}

/** A folder that is watched. */
export interface WatchedFolder {
  readonly path: string;
  /** When it was last compared with the library from end to end. */
  readonly reconciledAt: Date | null;
}

export interface PhotoChange {
  readonly type: 'photo';
  readonly file: FileState;
  /** SHA-256 of the content, hex. */
  readonly contentHash: string;
  /** Files beside it from which its metadata was read as well: from now on known as unchanged. */
  readonly sidecars?: readonly FileState[];
  /** Absent where the library already has an item of this content: the file is then one more path of it. */
  readonly photo?: {
    readonly width: number;
    readonly height: number;
    readonly format: string;
    readonly metadata?: PhotoMetadata;
    /** ThumbHash. */
    readonly placeholder?: Uint8Array;
    /** When it came into the library; now, where it is not said. */
    readonly addedAt?: Date;
    readonly embedding: Float32Array;
  };
}

/** A frame of a video, at a second of it. */
export interface Frame {
  readonly second: number;
  readonly contentHash: string;
  /** Absent where the library has it. */
  readonly photo?: PhotoChange['photo'];
}

/** The frames of a video, in place of those that it had. */
export interface FramesChange {
  readonly type: 'frames';
  readonly file: FileState;
  readonly frames: readonly Frame[];
}

/** Replaces what is known of a photo, without another embedding; nothing happens where the library has no such photo. */
export interface MetadataChange {
  readonly type: 'metadata';
  readonly contentHash: string;
  readonly metadata: PhotoMetadata;
}

export interface CaptionLine {
  /** When it came into the library; now, where it is not said. */
  readonly addedAt?: Date;
  readonly line: number;
  readonly text: string;
  readonly contentHash: string;
  readonly image: string | null;
}

/** Some lines of a caption collection, with the embeddings of those that the library does not have. */
export interface CaptionsChange {
  readonly type: 'captions';
  readonly path: string;
  readonly lines: readonly (CaptionLine & { readonly embedding?: Float32Array })[];
}

/** A collection was read to its end: lines from `lines` + 1 on no longer exist. Only now is the file known as unchanged. */
export interface CollectionReadChange {
  readonly type: 'collection-read';
  readonly file: FileState;
  readonly lines: number;
}

export interface FailureChange {
  readonly type: 'failure';
  readonly file: FileState;
  readonly code: ErrorCode;
  readonly reason: string;
  /** Milliseconds since 1970; null or absent: not before it changes. */
  readonly nextTry?: number | null;
}

export type LibraryChange =
  | PhotoChange
  | FramesChange
  | MetadataChange
  | CaptionsChange
  | CollectionReadChange
  | FailureChange;

/** Paths that the library knows. */
export interface KnownFiles {
  one(path: string): KnownFile | undefined;
  /** Those of many paths that are known, in one query. */
  many(paths: readonly string[]): Map<string, KnownFile>;
  /** Paths at or below `root`, without those of the frames of videos. */
  under(root: string): Iterable<string>;
  /** Photos whose paths are `stem`, a dot and any one extension. */
  photosNamed(stem: string): string[];
  /** Paths that lead to this photo. */
  ofContent(contentHash: string): string[];
  /** Frames of the video with this content. */
  framesOf(videoHash: string): Frame[];
  /** Failed paths at or below `root` whose time to be tried again is not after `now`, in milliseconds since 1970. */
  due(root: string, now: number): string[];
}

/** The library as ingest sees it. */
export interface IngestLibrary {
  readonly files: KnownFiles;
  /** Which of these contents have an item with an embedding of the current model. */
  has(kind: ItemKind, contentHash: string): boolean;
  /** Makes the changes durable together, then findable. @returns how many items are new */
  commit(changes: readonly LibraryChange[]): number;
  /** Forgets these paths, and the items that no path leads to any more. */
  forget(paths: readonly string[]): void;
}

/** Where previews are kept, by content hash. */
export interface ThumbnailStore {
  write(contentHash: string, thumbnail: Uint8Array): Promise<void>;
}

/** Where the pixels that the model reads are kept, by content hash, so that no photo is decoded again to be reranked. */
export interface PixelStore {
  /** @param pixels RGB, 8 bits: [size, size, 3] */
  write(contentHash: string, pixels: Uint8Array): Promise<void>;
}

/** An index of unit vectors under item ids. Similarity is the cosine. */
export interface VectorIndex {
  readonly size: number;
  has(id: ItemId): boolean;
  ids(): Iterable<ItemId>;
  add(id: ItemId, vector: Float32Array): void;
  /** Nothing happens where the id is not in the index. */
  remove(id: ItemId): void;
  /** The k nearest, best first. An approximate index may miss some; it never invents one. */
  search(query: Float32Array, k: number): Neighbour[];
}

export interface Neighbour {
  readonly id: ItemId;
  readonly similarity: number;
}

/** An item's id with its vector, as the rows hold it. */
export interface StoredEmbedding {
  readonly id: ItemId;
  readonly vector: Float32Array;
}

/** What a photo's file, and the sidecars beside it, say about it. Null and empty where they say nothing. */
export interface PhotoMetadata {
  /** When it was taken. Without a known offset: the camera's clock, read as if it showed UTC. */
  readonly takenAt: Date | null;
  /** Minutes east of UTC where it was taken. */
  readonly takenOffset: number | null;
  /** Maker and model, the maker once. */
  readonly camera: string | null;
  readonly lens: string | null;
  readonly iso: number | null;
  /** The f-number. */
  readonly aperture: number | null;
  readonly exposureSeconds: number | null;
  /** Millimetres, as engraved on the lens. */
  readonly focalLength: number | null;
  /** Degrees, north and east positive. Both or neither. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Metres above the sea. */
  readonly altitude: number | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly keywords: readonly string[];
  readonly people: readonly string[];
  /** 0…5. */
  readonly rating: number | null;
}

/** Of a file that says nothing. */
export const NO_METADATA: PhotoMetadata = Object.freeze({
  takenAt: null,
  takenOffset: null,
  camera: null,
  lens: null,
  iso: null,
  aperture: null,
  exposureSeconds: null,
  focalLength: null,
  latitude: null,
  longitude: null,
  altitude: null,
  title: null,
  description: null,
  keywords: [],
  people: [],
  rating: null,
});

/** What a BEiT-3 model is: its sizes, and the heads it has. Everything else follows from these. */
export interface Architecture {
  /** D, channels of a token. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** F, channels inside the feed-forward. */
  readonly feedForward: number;
  /** S, side of the picture in pixels. */
  readonly imageSize: number;
  /** P, side of a patch in pixels. */
  readonly patchSize: number;
  /** Patches along one side of the pictures that the position rows in the file were trained with. */
  readonly storedGrid: number;
  /** Rows of the text table; 0 where the model never reads a text. */
  readonly vocabulary: number;
  /** Longest text the position table allows, in tokens; 0 where the model never reads a text. */
  readonly textPositions: number;
  /** Whether `encoder.layer_norm` ends the backbone: applied if and only if it is in the file. */
  readonly finalNorm: boolean;
  readonly outputs: OutputSet;
}

/** The heads in a file. Released files have those of one task; ours may have several. */
export interface OutputSet {
  /** Vision and language projection: the dual encoder. */
  readonly retrieval: boolean;
  /** Classes of a head in the VQA layout, 0 where there is none. Two ask: does this text fit this picture? */
  readonly answers: number;
  /** Is this sentence true of these two pictures? */
  readonly pairs: boolean;
  /** Classes of an ImageNet head, 0 where there is none. */
  readonly classes: number;
  /** What the words' head was last trained for: pretrained files read it both ways, captioning files from the left. */
  readonly words: 'none' | 'caption' | 'masked';
  /** Image tokens that a masked patch is guessed from, 0 where there is no such head. */
  readonly imageCodes: number;
}

/** Position rows 0 and 1 are never used; row 2 is the class token's. See "Positions" in the BEiT-3 reference. */
export const UNUSED_POSITIONS = 2;

/** Patches along one side of a picture. */
export function gridSide({ imageSize, patchSize }: Architecture): number {
  return imageSize / patchSize;
}

/** Patches of a picture, without the class token. */
export function patchCount(architecture: Architecture): number {
  return gridSide(architecture) ** 2;
}

/** Whether any graph of this model reads a text. */
export function hasTextSide({ vocabulary }: Architecture): boolean {
  return vocabulary > 0;
}

/** The door of the encoder room: BEiT-3 from a checkpoint to embeddings and pair scores. */
export {
  type Bundle,
  damagedFiles,
  type Manifest,
  openBundle,
  recordRerank,
  verifyBundle,
} from './bundle.js';
export { type Precision, PRECISIONS } from './beit3/precision.js';
export { writeReferences } from './reference-embeddings.js';
export { download } from './download.js';
export { Encoder, type EncoderOptions } from './encoder.js';
export type { GraphProbe } from './graph-probe.js';
export type { ImageTextPair, PairImage, PairScorer } from './scorers/pair-scorer.js';
export { scorersOf } from './scorers/scorer-catalogue.js';
export { heatPicture } from './image/heat-picture.js';
export { isOwnThumbnail } from './image/image-reader.js';
export { type ImportOptions, importCheckpoint, requireFreePlace } from './import-checkpoint.js';
export {
  type Ability,
  PUBLISHED_ADDRESS,
  PUBLISHED_CHECKPOINTS,
  PUBLISHED_TOKENIZER,
  type PublishedCheckpoint,
  type PublishedFile,
} from './published-checkpoints.js';

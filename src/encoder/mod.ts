/** The door of the encoder room: BEiT-3 from a checkpoint to embeddings and pair scores. */
export { type Bundle, type Manifest, openBundle, verifyBundle } from './bundle.js';
export { type Precision, PRECISIONS } from './beit3/precision.js';
export { Encoder, type EncoderOptions } from './encoder.js';
export type { BundleFusedEncoder, ImageTextPair } from './fused-encoder.js';
export { isOwnThumbnail } from './image/image-reader.js';
export { type ImportOptions, importCheckpoint } from './import-checkpoint.js';

/**
 * What a checkpoint is, read from its keys and shapes alone: official files carry no configuration. Only the number of
 * heads leaves no trace in the shapes; released models have heads of 64 channels.
 */
import { SightlineError } from '../../core/errors.js';
import type { TensorInfo } from '../checkpoint/checkpoint.js';

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
  /** Rows of the text table. */
  readonly vocabulary: number;
  /** Longest text the position table allows, in tokens. */
  readonly textPositions: number;
  /** Whether `encoder.layer_norm` ends the backbone: applied if and only if it is in the file. */
  readonly finalNorm: boolean;
  readonly outputs: OutputSet;
}

export interface OutputSet {
  /** Vision and language projection: the dual encoder. */
  readonly retrieval: boolean;
  /** Two classes in the VQA layout on the fused mode: does this text fit this picture? */
  readonly match: boolean;
}

/** Position rows 0 and 1 are never used; row 2 is the class token's. See "Positions" in the BEiT-3 reference. */
export const UNUSED_POSITIONS = 2;

const RELEASED_HEAD_WIDTH = 64;

type Tensors = ReadonlyMap<string, TensorInfo>;

function shapeOf(tensors: Tensors, name: string, rank: number): readonly number[] {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    throw new SightlineError(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `Expected a BEiT-3 checkpoint but it has no tensor ${name}. Give a file with a vision and a language expert and retrieval heads.`,
      { details: { missing: [name] } },
    );
  }
  if (tensor.shape.length !== rank) {
    throw new SightlineError(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `Expected ${name} to have ${rank} dimensions but its shape is [${tensor.shape.join(', ')}].`,
    );
  }
  return tensor.shape;
}

function countLayers(tensors: Tensors): number {
  let layers = 0;
  while (tensors.has(`beit3.encoder.layers.${layers}.self_attn.q_proj.A.weight`)) layers++;
  return layers;
}

function headCount(width: number, asked: number | undefined): number {
  const heads = asked ?? width / RELEASED_HEAD_WIDTH;
  if (Number.isInteger(heads) && heads > 0 && width % heads === 0) return heads;
  throw new SightlineError(
    'ERR_CHECKPOINT_UNSUPPORTED',
    `Expected a number of attention heads that divides the width ${width}. The file does not tell it; pass --heads.`,
  );
}

/**
 * @param heads attention heads, where they are not 64 channels wide
 * @throws ERR_CHECKPOINT_UNSUPPORTED naming the first key that does not fit
 */
export function recogniseArchitecture(tensors: Tensors, heads?: number): Architecture {
  const [vocabulary = 0, width = 0] = shapeOf(tensors, 'beit3.text_embed.weight', 2);
  const [, , patchSize = 0] = shapeOf(tensors, 'beit3.vision_embed.proj.weight', 4);
  const [imageRows = 0] = shapeOf(tensors, 'beit3.encoder.embed_positions.A.weight', 2);
  const [textRows = 0] = shapeOf(tensors, 'beit3.encoder.embed_positions.B.weight', 2);
  const [feedForward = 0] = shapeOf(tensors, 'beit3.encoder.layers.0.ffn.A.fc1.weight', 2);
  const grid = Math.sqrt(imageRows - UNUSED_POSITIONS - 1);
  if (!Number.isInteger(grid)) {
    throw new SightlineError(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `Expected the picture's position rows to be a square grid, a class token and two unused rows but found ${imageRows} rows.`,
    );
  }
  const matchClasses = tensors.get('head.3.weight')?.shape[0];
  return {
    width,
    layers: countLayers(tensors),
    heads: headCount(width, heads),
    feedForward,
    imageSize: grid * patchSize,
    patchSize,
    vocabulary,
    textPositions: textRows - UNUSED_POSITIONS,
    finalNorm: tensors.has('beit3.encoder.layer_norm.A.weight'),
    outputs: {
      retrieval: tensors.has('vision_head.weight') && tensors.has('language_head.weight'),
      match: matchClasses === 2,
    },
  };
}

/** Patches of a picture, without the class token. */
export function patchCount(architecture: Architecture): number {
  return (architecture.imageSize / architecture.patchSize) ** 2;
}

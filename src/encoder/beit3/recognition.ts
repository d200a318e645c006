/**
 * What a checkpoint is, read from its keys and shapes alone: official files carry no configuration. Only the number of
 * heads leaves no trace in the shapes; released models have heads of 64 channels. Every tensor that the architecture asks
 * for is then looked up, so that a file that is recognised can also be read to its end.
 */
import { SightlineError } from '../../core/errors.js';
import type { TensorInfo } from '../checkpoint/checkpoint.js';
import { type Architecture, type OutputSet, UNUSED_POSITIONS } from './architecture.js';
import { expectedTensors, idleTensors } from './tensor-catalogue.js';

/** What a file does not tell, or what is wanted otherwise than it is in the file. */
export interface RecognitionOptions {
  /** Attention heads, where they are not 64 channels wide. */
  readonly heads?: number | undefined;
  /** Side of the pictures, where it is not the one that the file was trained with. A multiple of the patch. */
  readonly imageSize?: number | undefined;
}

const RELEASED_HEAD_WIDTH = 64;

/** Keys named in a message; `details` has them all. */
const NAMED_KEYS = 6;

export type TensorInfos = ReadonlyMap<string, TensorInfo>;

function unsupported(message: string, details: Readonly<Record<string, unknown>> = {}): SightlineError {
  return new SightlineError('ERR_CHECKPOINT_UNSUPPORTED', message, { details });
}

function missingTensors(missing: readonly string[]): SightlineError {
  const rest = missing.length - NAMED_KEYS;
  const named = `${missing.slice(0, NAMED_KEYS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return unsupported(
    `Expected a BEiT-3 checkpoint but it has no tensor ${named}. Give a complete file of one of the released families.`,
    { missing },
  );
}

function shapeOf(tensors: TensorInfos, name: string, rank: number): readonly number[] {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw missingTensors([name]);
  if (tensor.shape.length !== rank) {
    throw unsupported(
      `Expected ${name} to have ${rank} dimensions but its shape is [${tensor.shape.join(', ')}].`,
    );
  }
  return tensor.shape;
}

function countLayers(tensors: TensorInfos): number {
  let layers = 0;
  while (tensors.has(`beit3.encoder.layers.${layers}.self_attn.q_proj.A.weight`)) layers++;
  return layers;
}

function headCount(width: number, asked: number | undefined): number {
  const heads = asked ?? width / RELEASED_HEAD_WIDTH;
  if (Number.isInteger(heads) && heads > 0 && width % heads === 0) return heads;
  throw unsupported(
    `Expected a number of attention heads that divides the width ${width}. The file does not tell it; pass --heads.`,
  );
}

function pictureSide(side: number, patchSize: number): number {
  if (Number.isInteger(side / patchSize) && side > 0) return side;
  throw new SightlineError(
    'ERR_CONFIG_INVALID',
    `Expected an image size that is a multiple of the model's patches of ${patchSize} pixels but received ${side}.`,
    { details: { imageSize: side, patchSize } },
  );
}

/** A head counts as there when one of its keys is: what else it needs is then missed by name. */
function outputsOf(tensors: TensorInfos): OutputSet {
  const classes = (name: string): number => tensors.get(name)?.shape[0] ?? 0;
  const imageCodes = classes('mim_head.weight');
  const words = imageCodes > 0 ? 'masked' : 'caption';
  return {
    retrieval: tensors.has('vision_head.weight') || tensors.has('language_head.weight'),
    answers: classes('head.3.weight'),
    pairs: tensors.has('head.dense1.weight') || tensors.has('head.dense2.weight'),
    classes: classes('head.weight'),
    words: tensors.has('mlm_head.weight') ? words : 'none',
    imageCodes,
  };
}

const HEAD_KEYS = [
  'vision_head.weight and language_head.weight (retrieval, ITC)',
  'mlm_head.weight (captioning, pretrained)',
  'head.3.weight (VQA)',
  'head.dense1.weight (NLVR2)',
  'head.weight (ImageNet)',
];

function readsText({ retrieval, answers, pairs, words }: OutputSet): boolean {
  return retrieval || answers > 0 || pairs || words !== 'none';
}

function checkTensors(tensors: TensorInfos, architecture: Architecture): void {
  const expected = expectedTensors(architecture);
  const missing = [...expected.keys()].filter((name) => !tensors.has(name));
  if (missing.length > 0) throw missingTensors(missing);
  for (const [name, shape] of expected) {
    const found = tensors.get(name)?.shape ?? [];
    if (found.join() !== shape.join()) {
      const message = `Expected ${name} to have the shape [${shape.join(', ')}] but it has [${found.join(', ')}].`;
      throw unsupported(message, { tensor: name, expected: shape, found });
    }
  }
}

/**
 * @throws ERR_CHECKPOINT_UNSUPPORTED naming the keys that are missing, or the first one that does not fit;
 * ERR_CONFIG_INVALID for an image size that patches do not fill
 */
export function recogniseArchitecture(
  tensors: TensorInfos,
  { heads, imageSize }: RecognitionOptions = {},
): Architecture {
  const [width = 0, , patchSize = 0] = shapeOf(tensors, 'beit3.vision_embed.proj.weight', 4);
  const [imageRows = 0] = shapeOf(tensors, 'beit3.encoder.embed_positions.A.weight', 2);
  const [feedForward = 0] = shapeOf(tensors, 'beit3.encoder.layers.0.ffn.A.fc1.weight', 2);
  const outputs = outputsOf(tensors);
  const text = readsText(outputs);
  if (!text && outputs.classes === 0 && outputs.imageCodes === 0)
    throw unsupported(
      `Expected the head of a released BEiT-3 family but the file has none of ${HEAD_KEYS.join(', ')}.`,
      { missing: HEAD_KEYS },
    );
  const [vocabulary = 0] = text ? shapeOf(tensors, 'beit3.text_embed.weight', 2) : [];
  const [textRows = 0] = text ? shapeOf(tensors, 'beit3.encoder.embed_positions.B.weight', 2) : [];
  const storedGrid = Math.sqrt(imageRows - UNUSED_POSITIONS - 1);
  if (!Number.isInteger(storedGrid)) {
    throw unsupported(
      `Expected the picture's position rows to be a square grid, a class token and two unused rows but found ${imageRows} rows.`,
    );
  }
  const architecture: Architecture = {
    width,
    layers: countLayers(tensors),
    heads: headCount(width, heads),
    feedForward,
    imageSize: pictureSide(imageSize ?? storedGrid * patchSize, patchSize),
    patchSize,
    storedGrid,
    vocabulary,
    textPositions: Math.max(0, textRows - UNUSED_POSITIONS),
    finalNorm: tensors.has('beit3.encoder.layer_norm.A.weight'),
    outputs,
  };
  checkTensors(tensors, architecture);
  return architecture;
}

/** Names of tensors that belong to no part of BEiT-3 that we know: worth a word to whoever imports the file. */
export function unusedTensors(tensors: TensorInfos, architecture: Architecture): string[] {
  const expected = expectedTensors(architecture);
  const idle = idleTensors(architecture);
  return [...tensors.keys()].filter((name) => !expected.has(name) && !idle.has(name));
}

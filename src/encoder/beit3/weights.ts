/**
 * From a checkpoint's tensors to the bundle's weights, one at a time. What differs from the file:
 *
 * - the scaling of pixels, (x / 255 − 0.5) / 0.5, is folded into the patch projection, so that the graph takes bytes:
 *   W x' + b = (2 W / 255) x + (b − Σ W);
 * - patches are flattened as (row, column, channel), the order in which decoded pixels lie in memory;
 * - the patch projection's bias is added to the position rows once and for all, and the class token to its own row;
 * - query, key and value projections are one matrix: one product instead of three.
 */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { WeightFile } from '../onnx/weight-file.js';
import { type Architecture, patchCount, UNUSED_POSITIONS } from './architecture.js';
import { type Precision, writeLinear, writeTable } from './precision.js';

/** The two experts of every multiway layer: A sees image rows, B text rows. */
export const EXPERTS = ['A', 'B'] as const;
export type Expert = (typeof EXPERTS)[number];

/** What the image graph takes: bytes, or pixels scaled already (to compare with the official code's tensors). */
export type PixelInput = 'uint8' | 'float32';

export interface WeightOptions {
  readonly precision: Precision;
  readonly pixelInput: PixelInput;
}

const CHANNELS = 3;

async function writeNorm(
  checkpoint: Checkpoint,
  weights: WeightFile,
  from: string,
  to: string,
): Promise<void> {
  for (const part of ['weight', 'bias']) {
    const values = await checkpoint.readFloat32(`${from}.${part}`);
    await weights.add(`${to}.${part}`, 'float32', [values.length], values);
  }
}

/** Copies a linear layer; `withBias` false where the model has none. */
async function copyLinear(
  checkpoint: Checkpoint,
  weights: WeightFile,
  from: string,
  to: string,
  precision: Precision,
  withBias = true,
): Promise<void> {
  const [outputs = 0, inputs = 0] = checkpoint.tensors.get(`${from}.weight`)?.shape ?? [];
  const weight = await checkpoint.readFloat32(`${from}.weight`);
  const bias = withBias ? { bias: await checkpoint.readFloat32(`${from}.bias`) } : {};
  await writeLinear(weights, to, { weight, outputs, inputs, ...bias }, precision);
}

async function writePatchProjection(
  checkpoint: Checkpoint,
  weights: WeightFile,
  { width, patchSize }: Architecture,
  pixelInput: PixelInput,
): Promise<Float32Array> {
  const kernel = await checkpoint.readFloat32('beit3.vision_embed.proj.weight');
  const bias = await checkpoint.readFloat32('beit3.vision_embed.proj.bias');
  const area = patchSize * patchSize;
  const scale = pixelInput === 'uint8' ? 2 / 255 : 1;
  const matrix = new Float32Array(kernel.length);
  const folded = new Float32Array(width);
  for (let out = 0; out < width; out++) {
    let sum = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      for (let position = 0; position < area; position++) {
        const value = kernel[(out * CHANNELS + channel) * area + position] as number;
        matrix[(position * CHANNELS + channel) * width + out] = value * scale;
        sum += value;
      }
    }
    folded[out] = (bias[out] as number) - (pixelInput === 'uint8' ? sum : 0);
  }
  await weights.add('vision.patch', 'float32', [area * CHANNELS, width], matrix);
  return folded;
}

async function writeVisionEmbedding(
  checkpoint: Checkpoint,
  weights: WeightFile,
  architecture: Architecture,
  pixelInput: PixelInput,
): Promise<void> {
  const { width } = architecture;
  const patches = patchCount(architecture);
  const bias = await writePatchProjection(checkpoint, weights, architecture, pixelInput);
  const rows = await checkpoint.readFloat32('beit3.encoder.embed_positions.A.weight');
  const token = await checkpoint.readFloat32('beit3.vision_embed.cls_token');
  const classRow = token.map((value, i) => value + (rows[UNUSED_POSITIONS * width + i] as number));
  await weights.add('vision.class', 'float32', [1, 1, width], classRow);
  const patchRows = rows
    .slice((UNUSED_POSITIONS + 1) * width)
    .map((value, i) => value + (bias[i % width] as number));
  await weights.add('vision.position', 'float32', [patches, width], patchRows);
}

async function writeTextEmbedding(
  checkpoint: Checkpoint,
  weights: WeightFile,
  { width, vocabulary, textPositions }: Architecture,
  precision: Precision,
): Promise<void> {
  const table = await checkpoint.readFloat32('beit3.text_embed.weight');
  await writeTable(weights, 'text.table', [vocabulary, width], table, precision);
  const rows = await checkpoint.readFloat32('beit3.encoder.embed_positions.B.weight');
  await weights.add(
    'text.position',
    'float32',
    [textPositions, width],
    rows.subarray(UNUSED_POSITIONS * width),
  );
}

async function writeLayer(
  checkpoint: Checkpoint,
  weights: WeightFile,
  layer: number,
  expert: Expert,
  { width }: Architecture,
  precision: Precision,
): Promise<void> {
  const from = `beit3.encoder.layers.${layer}`;
  const to = `layers.${layer}.${expert}`;
  const weight = new Float32Array(3 * width * width);
  const bias = new Float32Array(3 * width);
  for (const [part, projection] of ['q_proj', 'k_proj', 'v_proj'].entries()) {
    const key = `${from}.self_attn.${projection}.${expert}`;
    weight.set(await checkpoint.readFloat32(`${key}.weight`), part * width * width);
    bias.set(await checkpoint.readFloat32(`${key}.bias`), part * width);
  }
  await writeNorm(checkpoint, weights, `${from}.self_attn_layer_norm.${expert}`, `${to}.attention_norm`);
  await writeLinear(weights, `${to}.qkv`, { weight, outputs: 3 * width, inputs: width, bias }, precision);
  await writeNorm(checkpoint, weights, `${from}.self_attn.inner_attn_ln.${expert}`, `${to}.context_norm`);
  await copyLinear(checkpoint, weights, `${from}.self_attn.out_proj.${expert}`, `${to}.out`, precision);
  await writeNorm(checkpoint, weights, `${from}.final_layer_norm.${expert}`, `${to}.feed_forward_norm`);
  await copyLinear(checkpoint, weights, `${from}.ffn.${expert}.fc1`, `${to}.fc1`, precision);
  await writeNorm(checkpoint, weights, `${from}.ffn.${expert}.ffn_layernorm`, `${to}.hidden_norm`);
  await copyLinear(checkpoint, weights, `${from}.ffn.${expert}.fc2`, `${to}.fc2`, precision);
}

async function writeHeads(
  checkpoint: Checkpoint,
  weights: WeightFile,
  { outputs }: Architecture,
  precision: Precision,
): Promise<void> {
  const careful = precision === 'int8' ? 'fp16' : precision;
  if (outputs.retrieval) {
    await copyLinear(checkpoint, weights, 'vision_head', 'head.vision', careful, false);
    await copyLinear(checkpoint, weights, 'language_head', 'head.language', careful, false);
  }
  if (outputs.match) {
    await writeNorm(checkpoint, weights, 'pooler.norm', 'head.match.pool_norm');
    await copyLinear(checkpoint, weights, 'pooler.dense', 'head.match.pool', careful);
    await copyLinear(checkpoint, weights, 'head.0', 'head.match.hidden', careful);
    await writeNorm(checkpoint, weights, 'head.1', 'head.match.hidden_norm');
    await copyLinear(checkpoint, weights, 'head.3', 'head.match.classes', careful);
  }
}

/** Writes every weight that the graphs of this architecture refer to. Holds one layer's tensors at a time. */
export async function writeWeights(
  checkpoint: Checkpoint,
  weights: WeightFile,
  architecture: Architecture,
  { precision, pixelInput }: WeightOptions,
): Promise<void> {
  await writeVisionEmbedding(checkpoint, weights, architecture, pixelInput);
  await writeTextEmbedding(checkpoint, weights, architecture, precision);
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const expert of EXPERTS)
      await writeLayer(checkpoint, weights, layer, expert, architecture, precision);
  }
  if (architecture.finalNorm) {
    for (const expert of EXPERTS) {
      await writeNorm(checkpoint, weights, `beit3.encoder.layer_norm.${expert}`, `final_norm.${expert}`);
    }
  }
  await writeHeads(checkpoint, weights, architecture, precision);
}

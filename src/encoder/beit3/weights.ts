/**
 * From a checkpoint's tensors to the bundle's weights, one at a time. What differs from the file:
 *
 * - the scaling of pixels, (x / 255 − mean) / std, is folded into the patch projection, so that the graph takes bytes:
 *   W x' + b = (W / 255 std) x + (b − Σ W mean / std);
 * - patches are flattened as (row, column, channel), the order in which decoded pixels lie in memory;
 * - the patch projection's bias is added to the position rows once and for all, and the class token to its own row;
 * - position rows of another grid than the pictures' are resized;
 * - query, key and value projections are one matrix: one product instead of three;
 * - what no graph of the model reads (the text side of an ImageNet file) is left out.
 */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { WeightFile } from '../onnx/weight-file.js';
import { type Architecture, gridSide, hasTextSide, patchCount, UNUSED_POSITIONS } from './architecture.js';
import { writeHeads } from './head-weights.js';
import { pixelScaling } from './pixel-scaling.js';
import { resizePositionRows } from './position-rows.js';
import { type Precision, writeLinear, writeTable } from './precision.js';
import { type Expert, EXPERTS } from './tensor-catalogue.js';
import { TensorCopy } from './tensor-copy.js';

/** What the image graph takes: bytes, or pixels scaled already (to compare with the official code's tensors). */
export type PixelInput = 'uint8' | 'float32';

export interface WeightOptions {
  readonly precision: Precision;
  readonly pixelInput: PixelInput;
}

const CHANNELS = 3;
const WHITE = 255;

/** Writes the patch projection and returns the bias that goes with it. */
async function writePatchProjection(
  { checkpoint, weights }: TensorCopy,
  { width, patchSize, outputs }: Architecture,
  pixelInput: PixelInput,
): Promise<Float32Array> {
  const kernel = await checkpoint.readFloat32('beit3.vision_embed.proj.weight');
  const bias = await checkpoint.readFloat32('beit3.vision_embed.proj.bias');
  const area = patchSize * patchSize;
  const { mean, std } = pixelScaling(outputs);
  const fold = pixelInput === 'uint8';
  const scale = std.map((deviation) => (fold ? 1 / (WHITE * deviation) : 1));
  const offset = mean.map((middle, i) => (fold ? middle / (std[i] as number) : 0));
  const matrix = new Float32Array(kernel.length);
  const folded = new Float32Array(width);
  for (let out = 0; out < width; out++) {
    let sum = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      for (let position = 0; position < area; position++) {
        const value = kernel[(out * CHANNELS + channel) * area + position] as number;
        matrix[(position * CHANNELS + channel) * width + out] = value * (scale[channel] as number);
        sum += value * (offset[channel] as number);
      }
    }
    folded[out] = (bias[out] as number) - sum;
  }
  await weights.add('vision.patch', 'float32', [area * CHANNELS, width], matrix);
  return folded;
}

async function writeVisionEmbedding(
  copy: TensorCopy,
  architecture: Architecture,
  pixelInput: PixelInput,
): Promise<void> {
  const { checkpoint, weights } = copy;
  const { width, storedGrid } = architecture;
  const bias = await writePatchProjection(copy, architecture, pixelInput);
  const stored = await checkpoint.readFloat32('beit3.encoder.embed_positions.A.weight');
  const rows = resizePositionRows(stored, width, storedGrid, gridSide(architecture));
  const token = await checkpoint.readFloat32('beit3.vision_embed.cls_token');
  const classRow = token.map((value, i) => value + (rows[UNUSED_POSITIONS * width + i] as number));
  await weights.add('vision.class', 'float32', [1, 1, width], classRow);
  const patchRows = rows
    .slice((UNUSED_POSITIONS + 1) * width)
    .map((value, i) => value + (bias[i % width] as number));
  await weights.add('vision.position', 'float32', [patchCount(architecture), width], patchRows);
  if (architecture.outputs.imageCodes > 0) {
    // Less the bias that comes back with the position rows: a masked patch has none.
    const mask = await checkpoint.readFloat32('beit3.vision_embed.mask_token');
    const masked = mask.map((value, i) => value - (bias[i] as number));
    await weights.add('vision.mask', 'float32', [1, 1, width], masked);
  }
}

async function writeTextEmbedding(
  { checkpoint, weights }: TensorCopy,
  { width, vocabulary, textPositions }: Architecture,
  precision: Precision,
): Promise<void> {
  const table = await checkpoint.readFloat32('beit3.text_embed.weight');
  await writeTable(weights, 'text.table', [vocabulary, width], table, precision);
  const rows = await checkpoint.readFloat32('beit3.encoder.embed_positions.B.weight');
  const used = rows.subarray(UNUSED_POSITIONS * width);
  await weights.add('text.position', 'float32', [textPositions, width], used);
}

async function writeLayer(
  copy: TensorCopy,
  layer: number,
  expert: Expert,
  { width }: Architecture,
  precision: Precision,
): Promise<void> {
  const { checkpoint, weights } = copy;
  const from = `beit3.encoder.layers.${layer}`;
  const to = `layers.${layer}.${expert}`;
  const weight = new Float32Array(3 * width * width);
  const bias = new Float32Array(3 * width);
  for (const [part, projection] of ['q_proj', 'k_proj', 'v_proj'].entries()) {
    const key = `${from}.self_attn.${projection}.${expert}`;
    weight.set(await checkpoint.readFloat32(`${key}.weight`), part * width * width);
    bias.set(await checkpoint.readFloat32(`${key}.bias`), part * width);
  }
  await copy.norm(`${from}.self_attn_layer_norm.${expert}`, `${to}.attention_norm`);
  await writeLinear(weights, `${to}.qkv`, { weight, outputs: 3 * width, inputs: width, bias }, precision);
  await copy.norm(`${from}.self_attn.inner_attn_ln.${expert}`, `${to}.context_norm`);
  await copy.linear(`${from}.self_attn.out_proj.${expert}`, `${to}.out`, precision);
  await copy.norm(`${from}.final_layer_norm.${expert}`, `${to}.feed_forward_norm`);
  await copy.linear(`${from}.ffn.${expert}.fc1`, `${to}.fc1`, precision);
  await copy.norm(`${from}.ffn.${expert}.ffn_layernorm`, `${to}.hidden_norm`);
  await copy.linear(`${from}.ffn.${expert}.fc2`, `${to}.fc2`, precision);
}

/** Writes every weight that the graphs of this architecture refer to. Holds one layer's tensors at a time. */
export async function writeWeights(
  checkpoint: Checkpoint,
  weights: WeightFile,
  architecture: Architecture,
  { precision, pixelInput }: WeightOptions,
): Promise<void> {
  const copy = new TensorCopy(checkpoint, weights);
  const experts = hasTextSide(architecture) ? EXPERTS : (['A'] as const);
  await writeVisionEmbedding(copy, architecture, pixelInput);
  if (hasTextSide(architecture)) await writeTextEmbedding(copy, architecture, precision);
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const expert of experts) await writeLayer(copy, layer, expert, architecture, precision);
  }
  if (architecture.finalNorm) {
    for (const expert of experts)
      await copy.norm(`beit3.encoder.layer_norm.${expert}`, `final_norm.${expert}`);
  }
  await writeHeads(copy, architecture.outputs, precision);
}

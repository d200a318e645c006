/**
 * Every tensor of a BEiT-3 checkpoint with its shape, as the released classes name them. The suffix of an expert (`.A.` for
 * pictures, `.B.` for texts) sits behind the wrapped module: behind each projection in the attention, but behind the whole
 * block in the feed-forward.
 */
import { type Architecture, UNUSED_POSITIONS } from './architecture.js';

/** The two experts of every multiway layer: A sees image rows, B text rows. */
export const EXPERTS = ['A', 'B'] as const;
export type Expert = (typeof EXPERTS)[number];

type Shapes = Map<string, readonly number[]>;

const CHANNELS = 3;
function addNorm(shapes: Shapes, name: string, width: number): void {
  shapes.set(`${name}.weight`, [width]);
  shapes.set(`${name}.bias`, [width]);
}

function addLinear(shapes: Shapes, name: string, outputs: number, inputs: number): void {
  shapes.set(`${name}.weight`, [outputs, inputs]);
  shapes.set(`${name}.bias`, [outputs]);
}

function addLayers(
  shapes: Shapes,
  { width, feedForward, layers, finalNorm }: Architecture,
  expert: Expert,
): void {
  for (let layer = 0; layer < layers; layer++) {
    const from = `beit3.encoder.layers.${layer}`;
    for (const projection of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      addLinear(shapes, `${from}.self_attn.${projection}.${expert}`, width, width);
    addNorm(shapes, `${from}.self_attn.inner_attn_ln.${expert}`, width);
    addNorm(shapes, `${from}.self_attn_layer_norm.${expert}`, width);
    addNorm(shapes, `${from}.final_layer_norm.${expert}`, width);
    addLinear(shapes, `${from}.ffn.${expert}.fc1`, feedForward, width);
    addNorm(shapes, `${from}.ffn.${expert}.ffn_layernorm`, feedForward);
    addLinear(shapes, `${from}.ffn.${expert}.fc2`, width, feedForward);
  }
  if (finalNorm) addNorm(shapes, `beit3.encoder.layer_norm.${expert}`, width);
}

function addHeads(shapes: Shapes, { width, vocabulary, outputs }: Architecture): void {
  const { retrieval, answers, pairs, classes, words, imageCodes } = outputs;
  if (retrieval) {
    shapes.set('vision_head.weight', [width, width]);
    shapes.set('language_head.weight', [width, width]);
  }
  if (answers > 0) {
    addNorm(shapes, 'pooler.norm', width);
    addLinear(shapes, 'pooler.dense', width, width);
    addLinear(shapes, 'head.0', 2 * width, width);
    addNorm(shapes, 'head.1', 2 * width);
    addLinear(shapes, 'head.3', answers, 2 * width);
  }
  if (pairs) {
    addNorm(shapes, 'head.norm1', 4 * width);
    addLinear(shapes, 'head.dense1', 2 * width, 4 * width);
    addNorm(shapes, 'head.norm2', 2 * width);
    addLinear(shapes, 'head.dense2', 2, 2 * width);
  }
  if (classes > 0) {
    addNorm(shapes, 'fc_norm', width);
    addLinear(shapes, 'head', classes, width);
  }
  if (words !== 'none') addLinear(shapes, 'mlm_head', vocabulary, width);
  if (imageCodes > 0) {
    addLinear(shapes, 'mim_head', imageCodes, width);
    shapes.set('beit3.vision_embed.mask_token', [1, 1, width]);
  }
}

/** Names and shapes of all tensors that the graphs of this architecture are made from. */
export function expectedTensors(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  const { width, patchSize, storedGrid, vocabulary, textPositions } = architecture;
  const shapes: Shapes = new Map();
  shapes.set('beit3.vision_embed.cls_token', [1, 1, width]);
  shapes.set('beit3.vision_embed.proj.weight', [width, CHANNELS, patchSize, patchSize]);
  shapes.set('beit3.vision_embed.proj.bias', [width]);
  shapes.set('beit3.encoder.embed_positions.A.weight', [UNUSED_POSITIONS + 1 + storedGrid ** 2, width]);
  addLayers(shapes, architecture, 'A');
  if (vocabulary > 0) {
    shapes.set('beit3.text_embed.weight', [vocabulary, width]);
    shapes.set('beit3.encoder.embed_positions.B.weight', [UNUSED_POSITIONS + textPositions, width]);
    addLayers(shapes, architecture, 'B');
  }
  addHeads(shapes, architecture);
  return shapes;
}

/**
 * Tensors that released files hold for training or out of habit, and that no graph needs: the token of masked patches, the
 * scale of similarities (it goes into the manifest), and the whole text side of ImageNet files.
 */
export function idleTensors(architecture: Architecture): ReadonlySet<string> {
  const shapes: Shapes = new Map();
  addLayers(shapes, architecture, 'B');
  return new Set([
    'beit3.vision_embed.mask_token',
    'logit_scale',
    'beit3.text_embed.weight',
    'beit3.encoder.embed_positions.B.weight',
    ...shapes.keys(),
  ]);
}

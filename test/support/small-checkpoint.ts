import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safetensors } from './torch-file-writer.js';

/** A tokenizer of 2000 pieces, and checkpoints whose text tables fit it. */
export const SMALL_TOKENIZER: string = fileURLToPath(
  new URL('../fixtures/tokenizer/tiny.spm', import.meta.url),
);

const WIDTH = 64;
const FEED_FORWARD = 128;
const LAYERS = 2;
const PATCH = 16;
const PATCHES = 4;
const VOCABULARY = 2010;
const TEXT_POSITIONS = 64;

export type Family = 'retrieval' | 'vqa' | 'nlvr2' | 'classes' | 'captioning' | 'pretrained';

type Shapes = Record<string, readonly number[]>;

const linear = (name: string, outputs: number, inputs: number): Shapes => ({
  [`${name}.weight`]: [outputs, inputs],
  [`${name}.bias`]: [outputs],
});
const norm = (name: string, width: number): Shapes => ({
  [`${name}.weight`]: [width],
  [`${name}.bias`]: [width],
});

const HEADS: Readonly<Record<Family, Shapes>> = {
  retrieval: {
    'language_head.weight': [WIDTH, WIDTH],
    'vision_head.weight': [WIDTH, WIDTH],
    logit_scale: [],
  },
  vqa: {
    ...norm('pooler.norm', WIDTH),
    ...linear('pooler.dense', WIDTH, WIDTH),
    ...linear('head.0', 2 * WIDTH, WIDTH),
    ...norm('head.1', 2 * WIDTH),
    ...linear('head.3', 7, 2 * WIDTH),
  },
  nlvr2: {
    ...norm('head.norm1', 4 * WIDTH),
    ...linear('head.dense1', 2 * WIDTH, 4 * WIDTH),
    ...norm('head.norm2', 2 * WIDTH),
    ...linear('head.dense2', 2, 2 * WIDTH),
  },
  classes: { ...norm('fc_norm', WIDTH), ...linear('head', 5, WIDTH) },
  captioning: linear('mlm_head', VOCABULARY, WIDTH),
  pretrained: { ...linear('mlm_head', VOCABULARY, WIDTH), ...linear('mim_head', 32, WIDTH) },
};

function backbone(finalNorm: boolean): Shapes {
  const shapes: Shapes = {
    'beit3.text_embed.weight': [VOCABULARY, WIDTH],
    'beit3.vision_embed.cls_token': [1, 1, WIDTH],
    'beit3.vision_embed.mask_token': [1, 1, WIDTH],
    'beit3.vision_embed.proj.weight': [WIDTH, 3, PATCH, PATCH],
    'beit3.vision_embed.proj.bias': [WIDTH],
    'beit3.encoder.embed_positions.A.weight': [PATCHES + 3, WIDTH],
    'beit3.encoder.embed_positions.B.weight': [TEXT_POSITIONS + 2, WIDTH],
  };
  for (const expert of ['A', 'B']) {
    for (let layer = 0; layer < LAYERS; layer++) {
      const own = `beit3.encoder.layers.${layer}`;
      for (const projection of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
        Object.assign(shapes, linear(`${own}.self_attn.${projection}.${expert}`, WIDTH, WIDTH));
      for (const name of ['self_attn.inner_attn_ln', 'self_attn_layer_norm', 'final_layer_norm'])
        Object.assign(shapes, norm(`${own}.${name}.${expert}`, WIDTH));
      Object.assign(shapes, linear(`${own}.ffn.${expert}.fc1`, FEED_FORWARD, WIDTH));
      Object.assign(shapes, norm(`${own}.ffn.${expert}.ffn_layernorm`, FEED_FORWARD));
      Object.assign(shapes, linear(`${own}.ffn.${expert}.fc2`, WIDTH, FEED_FORWARD));
    }
    if (finalNorm) Object.assign(shapes, norm(`beit3.encoder.layer_norm.${expert}`, WIDTH));
  }
  return shapes;
}

/** Numbers that look random and are the same every time. */
function* noise(): Generator<number> {
  for (let state = 12_345; ; state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
    yield (state / 2_147_483_648 - 0.5) / 4;
}

/** Writes a small checkpoint of a family, its weights noise, and returns its path. Pictures are 32 pixels wide. */
export function smallCheckpoint(family: Family, folder: string): string {
  const shapes = { ...backbone(family !== 'vqa' && family !== 'classes'), ...HEADS[family] };
  const header: Record<string, object> = {};
  const values: number[] = [];
  const numbers = noise();
  for (const [name, shape] of Object.entries(shapes)) {
    const start = values.length * 4;
    const count = shape.reduce((product, size) => product * size, 1);
    for (let i = 0; i < count; i++) values.push(numbers.next().value as number);
    header[name] = { dtype: 'F32', shape, data_offsets: [start, values.length * 4] };
  }
  const path = join(folder, `${family}.safetensors`);
  writeFileSync(path, safetensors(header, new Uint8Array(Float32Array.from(values).buffer)));
  return path;
}

/**
 * Checkpoints of the released sizes with random weights, laid out as PyTorch writes them: a zip of stored entries, a pickle
 * that names the tensors, and a file of raw float32 for each. Only sizes and speed are measured on them.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

export interface ModelSize {
  readonly width: number;
  readonly layers: number;
  readonly feedForward: number;
}

export const BASE: ModelSize = { width: 768, layers: 12, feedForward: 3072 };
export const LARGE: ModelSize = { width: 1024, layers: 24, feedForward: 4096 };

const PATCH = 16;
const TEXT_POSITIONS = 1024;

type Shape = readonly number[];

/** Which heads a checkpoint has. */
export type Family = 'retrieval' | 'captioning';

export interface CheckpointPlan {
  readonly size: ModelSize;
  readonly vocabulary: number;
  readonly imageSize: number;
  readonly family: Family;
}

/** Every tensor of a checkpoint of this family. */
function shapesOf({ size, vocabulary, imageSize, family }: CheckpointPlan): Map<string, Shape> {
  const { width: D, layers, feedForward: F } = size;
  const shapes = new Map<string, Shape>();
  const norm = (name: string, channels: number): void => {
    for (const part of ['weight', 'bias']) shapes.set(`${name}.${part}`, [channels]);
  };
  const linear = (name: string, out: number, inputs: number): void => {
    shapes.set(`${name}.weight`, [out, inputs]).set(`${name}.bias`, [out]);
  };
  shapes.set('beit3.text_embed.weight', [vocabulary, D]);
  shapes.set('beit3.vision_embed.cls_token', [1, 1, D]).set('beit3.vision_embed.mask_token', [1, 1, D]);
  shapes.set('beit3.vision_embed.proj.weight', [D, 3, PATCH, PATCH]).set('beit3.vision_embed.proj.bias', [D]);
  shapes.set('beit3.encoder.embed_positions.A.weight', [(imageSize / PATCH) ** 2 + 3, D]);
  shapes.set('beit3.encoder.embed_positions.B.weight', [TEXT_POSITIONS, D]);
  for (let i = 0; i < layers; i++) {
    const layer = `beit3.encoder.layers.${i}`;
    for (const expert of ['A', 'B']) {
      for (const projection of ['q', 'k', 'v', 'out'])
        linear(`${layer}.self_attn.${projection}_proj.${expert}`, D, D);
      norm(`${layer}.self_attn.inner_attn_ln.${expert}`, D);
      norm(`${layer}.self_attn_layer_norm.${expert}`, D);
      norm(`${layer}.final_layer_norm.${expert}`, D);
      linear(`${layer}.ffn.${expert}.fc1`, F, D);
      norm(`${layer}.ffn.${expert}.ffn_layernorm`, F);
      linear(`${layer}.ffn.${expert}.fc2`, D, F);
    }
  }
  for (const expert of ['A', 'B']) norm(`beit3.encoder.layer_norm.${expert}`, D);
  if (family === 'captioning') {
    linear('mlm_head', vocabulary, D);
  } else {
    shapes.set('language_head.weight', [D, D]).set('vision_head.weight', [D, D]).set('logit_scale', []);
  }
  return shapes;
}

const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Draws once and repeats: nobody looks at the numbers, and drawing hundreds of millions takes longer than importing them. */
const NOISE = Float32Array.from(
  { length: 1 << 16 },
  () => 0.02 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
);

function values(name: string, count: number): Float32Array {
  const result = new Float32Array(count);
  // Gains around 1 keep the activations of a deep stack in a normal range.
  const gain = /(norm|_ln\.[AB]|layernorm)\.?[AB]?\.weight$/.test(name) ? 1 : 0;
  for (let i = 0; i < count; i++) result[i] = gain + (NOISE[i & (NOISE.length - 1)] as number);
  return result;
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5, 'J', 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function text(value: string): Buffer {
  const body = Buffer.from(value);
  const head = Buffer.alloc(5, 'X', 'latin1');
  head.writeUInt32LE(body.length, 1);
  return Buffer.concat([head, body]);
}

const raw = (ascii: string): Buffer => Buffer.from(ascii, 'latin1');
const tuple = (items: readonly Buffer[]): Buffer => Buffer.concat([raw('('), ...items, raw('t')]);
const EMPTY_ORDERED = raw('ccollections\nOrderedDict\n)R');

function tensor(key: number, shape: Shape): Buffer {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const storage = tuple([
    text('storage'),
    raw('ctorch\nFloatStorage\n'),
    text(String(key)),
    text('cpu'),
    integer(elements(shape)),
  ]);
  const view = [
    raw('Q'),
    integer(0),
    tuple(shape.map(integer)),
    tuple(strides.map(integer)),
    raw('\x89'),
    EMPTY_ORDERED,
  ];
  return Buffer.concat([raw('ctorch._utils\n_rebuild_tensor_v2\n('), storage, ...view, raw('tR')]);
}

function pickleOf(shapes: ReadonlyMap<string, Shape>): Buffer {
  const entries = [...shapes].flatMap(([name, shape], key) => [text(name), tensor(key, shape)]);
  return Buffer.concat([raw('\x80\x02}'), text('model'), EMPTY_ORDERED, raw('('), ...entries, raw('us.')]);
}

/** Writes stored entries one after the other; enough of a zip for files below four gigabytes. */
class StoredZip {
  readonly #file: FileHandle;
  readonly #directory: Buffer[] = [];
  #end = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(name: string, data: Uint8Array): Promise<void> {
    const path = Buffer.from(name);
    const sizes = Buffer.alloc(26);
    sizes.writeUInt16LE(20, 0);
    sizes.writeUInt32LE(crc32(data), 10);
    sizes.writeUInt32LE(data.length, 14);
    sizes.writeUInt32LE(data.length, 18);
    sizes.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(this.#end, 10);
    this.#directory.push(Buffer.concat([raw('PK\x01\x02'), Buffer.from([20, 0]), sizes, place, path]));
    await this.#write(Buffer.concat([raw('PK\x03\x04'), sizes, path]));
    await this.#write(data);
  }

  async finish(): Promise<void> {
    const directory = Buffer.concat(this.#directory);
    const tail = Buffer.alloc(18);
    tail.writeUInt16LE(this.#directory.length, 4);
    tail.writeUInt16LE(this.#directory.length, 6);
    tail.writeUInt32LE(directory.length, 8);
    tail.writeUInt32LE(this.#end, 12);
    await this.#write(directory);
    await this.#write(Buffer.concat([raw('PK\x05\x06'), tail]));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      done += (await this.#file.write(bytes, done, bytes.length - done, this.#end + done)).bytesWritten;
    }
    this.#end += bytes.length;
  }
}

/** @returns how many parameters it has */
export async function writeRandomCheckpoint(path: string, plan: CheckpointPlan): Promise<number> {
  const shapes = shapesOf(plan);
  await using file = await open(path, 'w');
  const zip = new StoredZip(file);
  await zip.add('random/data.pkl', pickleOf(shapes));
  let parameters = 0;
  for (const [key, [name, shape]] of [...shapes].entries()) {
    const data = values(name, elements(shape));
    parameters += data.length;
    await zip.add(`random/data/${key}`, new Uint8Array(data.buffer));
  }
  await zip.finish();
  return parameters;
}

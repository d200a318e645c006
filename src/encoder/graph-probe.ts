/**
 * A model's graphs, each run once on a grey picture and a short text: what comes out must have the shape that the manifest
 * promises, hold finite numbers, and be of unit length where it is an embedding. Finds what checksums cannot: a bundle that
 * was written wrong, and a machine that computes wrong.
 */
import { asSightlineError } from '../core/errors.js';
import type { GraphName } from './beit3/abilities.js';
import { type Bundle, bundlePath, graphFile, type Manifest } from './bundle.js';
import type { Tensors, WireTensor } from './runtime/messages.js';
import type { SessionHost } from './runtime/session-host.js';
import { tokenBatch } from './token-batch.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

export interface GraphProbe {
  readonly graph: GraphName;
  /** Output name → shape, as it came. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  /** Loading the graph and one run. */
  readonly milliseconds: number;
  /** What is wrong, in words; none where all is well. */
  readonly problems: readonly string[];
}

const GREY = 128;
const PROBE_TEXT = 'a grey picture';
const CHANNELS = 3;
/** Of the length of an embedding; float32 sums of a thousand squares stay well within. */
const LENGTH_TOLERANCE = 1e-3;

/** A number that must be met, or null where any positive one is right. */
type Shape = readonly (number | null)[];

interface GraphContract {
  readonly feeds: Tensors;
  readonly outputs: Readonly<Record<string, Shape>>;
}

/** Keys and values that graphs of a captioning model hand to one another. */
type Store = Readonly<Record<string, WireTensor>>;

function greyPicture({ imageSize }: Manifest): WireTensor {
  const data = new Uint8Array(imageSize * imageSize * CHANNELS).fill(GREY);
  return { type: 'uint8', dims: [1, imageSize, imageSize, CHANNELS], data };
}

function idRow(ids: readonly number[]): WireTensor {
  return { type: 'int64', dims: [1, ids.length], data: BigInt64Array.from(ids, BigInt) };
}

/** What each graph takes and gives. `store` holds what the graphs before it gave. */
function contractOf(
  graph: GraphName,
  manifest: Manifest,
  tokenizer: Tokenizer | undefined,
  store: Store,
): GraphContract {
  const { dimensions, imageSize, patchSize, layers, width, vocabulary, maxTokens } = manifest;
  const pixels = greyPicture(manifest);
  const ids = tokenizer?.tokenize(PROBE_TEXT, maxTokens).ids ?? [];
  const text = tokenizer ? tokenBatch([ids], tokenizer.padId) : {};
  const patches = (imageSize / patchSize) ** 2;
  const words = ids.length;
  const start = idRow([tokenizer?.bosId ?? 0, tokenizer?.maskId ?? 0]);
  const kept = (...names: readonly string[]): Tensors =>
    Object.fromEntries(names.flatMap((name) => (store[name] ? [[name, store[name]]] : [])));
  const picture = {
    image_keys: [1, layers, patches + 1, width],
    image_values: [1, layers, patches + 1, width],
  };
  const context = {
    context_keys: [1, layers, patches + 2, width],
    context_values: [1, layers, patches + 2, width],
    first_log_probs: [1, vocabulary],
  };
  const past = (rows: number): Record<string, Shape> => ({
    text_keys: [1, layers, rows, width],
    text_values: [1, layers, rows, width],
  });
  const contracts: Readonly<Record<GraphName, () => GraphContract>> = {
    image: () => ({ feeds: { pixels }, outputs: { embedding: [1, dimensions] } }),
    text: () => ({ feeds: text, outputs: { embedding: [1, dimensions] } }),
    'image-rows': () => ({ feeds: { pixels }, outputs: { row_embeddings: [1, patches + 1, dimensions] } }),
    'text-rows': () => ({ feeds: text, outputs: { row_embeddings: [1, words, dimensions] } }),
    fused: () => ({
      feeds: { pixels, ...text },
      outputs: manifest.outputs.includes('match_logits')
        ? { match_logits: [1, 2] }
        : { answer_logits: [1, null] },
    }),
    nlvr2: () => ({
      feeds: { pixels_left: pixels, pixels_right: pixels, ...text },
      outputs: { nlvr2_logits: [1, 2] },
    }),
    class: () => ({ feeds: { pixels }, outputs: { class_logits: [1, null] } }),
    caption: () => ({ feeds: { pixels, ...text }, outputs: { caption_logits: [1, words, vocabulary] } }),
    'caption-prefill': () => ({
      feeds: { pixels, input_ids: start },
      outputs: { caption_logits: [1, 1, vocabulary], ...picture, ...past(1) },
    }),
    'caption-step': () => ({
      feeds: {
        input_ids: idRow([ids[1] ?? 0, tokenizer?.maskId ?? 0]),
        ...kept('image_keys', 'image_values'),
        ...(store['text_keys'] && { past_keys: store['text_keys'] }),
        ...(store['text_values'] && { past_values: store['text_values'] }),
      },
      outputs: { caption_logits: [1, 1, vocabulary], ...past(2) },
    }),
    'caption-image': () => ({ feeds: { pixels }, outputs: context }),
    'caption-score': () => ({
      feeds: { ...text, ...kept('context_keys', 'context_values', 'first_log_probs') },
      outputs: { token_log_probs: [1, words - 1] },
    }),
    mlm: () => ({ feeds: { pixels, ...text }, outputs: { mlm_logits: [1, words, vocabulary] } }),
    'mlm-text': () => ({ feeds: text, outputs: { mlm_logits: [1, words, vocabulary] } }),
    mim: () => {
      const masked = BigInt64Array.from({ length: patches }, (_, patch) => (patch === 0 ? 1n : 0n));
      return {
        feeds: { pixels, masked_patches: { type: 'int64', dims: [1, patches], data: masked } },
        outputs: { mim_logits: [1, patches, null] },
      };
    },
  };
  return contracts[graph]();
}

const fits = (dims: readonly number[], shape: Shape): boolean =>
  dims.length === shape.length && dims.every((size, axis) => size > 0 && (shape[axis] ?? size) === size);

function* problemsOf(results: Tensors, expected: GraphContract['outputs']): Generator<string> {
  for (const [name, shape] of Object.entries(expected)) {
    const dims = results[name]?.dims;
    const wanted = `[${shape.map((size) => size ?? 'any').join(', ')}]`;
    if (dims === undefined) yield `expected the output ${name} but it is missing`;
    else if (!fits(dims, shape)) yield `expected ${name} to be ${wanted} but it is [${dims.join(', ')}]`;
  }
  for (const [name, { data }] of Object.entries(results)) {
    if (!(data instanceof Float32Array)) continue;
    if (!data.every(Number.isFinite)) yield `${name} holds values that are not finite`;
    else if (name === 'embedding' && Math.abs(Math.hypot(...data) - 1) > LENGTH_TOLERANCE)
      yield `expected ${name} to be of length 1 but it is ${Math.hypot(...data)}`;
  }
}

/** Runs every graph of a bundle once, one after the other. A graph that cannot be run is a problem, not an error. */
export async function probeGraphs(
  bundle: Bundle,
  tokenizer: Tokenizer | undefined,
  sessions: SessionHost,
): Promise<GraphProbe[]> {
  const probes: GraphProbe[] = [];
  let store: Store = {};
  for (const graph of bundle.manifest.graphs) {
    const start = performance.now();
    let results: Tensors = {};
    let problems: string[];
    try {
      const { feeds, outputs } = contractOf(graph, bundle.manifest, tokenizer, store);
      results = await sessions.run(bundlePath(bundle, graphFile(graph)), feeds, 'query');
      problems = [...problemsOf(results, outputs)];
    } catch (error) {
      problems = [asSightlineError(error).message];
    }
    const shapes = Object.entries(results).map(([name, { dims }]) => [name, dims] as const);
    const milliseconds = Math.round(performance.now() - start);
    probes.push({ graph, outputs: Object.fromEntries(shapes), milliseconds, problems });
    store = { ...store, ...results };
  }
  return probes;
}

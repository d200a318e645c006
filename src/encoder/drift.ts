/**
 * How far a bundle of lower precision is from the float32 numbers of its checkpoint, measured when it is made.
 *
 * Both are run on the same few pictures and texts. Neither has to fit into memory as a whole: the float32 weights are
 * written beside the bundle for the purpose, and both sets of graphs run layer by layer. What is compared is what people
 * use: the angle between embeddings, and the differences of logits beside the spread of the logits themselves.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dot } from '../core/embedding.js';
import { GRAPH_OUTPUTS, type GraphName } from './beit3/abilities.js';
import { type Architecture, patchCount } from './beit3/architecture.js';
import { type GraphDrift, graphFile } from './bundle.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import { pixelTensor } from './dual-encoder.js';
import { writeGraphFiles } from './graph-files.js';
import { runInPieces } from './onnx/graph-pieces.js';
import { PROBE_TEXTS, probePicture } from './probe-material.js';
import type { Tensors, WireTensor } from './runtime/messages.js';
import { SessionHost } from './runtime/session-host.js';
import { rowsOf } from './runtime/wire-rows.js';
import { tokenBatch } from './token-batch.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

/** Graphs that compute all that the others do, one for each head and tower. */
const MEASURED: readonly GraphName[] = ['image', 'text', 'fused', 'nlvr2', 'class', 'caption', 'mlm', 'mim'];

/** Two are enough to see a wrong precision, and little to wait for where pictures are large. */
const PICTURES = 2;

/** Weights of layer n are piece n + 1; before them the embeddings, behind them what ends the graph. */
function pieceOf(layers: number): (weight: string) => number {
  return (weight) => {
    const [, layer] = /^layers\.(\d+)\./.exec(weight) ?? [];
    if (layer !== undefined) return Number(layer) + 1;
    return /^(final_norm|head)\./.test(weight) ? layers + 1 : 0;
  };
}

function feedsOf(graph: GraphName, architecture: Architecture, tokenizer: Tokenizer | undefined): Tensors {
  const { imageSize } = architecture;
  const pictures = Array.from({ length: PICTURES }, (_, number) => probePicture(number, imageSize));
  const pixels = pixelTensor(pictures, imageSize);
  const maxTokens = architecture.textPositions;
  const idsOf = (text: string): readonly number[] => tokenizer?.tokenize(text, maxTokens).ids ?? [];
  const pad = tokenizer?.padId ?? 0;
  if (graph === 'text') return tokenBatch(PROBE_TEXTS.map(idsOf), pad);
  if (graph === 'image' || graph === 'class') return { pixels };
  if (graph === 'mim') {
    const dims = [PICTURES, patchCount(architecture)];
    const masked = BigInt64Array.from({ length: PICTURES * patchCount(architecture) }, (_, i) =>
      BigInt(i % 2),
    );
    return { pixels, masked_patches: { type: 'int64', dims, data: masked } };
  }
  // One text for all pictures: no padding, whose rows mean nothing.
  const text = tokenBatch(
    pictures.map(() => idsOf(PROBE_TEXTS[1])),
    pad,
  );
  if (graph === 'nlvr2')
    return { pixels_left: pixels, pixels_right: pixelTensor(pictures.toReversed(), imageSize), ...text };
  return { pixels, ...text };
}

function embeddingDrift(
  exact: WireTensor,
  found: WireTensor,
): Pick<GraphDrift, 'meanCosine' | 'worstCosine'> {
  const others = rowsOf(found, 'embedding');
  const cosines = rowsOf(exact, 'embedding').map((row, place) => dot(row, others[place] as Float32Array));
  const meanCosine = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  return { meanCosine: Math.min(1, meanCosine), worstCosine: Math.min(1, ...cosines) };
}

function logitDrift(exact: Float32Array, found: Float32Array): Omit<GraphDrift, 'graph' | 'output'> {
  let [sum, squares, differences, largestDifference] = [0, 0, 0, 0];
  for (const [place, logit] of exact.entries()) {
    const difference = Math.abs((found[place] as number) - logit);
    sum += logit;
    squares += logit * logit;
    differences += difference * difference;
    largestDifference = Math.max(largestDifference, difference);
  }
  const count = exact.length;
  const spread = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  return { difference: Math.sqrt(differences / count), largestDifference, spread };
}

/** Runs one graph of a folder layer by layer. */
async function runGraph(
  sessions: SessionHost,
  folder: string,
  graph: GraphName,
  layers: number,
  feeds: Tensors,
  signal: AbortSignal | undefined,
): Promise<Tensors> {
  let piece = 0;
  return runInPieces(
    await readFile(join(folder, graphFile(graph))),
    feeds,
    pieceOf(layers),
    async (model, given) => {
      signal?.throwIfAborted();
      // A file in the same folder, because the weights are found from there.
      const path = join(folder, `${graph}.piece-${piece++}.onnx`);
      await writeFile(path, model);
      try {
        return await sessions.run(path, given, 'batch');
      } finally {
        await rm(path, { force: true });
      }
    },
  );
}

export interface DriftMaterial {
  readonly checkpoint: Checkpoint;
  /** The bundle, weights and graphs written. */
  readonly folder: string;
  readonly architecture: Architecture;
  readonly graphs: readonly GraphName[];
  readonly tokenizer: Tokenizer | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws ERR_ENCODER_FAILED where a graph cannot be run */
export async function measureDrift(material: DriftMaterial): Promise<GraphDrift[]> {
  const { checkpoint, folder, architecture, tokenizer, signal } = material;
  const { layers } = architecture;
  const graphs = MEASURED.filter((graph) => material.graphs.includes(graph));
  const reference = join(folder, 'float32');
  await mkdir(reference);
  // Each piece is used once: its session goes as soon as the next one comes.
  const sessions = new SessionHost(undefined, { idleMs: 1 });
  try {
    await writeGraphFiles(checkpoint, reference, architecture, graphs, {
      precision: 'fp32',
      pixelInput: 'uint8',
      maskToken: tokenizer?.maskId,
      signal,
    });
    const drifts: GraphDrift[] = [];
    for (const graph of graphs) {
      const feeds = feedsOf(graph, architecture, tokenizer);
      const exact = await runGraph(sessions, reference, graph, layers, feeds, signal);
      const found = await runGraph(sessions, folder, graph, layers, feeds, signal);
      for (const output of GRAPH_OUTPUTS) {
        const [a, b] = [exact[output], found[output]];
        if (!a || !b) continue;
        const drift =
          output === 'embedding'
            ? embeddingDrift(a, b)
            : logitDrift(a.data as Float32Array, b.data as Float32Array);
        // Weights that are not finite give figures that are not: `models verify` tells of them.
        if (Object.values(drift).every(Number.isFinite)) drifts.push({ graph, output, ...drift });
      }
    }
    return drifts;
  } finally {
    await sessions.close();
    await rm(reference, { recursive: true, force: true });
  }
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Provider } from '#src/core/provider.js';
import type { Architecture } from '#src/encoder/beit3/architecture.js';
import { attend } from '#src/encoder/beit3/attention.js';
import { withOpenAttention } from '#src/encoder/beit3/open-attention.js';
import { Encoder, importCheckpoint } from '#src/encoder/mod.js';
import { GraphBuilder } from '#src/encoder/onnx/graph-builder.js';
import { decodeGraph } from '#src/encoder/onnx/onnx-schema.js';
import type { WeightFile } from '#src/encoder/onnx/weight-file.js';
import type { Tensors, WireTensor } from '#src/encoder/runtime/messages.js';
import type { ProviderDecision } from '#src/encoder/runtime/provider-trial.js';
import { probePicture } from '#src/encoder/probe-material.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';
import { largestDifference } from '../support/goldens.js';
import { SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { lacksSoftwareVulkan } from '../support/software-vulkan.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MODEL = fileURLToPath(new URL('../../data/model', import.meta.url));
const WIDTH = 64;
const SIZES = { width: WIDTH, heads: 4 } as Architecture;

/** A graph of nothing but an attention, over rows that are all its inputs. */
function attentionGraph(folder: string, rows: number): string {
  // It has no weights.
  const graph = new GraphBuilder('attention', undefined as unknown as WeightFile, 'none');
  const [query = '', keys = '', values = ''] = ['q', 'k', 'v'].map((name) =>
    graph.input(name, 'float32', [1, rows, WIDTH]),
  );
  const options = { scores: {}, open: true };
  graph.output('y', attend(graph, query, { keys, values }, SIZES, options), 'float32', [1, rows, WIDTH]);
  const path = join(folder, `${rows}.onnx`);
  writeFileSync(path, graph.encode());
  return path;
}

function tensor(rows: number, phase: number): WireTensor {
  const data = Float32Array.from({ length: rows * WIDTH }, (_, i) => 2 * Math.sin(i * 1.7 + phase * i * i));
  return { type: 'float32', dims: [1, rows, WIDTH], data };
}

async function run(graph: string, feeds: Tensors, provider: Provider): Promise<Float32Array> {
  const host = new SessionHost(1, { provider, isolation: 'process' });
  try {
    return (await host.run(graph, feeds, 'query'))['y']?.data as Float32Array;
  } finally {
    await host.close();
  }
}

async function difference(rows: number): Promise<number> {
  const graph = attentionGraph(temporaryFolder(), rows);
  const feeds = { q: tensor(rows, 0.1), k: tensor(rows, 0.2), v: tensor(rows, 0.3) };
  return largestDifference(await run(graph, feeds, 'webgpu'), await run(graph, feeds, 'cpu'));
}

/** 65 rows: more than the fused attention gets right. */
const IMAGE_SIZE = 128;

async function smallModel(): Promise<string> {
  const { folder } = await importCheckpoint({
    checkpoint: smallCheckpoint('retrieval', temporaryFolder()),
    tokenizer: SMALL_TOKENIZER,
    folder: join(temporaryFolder(), 'model'),
    name: 'small',
    precision: 'fp32',
    imageSize: IMAGE_SIZE,
  });
  return folder;
}

describe.skipIf(lacksSoftwareVulkan())('WebGPU on software Vulkan', () => {
  it('has the attention of single operators as the CPU has it', async () => {
    expect(await difference(65)).toBeLessThan(1e-5);
  });

  // The worker never runs the fused operator there, so it is not to be had by the way of a session host. What it does, seen
  // with ONNX Runtime 1.30: right below 32 rows, off by 0.12 to 0.19 from 32 rows on where values reach 0.5 to 0.8.
  it('never runs the fused attention', () => {
    const graph = decodeGraph(withOpenAttention(readFileSync(join(MODEL, 'fused.onnx'))));
    const operators = new Set(graph.node.map(({ opType }) => opType));
    expect(operators).toContain('Softmax');
    expect(operators).not.toContain('MultiHeadAttention');
  });

  // At fp32: below it, the text table is of 16 bits, which this driver has no shaders for.
  it('embeds pictures and texts as the CPU does', { timeout: 120_000 }, async () => {
    const folder = await smallModel();
    const pictures = [probePicture(0, IMAGE_SIZE), probePicture(1, IMAGE_SIZE)];
    // Of several lengths, so that some of it is padding.
    const texts = ['snow', 'a dog '.repeat(25), 'an old man in a red coat'];
    const embedded: Float32Array[][] = [];
    for (const provider of ['cpu', 'webgpu'] as const) {
      await using encoder = await Encoder.open(folder, { threads: 1, provider });
      const { embeddings } = await encoder.dual.embedTexts(texts);
      embedded.push([...(await encoder.dual.embedImages(pictures)), ...embeddings]);
    }
    const [cpu = [], gpu = []] = embedded;
    for (const [place, vector] of cpu.entries())
      expect(largestDifference(gpu[place] as Float32Array, vector)).toBeLessThan(1e-4);
  });

  it('is measured, agrees, and is taken only where it is faster', { timeout: 120_000 }, async () => {
    const providerFile = join(temporaryFolder(), 'provider.json');
    await using encoder = await Encoder.open(await smallModel(), {
      threads: 1,
      providerFile,
      measureProviders: true,
      candidates: ['webgpu'],
    });
    const kept = JSON.parse(readFileSync(providerFile, 'utf8')) as Record<string, ProviderDecision>;
    const [trial] = Object.values(kept)[0]?.trials ?? [];
    process.stderr.write(`${trial?.reason}\n`);
    expect(trial).toMatchObject({ provider: 'webgpu', cosine: expect.closeTo(1, 4) as number });
    expect(encoder.provider.provider).toBe(trial?.accepted ? 'webgpu' : 'cpu');
    expect((await encoder.dual.embedTexts(['a photo'])).embeddings).toHaveLength(1);
  });
});

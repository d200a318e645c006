import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Provider } from '#src/core/provider.js';
import type { Architecture } from '#src/encoder/beit3/architecture.js';
import { attend } from '#src/encoder/beit3/attention.js';
import { Encoder } from '#src/encoder/mod.js';
import { GraphBuilder } from '#src/encoder/onnx/graph-builder.js';
import type { WeightFile } from '#src/encoder/onnx/weight-file.js';
import type { Tensors, WireTensor } from '#src/encoder/runtime/messages.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';
import { largestDifference } from '../support/goldens.js';
import { lacksSoftwareVulkan } from '../support/software-vulkan.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MODEL = fileURLToPath(new URL('../../data/model', import.meta.url));
const WIDTH = 64;
const SIZES = { width: WIDTH, heads: 4 } as Architecture;

/** A graph of nothing but an attention, over rows that are all its inputs. */
function attentionGraph(folder: string, rows: number, open: boolean): string {
  // It has no weights.
  const graph = new GraphBuilder('attention', undefined as unknown as WeightFile, 'none');
  const [query = '', keys = '', values = ''] = ['q', 'k', 'v'].map((name) =>
    graph.input(name, 'float32', [1, rows, WIDTH]),
  );
  const options = { scores: {}, ...(open && { probabilities: 'probabilities' }) };
  graph.output('y', attend(graph, query, { keys, values }, SIZES, options), 'float32', [1, rows, WIDTH]);
  const path = join(folder, `${rows}-${open}.onnx`);
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

async function difference(rows: number, open: boolean): Promise<number> {
  const graph = attentionGraph(temporaryFolder(), rows, open);
  const feeds = { q: tensor(rows, 0.1), k: tensor(rows, 0.2), v: tensor(rows, 0.3) };
  return largestDifference(await run(graph, feeds, 'webgpu'), await run(graph, feeds, 'cpu'));
}

describe.skipIf(lacksSoftwareVulkan())('WebGPU on software Vulkan', () => {
  it('has the attention of single operators as the CPU has it', async () => {
    expect(await difference(65, true)).toBeLessThan(1e-5);
  });

  // The fused operator, com.microsoft.MultiHeadAttention, is right there below 32 rows. From 32 rows on it takes another
  // way and is off by 0.12 to 0.19 where values reach 0.5 to 0.8, mask or no mask: why every provider is measured
  // against the CPU before it is used.
  it('has the fused attention of short texts as the CPU has it', async () => {
    expect(await difference(31, false)).toBeLessThan(1e-5);
  });

  it('is measured and refused where it does not calculate the embedded model', {
    timeout: 120_000,
  }, async () => {
    const providerFile = join(temporaryFolder(), 'provider.json');
    await using encoder = await Encoder.open(MODEL, {
      threads: 1,
      providerFile,
      measureProviders: true,
      candidates: ['webgpu'],
    });
    expect(encoder.provider.provider).toBe('cpu');
    expect(readFileSync(providerFile, 'utf8')).toContain('webgpu');
    process.stderr.write(`${encoder.provider.reason}\n`);
    expect((await encoder.dual.embedTexts(['a photo'])).embeddings).toHaveLength(1);
  });
});

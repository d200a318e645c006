import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from './beit3/architecture.js';
import type { GraphName } from './beit3/abilities.js';
import { constructGraph } from './beit3/graph-catalogue.js';
import type { GraphOptions } from './beit3/graph-plan.js';
import { type WeightOptions, writeWeights } from './beit3/weights.js';
import { fileSha256, graphFile, type Manifest, WEIGHTS_FILE } from './bundle.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import { GraphBuilder } from './onnx/graph-builder.js';
import { WeightFile } from './onnx/weight-file.js';

export type FileRecord = Manifest['files'][string];

/** Length and checksum of a file of a bundle. */
export async function fileRecord(path: string): Promise<FileRecord> {
  return { bytes: (await stat(path)).size, sha256: await fileSha256(path) };
}

export interface GraphFileOptions extends WeightOptions, GraphOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where another kind of builder is wanted: tests change what a node does and see that it is noticed. */
  readonly newGraph?: ((name: string, weights: WeightFile, file: string) => GraphBuilder) | undefined;
}

/** Writes the weights of a checkpoint and graphs over them into a folder. Tensors are read and written one at a time. */
export async function writeGraphFiles(
  checkpoint: Checkpoint,
  folder: string,
  architecture: Architecture,
  graphs: readonly GraphName[],
  options: GraphFileOptions,
): Promise<Record<string, FileRecord>> {
  const files: Record<string, FileRecord> = {};
  const weights = await WeightFile.create(join(folder, WEIGHTS_FILE), options.signal);
  try {
    await writeWeights(checkpoint, weights, architecture, options);
    files[WEIGHTS_FILE] = { bytes: weights.bytes, sha256: await weights.finish() };
  } finally {
    await weights.abandon();
  }
  const { newGraph = (...made) => new GraphBuilder(...made) } = options;
  for (const name of graphs) {
    const graph = newGraph(name, weights, WEIGHTS_FILE);
    constructGraph(name, { graph, architecture, options });
    const path = join(folder, graphFile(name));
    await writeFile(path, graph.encode());
    files[graphFile(name)] = await fileRecord(path);
  }
  return files;
}

/**
 * A model on disk: a folder with `manifest.json`, `tokenizer.spm`, `weights.bin` and a graph for each thing it can do.
 * The manifest says everything that a program must know to run it, and the checksum of every other file.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type DirectionLift, type Fusion, type Lift, SCORER_NAMES } from '../core/fusion.js';
import { pathError, SightlineError, systemCode } from '../core/errors.js';
import { GRAPH_OUTPUTS, type GraphName, type GraphOutput, GRAPHS } from './beit3/abilities.js';
import type { PixelScaling } from './beit3/pixel-scaling.js';
import { type Precision, PRECISIONS } from './beit3/precision.js';

export const MANIFEST_FILE = 'manifest.json';
export const WEIGHTS_FILE = 'weights.bin';
export const TOKENIZER_FILE = 'tokenizer.spm';
/** Embeddings of reference captions; there where the fusion takes hubness off. */
export const REFERENCES_FILE = 'references.bin';

export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

export const graphFile = (graph: GraphName): string => `${graph}.onnx`;

const count = z.int().positive();
const natural = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How far one graph is from float32. Embeddings have the cosine to those at float32, logits the difference and their own spread. */
export interface GraphDrift {
  readonly graph: GraphName;
  readonly output: GraphOutput;
  readonly meanCosine?: number | undefined;
  readonly worstCosine?: number | undefined;
  /** The root of the mean square of the differences. */
  readonly difference?: number | undefined;
  readonly largestDifference?: number | undefined;
  /** Standard deviation of the logits at float32. */
  readonly spread?: number | undefined;
}

export interface Manifest {
  readonly format: 1;
  readonly name: string;
  /** Names the embedding space: changes with weights, precision, image size and preprocessing. */
  readonly id: string;
  readonly source: {
    readonly file: string;
    readonly sha256: string;
    readonly parameters: number;
    /** Tensors of the file that belong to no part of BEiT-3 that we know; they are not in the bundle. */
    readonly unused?: readonly string[] | undefined;
  };
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  /** Side of the pictures, in pixels. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** Rows of the text table; 0 where the model reads no text. */
  readonly vocabulary: number;
  /** Tokens that a text is cut to, `<s>` and `</s>` included; 0 where the model reads no text. */
  readonly maxTokens: number;
  /** Length of an embedding; 0 where the model has no retrieval heads. */
  readonly dimensions: number;
  readonly finalNorm: boolean;
  readonly precision: Precision;
  /** How far it is from float32, as measured by the import; absent at float32, and where nobody measured. */
  readonly drift?: readonly GraphDrift[] | undefined;
  /** How pixels are made; the scaling by mean and std (of 0…1) is part of the graphs. */
  readonly preprocessing: PixelScaling & { readonly version: number; readonly kernel: 'cubic' };
  /** What training multiplied similarities by; null where the checkpoint does not say. */
  readonly logitScale: number | null;
  readonly graphs: readonly GraphName[];
  readonly outputs: readonly GraphOutput[];
  /** Whether the graphs also give every layer's rows and the last attention. */
  readonly hiddenStates?: boolean | undefined;
  /** What the classes of a question-answering head stand for, in their order. */
  readonly answers?: readonly string[] | undefined;
  /** Whether the fused mode reorders results unless told otherwise, and why. */
  readonly rerank: { readonly default: boolean; readonly reason: string };
  /** Whether answers end where confidence does unless told otherwise, and why; absent: they do. */
  readonly cutoff?: { readonly default: boolean; readonly reason: string } | undefined;
  /** How scores are combined, and what that was measured to be worth; absent until it was fitted. */
  readonly fusion?: Fusion | undefined;
  readonly lift?: Lift | undefined;
  readonly licence: string;
  readonly files: Readonly<Record<string, FileRecord>>;
}

const percent = z.number().min(0).max(100);
const directionLift: z.ZodType<DirectionLift> = z.strictObject({
  before: percent,
  after: percent,
  low: z.number(),
  high: z.number(),
});

const pairWeights = z.strictObject({
  scale: z.number().nonnegative(),
  hubness: z.number().nonnegative().optional(),
  weight: z.number().nonnegative(),
  bias: z.number(),
  temperature: z.number().positive(),
});
const scorer = z.enum(SCORER_NAMES);

/** Earlier versions fitted one set of weights to both directions. */
const oneForBoth = z
  .strictObject({ scorer, ...pairWeights.shape })
  .transform(({ scorer: name, ...weights }) => ({
    scorer: name,
    textToImage: weights,
    imageToText: weights,
  }));
const fusion: z.ZodType<Fusion> = z.union([
  z.strictObject({ scorer, textToImage: pairWeights, imageToText: pairWeights }),
  oneForBoth,
]);

const manifestSchema: z.ZodType<Manifest> = z.strictObject({
  format: z.literal(1),
  name: z.string().min(1),
  id: z.string().min(1),
  source: z.strictObject({
    file: z.string(),
    sha256,
    parameters: count,
    unused: z.array(z.string()).optional(),
  }),
  width: count,
  layers: count,
  heads: count,
  feedForward: count,
  imageSize: count,
  patchSize: count,
  vocabulary: natural,
  maxTokens: natural,
  dimensions: natural,
  finalNorm: z.boolean(),
  precision: z.enum(PRECISIONS),
  drift: z
    .array(
      z.strictObject({
        graph: z.enum(GRAPHS),
        output: z.enum(GRAPH_OUTPUTS),
        meanCosine: z.number().optional(),
        worstCosine: z.number().optional(),
        difference: z.number().optional(),
        largestDifference: z.number().optional(),
        spread: z.number().optional(),
      }),
    )
    .optional(),
  preprocessing: z.strictObject({
    version: count,
    resize: z.enum(['stretch', 'centre-crop']),
    kernel: z.literal('cubic'),
    mean: z.array(z.number()).length(3),
    std: z.array(z.number()).length(3),
  }),
  logitScale: z.number().nullable(),
  graphs: z.array(z.enum(GRAPHS)),
  outputs: z.array(z.enum(GRAPH_OUTPUTS)),
  hiddenStates: z.boolean().optional(),
  answers: z.array(z.string()).min(2).optional(),
  rerank: z.strictObject({ default: z.boolean(), reason: z.string() }),
  cutoff: z.strictObject({ default: z.boolean(), reason: z.string() }).optional(),
  fusion: fusion.optional(),
  lift: z
    .strictObject({
      data: z.string(),
      depth: count,
      textToImage: directionLift,
      imageToText: directionLift,
      calibrationError: z.number().min(0).max(1),
    })
    .optional(),
  licence: z.string(),
  files: z.record(z.string(), z.strictObject({ bytes: count, sha256 })),
});

export interface Bundle {
  readonly folder: string;
  readonly manifest: Manifest;
}

export function bundlePath(bundle: Bundle, file: string): string {
  return join(bundle.folder, file);
}

/** SHA-256 of a file, in hex, without holding it in memory. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

async function readManifest(folder: string): Promise<unknown> {
  const path = join(folder, MANIFEST_FILE);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      const message = `There is no model in ${folder}: expected a ${MANIFEST_FILE} there. See: sightline models list`;
      throw new SightlineError('ERR_MODEL_MISSING', message, { cause: error, details: { folder } });
    }
    throw pathError(error, path, 'ERR_MODEL_INVALID');
  }
}

/**
 * Reads the manifest and checks that every file is there in its full length; `verifyBundle` reads them whole.
 * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID
 */
export async function openBundle(folder: string): Promise<Bundle> {
  const parsed = manifestSchema.safeParse(await readManifest(folder));
  if (!parsed.success) {
    const message = `${join(folder, MANIFEST_FILE)} is not a manifest of this version:\n${z.prettifyError(parsed.error)}\nImport the checkpoint again.`;
    throw new SightlineError('ERR_MODEL_INVALID', message, { details: { folder } });
  }
  for (const [file, { bytes }] of Object.entries(parsed.data.files)) {
    const size = await stat(join(folder, file)).then(
      (found) => found.size,
      () => -1,
    );
    if (size !== bytes) {
      const found = size < 0 ? 'is missing' : `has ${size}`;
      const message = `Expected ${join(folder, file)} to have ${bytes} bytes but it ${found}. Import or copy the model again.`;
      throw new SightlineError('ERR_MODEL_INVALID', message, { details: { folder, file } });
    }
  }
  return { folder, manifest: parsed.data };
}

/** Files whose content is not what was written, or that cannot be read. */
export async function damagedFiles({ folder, manifest }: Bundle): Promise<string[]> {
  const damaged: string[] = [];
  for (const [file, { sha256: expected }] of Object.entries(manifest.files)) {
    const found = await fileSha256(join(folder, file)).catch(() => undefined);
    if (found !== expected) damaged.push(file);
  }
  return damaged;
}

/** @throws ERR_MODEL_INVALID naming the first file whose content is not what was written */
export async function verifyBundle(bundle: Bundle): Promise<void> {
  const [file] = await damagedFiles(bundle);
  if (file === undefined) return;
  const { folder } = bundle;
  const message = `The content of ${join(folder, file)} is not what its manifest says. Import or copy the model again.`;
  throw new SightlineError('ERR_MODEL_INVALID', message, { details: { folder, file } });
}

/** Writes a file of a bundle, whole or not at all. @throws as `recordRerank` */
export async function replaceFile(bundle: Bundle, file: string, content: string | Uint8Array): Promise<void> {
  const path = bundlePath(bundle, file);
  const unfinished = `${path}.${process.pid}`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    throw pathError(error, path, 'ERR_MODEL_INVALID');
  }
}

/**
 * Writes what a measurement of the rerank found into the manifest, whole or not at all. The id stays: embeddings are the same.
 * @param references what is to be said of the file that `writeReferences` wrote
 * @throws ERR_DISK_FULL, ERR_PATH_UNREADABLE, ERR_LIBRARY_READ_ONLY where the folder cannot be written
 */
export async function recordRerank(
  bundle: Bundle,
  measured: Pick<Manifest, 'rerank' | 'fusion' | 'lift'>,
  references: FileRecord | undefined,
): Promise<void> {
  const { files, ...others } = bundle.manifest;
  const all = references === undefined ? files : { ...files, [REFERENCES_FILE]: references };
  try {
    const whole = checkedManifest({ ...others, ...measured, files: all });
    await replaceFile(bundle, MANIFEST_FILE, `${JSON.stringify(whole, null, 2)}\n`);
  } catch (error) {
    throw pathError(error, bundlePath(bundle, MANIFEST_FILE), 'ERR_MODEL_INVALID');
  }
}

/** Parses what an importer is about to write, so that no bundle is ever written that could not be read. */
export function checkedManifest(manifest: Manifest): Manifest {
  return manifestSchema.parse(manifest);
}

/**
 * From an official checkpoint to a bundle, without Python: recognise the architecture, stream the tensors into one weights
 * file, write a graph for each thing the checkpoint can do, and say all of it in the manifest. The bundle is built in a
 * folder beside its place and appears there whole or not at all.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathError, SightlineError, systemCode } from '../core/errors.js';
import { readAnswers } from './answer-list.js';
import { abilitiesOf } from './beit3/abilities.js';
import { type Architecture, hasTextSide } from './beit3/architecture.js';
import { pixelScaling } from './beit3/pixel-scaling.js';
import type { Precision } from './beit3/precision.js';
import { recogniseArchitecture, unusedTensors } from './beit3/recognition.js';
import {
  type Bundle,
  checkedManifest,
  fileSha256,
  MANIFEST_FILE,
  type Manifest,
  openBundle,
  TOKENIZER_FILE,
} from './bundle.js';
import { type Checkpoint, openCheckpoint } from './checkpoint/checkpoint.js';
import { requireSpace } from './disk-space.js';
import { measureDrift } from './drift.js';
import { fileRecord, writeGraphFiles } from './graph-files.js';
import { PREPROCESSING_VERSION } from './image/image-reader.js';
import { loadTokenizer, type Tokenizer } from './tokenizer/tokenizer.js';

export interface ImportOptions {
  readonly checkpoint: string;
  /** The .spm file that belongs to it. Only models that never read a text do without. */
  readonly tokenizer?: string | undefined;
  /** Where the bundle goes; must not exist. */
  readonly folder: string;
  readonly name: string;
  readonly precision: Precision;
  /** Attention heads, where they are not 64 channels wide. */
  readonly heads?: number | undefined;
  /** Side of the pictures, in pixels; position rows are resized. Default: what the checkpoint was trained with. */
  readonly imageSize?: number | undefined;
  /** Adds every layer's rows and the last attention to the graphs' outputs. Default: no. */
  readonly hiddenStates?: boolean | undefined;
  /** A file that says what the classes of a question-answering head stand for; without it they are numbers only. */
  readonly answers?: string | undefined;
  readonly licence?: string;
  /** Stops the import; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Bytes on disk for each parameter, a little more than what comes out: at int8 the text table, norms and positions are
 * wider than a byte.
 */
const BYTES_PER_PARAMETER: Readonly<Record<Precision, number>> = { fp32: 4.05, fp16: 2.1, int8: 1.3 };

/** Tokens a text is cut to, `<s>` and `</s>` included; what the released models were trained with. */
const MAX_TOKENS = 64;

/** Spare rows that released text tables have behind the last piece and `<mask>`. */
const SPARE_ROWS = 64;

const RERANK_UNMEASURED =
  'The lift of this match head has not been measured, so nothing is reranked unless asked for.';

/** A tokenizer that fits the text table. */
async function fittingTokenizer(path: string | undefined, { vocabulary }: Architecture): Promise<Tokenizer> {
  if (path === undefined)
    throw new SightlineError(
      'ERR_TOKENIZER_INVALID',
      'Expected a tokenizer for a model that reads texts but none was given. Give the .spm file that belongs to the checkpoint.',
      { details: { vocabulary } },
    );
  const loaded = await loadTokenizer(path);
  const { maskId } = loaded;
  if (maskId < vocabulary && vocabulary - maskId <= SPARE_ROWS) return loaded;
  throw new SightlineError(
    'ERR_TOKENIZER_INVALID',
    `Expected a tokenizer for a text table of ${vocabulary} rows but ${path} has ids up to ${maskId}. Give the .spm file that belongs to the checkpoint.`,
    { details: { vocabulary, maskId } },
  );
}

function parameterCount(checkpoint: Checkpoint, counts: (name: string) => boolean = () => true): number {
  let total = 0;
  for (const { name, shape } of checkpoint.tensors.values())
    if (counts(name)) total += shape.reduce((product, size) => product * size, 1);
  return total;
}

const isTextSide = (name: string): boolean => name.includes('.B.') || name.includes('text_embed');

/** About as many bytes as the import needs, graphs aside. */
async function expectedBytes(checkpoint: Checkpoint, text: boolean, options: ImportOptions): Promise<number> {
  const parameters = parameterCount(checkpoint, (name) => text || !isTextSide(name));
  const tokenizer = text && options.tokenizer !== undefined ? (await stat(options.tokenizer)).size : 0;
  const { precision } = options;
  // At a lower precision the weights are there a second time, until the drift is measured.
  const reference = precision === 'fp32' ? 0 : BYTES_PER_PARAMETER.fp32;
  return parameters * (BYTES_PER_PARAMETER[precision] + reference) + tokenizer;
}

async function logitScale(checkpoint: Checkpoint): Promise<number | null> {
  if (!checkpoint.tensors.has('logit_scale')) return null;
  return Math.exp((await checkpoint.readFloat32('logit_scale'))[0] ?? 0);
}

async function writeBundle(checkpoint: Checkpoint, folder: string, options: ImportOptions): Promise<void> {
  const { precision, hiddenStates = false, tokenizer, signal } = options;
  const architecture = recogniseArchitecture(checkpoint.tensors, options);
  const { graphs, outputs } = abilitiesOf(architecture);
  const text = hasTextSide(architecture);
  const loaded = text ? await fittingTokenizer(tokenizer, architecture) : undefined;
  const answers =
    options.answers === undefined
      ? undefined
      : await readAnswers(options.answers, architecture.outputs.answers);
  await requireSpace(folder, await expectedBytes(checkpoint, text, options));
  const files = await writeGraphFiles(checkpoint, folder, architecture, graphs, {
    precision,
    pixelInput: 'uint8',
    hiddenStates,
    maskToken: loaded?.maskId,
    signal,
  });
  const drift =
    precision === 'fp32'
      ? undefined
      : await measureDrift({ checkpoint, folder, architecture, graphs, tokenizer: loaded, signal });
  if (text && tokenizer !== undefined) {
    // Read and written, not copied: a read-only original must not make a file that nobody can remove.
    await writeFile(join(folder, TOKENIZER_FILE), await readFile(tokenizer));
    files[TOKENIZER_FILE] = await fileRecord(join(folder, TOKENIZER_FILE));
  }

  const source = await fileSha256(options.checkpoint, signal);
  const identity = createHash('sha256').update(
    `${source} ${precision} ${architecture.imageSize} ${PREPROCESSING_VERSION}`,
  );
  const unused = unusedTensors(checkpoint.tensors, architecture);
  const manifest: Manifest = {
    format: 1,
    name: options.name,
    id: `${options.name}-${precision}-${identity.digest('hex').slice(0, 12)}`,
    source: {
      file: basename(options.checkpoint),
      sha256: source,
      parameters: parameterCount(checkpoint),
      ...(unused.length > 0 && { unused }),
    },
    width: architecture.width,
    layers: architecture.layers,
    heads: architecture.heads,
    feedForward: architecture.feedForward,
    imageSize: architecture.imageSize,
    patchSize: architecture.patchSize,
    vocabulary: architecture.vocabulary,
    maxTokens: Math.min(MAX_TOKENS, architecture.textPositions),
    dimensions: architecture.outputs.retrieval ? architecture.width : 0,
    finalNorm: architecture.finalNorm,
    precision,
    ...(drift && { drift }),
    preprocessing: {
      version: PREPROCESSING_VERSION,
      kernel: 'cubic',
      ...pixelScaling(architecture.outputs),
    },
    logitScale: await logitScale(checkpoint),
    graphs,
    outputs,
    ...(hiddenStates && { hiddenStates }),
    ...(answers && { answers }),
    rerank: { default: false, reason: RERANK_UNMEASURED },
    licence: options.licence ?? 'not stated; see where the checkpoint came from',
    files,
  };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(checkedManifest(manifest), null, 2)}\n`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/** Takes away what imports to the same place left that were killed. */
async function removeLeftovers(folder: string): Promise<void> {
  const start = `.${basename(folder)}.`;
  for (const entry of await readdir(dirname(folder)).catch(() => [])) {
    const [, pid] =
      /^(\d+)\.unfinished$/.exec(entry.startsWith(start) ? entry.slice(start.length) : '') ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(dirname(folder), entry), { recursive: true, force: true });
  }
}

/** @throws ERR_MODEL_EXISTS */
export async function requireFreePlace(folder: string): Promise<void> {
  if (!(await stat(folder).catch(() => undefined))) return;
  const message = `There is already something at ${folder}. Choose another --name, or remove it first.`;
  throw new SightlineError('ERR_MODEL_EXISTS', message, { details: { folder } });
}

/**
 * @throws ERR_MODEL_EXISTS, ERR_CHECKPOINT_*, ERR_TOKENIZER_INVALID, ERR_DISK_FULL, ERR_INTERRUPTED; nothing is left behind then
 */
export async function importCheckpoint(options: ImportOptions): Promise<Bundle> {
  await requireFreePlace(options.folder);
  await removeLeftovers(options.folder);
  const unfinished = join(dirname(options.folder), `.${basename(options.folder)}.${process.pid}.unfinished`);
  const checkpoint = await openCheckpoint(options.checkpoint);
  try {
    await mkdir(unfinished, { recursive: true });
    await writeBundle(checkpoint, unfinished, options);
    options.signal?.throwIfAborted();
    await rename(unfinished, options.folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // What is thrown on the way may be an AbortError of the platform; the reason says it in our words.
    options.signal?.throwIfAborted();
    throw pathError(error, options.folder, 'ERR_INTERNAL');
  } finally {
    await checkpoint.close();
  }
  return openBundle(options.folder);
}

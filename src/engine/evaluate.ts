import { SightlineError } from '../core/errors.js';
import type { Fusion, Lift, ScorerName } from '../core/fusion.js';
import { type Encoder, type PairScorer, recordRerank, writeReferences } from '../encoder/mod.js';
import { readKarpathySplit } from './karpathy-dataset.js';
import { type ModelChoice, openEncoder } from './models.js';
import {
  type EncodedSet,
  encodeSet,
  halfOf,
  readImages,
  scorePairs,
  similarityTable,
  type Watched,
} from './rerank/encoded-set.js';
import { fitFusion } from './rerank/fusion-fit.js';
import { Hubness } from './rerank/hubness.js';
import {
  confidenceReliability,
  fusedOrder,
  gate,
  liftOf,
  type MeasuredRetrieval,
  measuredRetrieval,
} from './rerank/lift.js';
import type { Reliability } from './rerank/reliability.js';
import { REFERENCE_CAPTIONS } from './rerank/reference-captions.js';
import { type QueryCandidate, rerankQueries, type RerankQueries } from './rerank/rerank-queries.js';
import { selfTest } from './rerank/self-test.js';

export interface EvaluateOptions extends Watched, ModelChoice {
  readonly dataset: string;
  readonly images: string;
  readonly split: string;
  /** How many of the best candidates the fused mode puts in order; none where absent. */
  readonly rerank?: number | undefined;
  /** By which heads. Default: the one in the manifest, or else the model's best. */
  readonly scorers?: readonly ScorerName[] | undefined;
  /** Another model whose heads judge. Default: the model itself. */
  readonly rerankModel?: string | undefined;
  /** Fit how scores are combined on one half of the photos, measure on the other, and write both into the manifest. */
  readonly fit?: boolean | undefined;
}

/** What one scorer makes of the candidates. */
export interface ScorerEvaluation {
  readonly scorer: ScorerName;
  /** Candidates in the order of the scorer's own score. */
  readonly alone: MeasuredRetrieval;
  /** In the order of the two scores combined, where the weights are known. */
  readonly combined?: MeasuredRetrieval;
  readonly fusion?: Fusion;
  /** Of the combined score as a probability. */
  readonly reliability?: Reliability;
  readonly lift?: Lift;
  readonly millisecondsEach: number;
}

export interface Evaluation {
  readonly model: string;
  readonly split: string;
  /** Pictures and captions that were measured on. */
  readonly images: number;
  readonly captions: number;
  readonly dual: MeasuredRetrieval;
  readonly depth?: number;
  readonly reranked?: readonly ScorerEvaluation[];
  /** What the manifest says from now on. */
  readonly gate?: { readonly default: boolean; readonly reason: string };
}

function chosenScorers(encoder: Encoder, asked: readonly ScorerName[] | undefined): PairScorer[] {
  const { fusion } = encoder.bundle.manifest;
  const [best] = encoder.scorers;
  // Without any, the match head is asked for, and the refusal says what the model lacks.
  const names = asked ?? [fusion?.scorer ?? best ?? 'match'];
  return names.map((name) => encoder.scorer(name));
}

const byFused =
  (fused: readonly number[]) =>
  ({ pair }: QueryCandidate): number =>
    fused[pair] as number;

function evaluation(
  scorer: PairScorer,
  queries: RerankQueries,
  fused: readonly number[],
  fusion: Fusion | undefined,
): Omit<ScorerEvaluation, 'millisecondsEach'> {
  const alone = measuredRetrieval(queries, byFused(fused));
  if (fusion === undefined) return { scorer: scorer.name, alone };
  const order = fusedOrder(fusion, fused);
  return {
    scorer: scorer.name,
    alone,
    combined: measuredRetrieval(queries, order),
    fusion,
    reliability: confidenceReliability(queries, order),
  };
}

/**
 * Retrieval quality of a model on a captioned split, by the standard protocol. With `rerank`, both directions' best R
 * candidates are put in the order of a scorer, alone and combined with the similarity; the rest follow as they were.
 * @throws ERR_DATASET_INVALID, ERR_MODEL_MISSING, ERR_MODEL_CAPABILITY where there are no retrieval heads, no head to rerank
 * with, or one that cannot be believed
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { split, rerank } = options;
  if (options.fit && rerank === undefined)
    throw new SightlineError(
      'ERR_REQUEST_INVALID',
      'Expected how many candidates to fit on: --fit needs --rerank R.',
    );
  const dataset = await readKarpathySplit(options.dataset, split);
  await using encoder = await openEncoder(options);
  await using other =
    options.rerankModel === undefined
      ? undefined
      : await openEncoder({ ...options, model: options.rerankModel });
  const reader = other ?? encoder;
  const { name, imageSize } = reader.bundle.manifest;
  // Asked for first, so that a model that cannot do it is refused before any picture is read.
  void encoder.dual;
  const scorers = rerank === undefined ? [] : chosenScorers(reader, options.scorers);
  for (const scorer of scorers) await selfTest(scorer, name, imageSize);

  const encoded = await encodeSet(encoder, options.images, dataset, options);
  // The model that reads may take its pictures in another size.
  const whole = other
    ? { ...encoded, images: await readImages(other, options.images, dataset.files, options) }
    : encoded;
  const set = options.fit ? halfOf(whole, 1) : whole;
  // What is near to captions in general is known in the space of the model itself, and kept with it.
  const references =
    other || rerank === undefined ? undefined : await referencesOf(encoder, options.fit === true);
  const hubs = references && new Hubness(references);
  const hubnessIn = ({ imageVectors }: EncodedSet): number[] =>
    hubs ? imageVectors.map((vector) => hubs.of(vector)) : [];
  const queries = rerankQueries(similarityTable(set), rerank ?? 0, hubnessIn(set));
  const { images, captions } = set;
  const counts = {
    model: encoder.bundle.manifest.id,
    split,
    images: images.length,
    captions: captions.length,
  };
  const summary = { ...counts, dual: measuredRetrieval(queries) };
  if (rerank === undefined) return summary;
  const fits = options.fit ? await fitted(scorers, halfOf(whole, 0), hubnessIn, rerank, options) : undefined;
  const { fusion: known } = reader.bundle.manifest;
  const reranked: ScorerEvaluation[] = [];
  for (const scorer of scorers) {
    const { scores, millisecondsEach } = await scorePairs(scorer, set, queries.pairs, options);
    const fusion = fits?.get(scorer.name)?.fusion ?? (known?.scorer === scorer.name ? known : undefined);
    const data = `${counts.images} photos with ${counts.captions} captions that were not fitted on`;
    const lift = fits && fusion && liftOf(queries, fusedOrder(fusion, scores), { data, depth: rerank });
    const measured = evaluation(scorer, queries, scores, fusion);
    reranked.push({ ...measured, ...(lift && { lift }), millisecondsEach });
  }
  const result = { ...summary, depth: rerank, reranked };
  if (fits === undefined) return result;
  return { ...result, gate: await record(reader, reranked, fits, references) };
}

/** Embeddings of the reference captions: made anew where weights are fitted to them, else as the bundle has them. */
async function referencesOf(encoder: Encoder, anew: boolean): Promise<Float32Array | undefined> {
  if (!anew) return encoder.references();
  const { embeddings } = await encoder.dual.embedTexts(REFERENCE_CAPTIONS);
  const { dimensions } = encoder.bundle.manifest;
  const rows = new Float32Array(embeddings.length * dimensions);
  for (const [row, embedding] of embeddings.entries()) rows.set(embedding, row * dimensions);
  return rows;
}

/** A few numbers are fitted: more queries than these cost minutes and change nothing. */
const FIT_QUERIES = 1000;

interface Fit {
  readonly fusion: Fusion;
  /** R@1 text → image on the half that was fitted on: by it one of several scorers is chosen. */
  readonly found: number;
}

async function fitted(
  scorers: readonly PairScorer[],
  set: EncodedSet,
  hubnessIn: (set: EncodedSet) => readonly number[],
  depth: number,
  options: EvaluateOptions,
): Promise<Map<ScorerName, Fit>> {
  const queries = rerankQueries(similarityTable(set), depth, hubnessIn(set), FIT_QUERIES);
  const fits = new Map<ScorerName, Fit>();
  for (const scorer of scorers) {
    const { scores } = await scorePairs(scorer, set, queries.pairs, options);
    const fusion = fitFusion(scorer.name, queries, scores);
    const found = measuredRetrieval(queries, fusedOrder(fusion, scores)).textToImage.R1;
    fits.set(scorer.name, { fusion, found });
  }
  return fits;
}

/** Writes the best scorer's fusion, its lift and what follows from it into the manifest. */
async function record(
  encoder: Encoder,
  reranked: readonly ScorerEvaluation[],
  fits: ReadonlyMap<ScorerName, Fit>,
  references: Float32Array | undefined,
): Promise<{ readonly default: boolean; readonly reason: string }> {
  const [[name] = ['match']] = [...fits].toSorted(([, a], [, b]) => b.found - a.found);
  const chosen = reranked.find(({ scorer }) => scorer === name);
  if (chosen?.fusion === undefined || chosen.lift === undefined)
    throw new TypeError('Expected a fitted scorer to have been measured.');
  const { fusion, lift } = chosen;
  const rerank = gate(fusion, lift);
  const { bundle } = encoder;
  const kept = references && (await writeReferences(bundle, references));
  await recordRerank(bundle, { rerank, fusion, lift }, kept);
  return rerank;
}

/**
 * Composition probes: pairs of pictures that differ in one relation, count, colour binding or negation, with a caption each. Three
 * questions a pair, as in Winoground: does each picture like its own caption better (text), each caption its own picture
 * (image), and both (group)? By guessing that is 25, 25 and 17 %. `inOrder` asks the first question of each picture by
 * itself: 50 % by guessing.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dot } from '../../core/embedding.js';
import { pathError, SightlineError } from '../../core/errors.js';
import type { ScorerName } from '../../core/fusion.js';
import type { PairScorer } from '../../encoder/mod.js';
import { type ModelChoice, openEncoder } from '../models.js';
import { meanInterval } from '../rerank/bootstrap.js';
import { termsOf } from '../rerank/clause-terms.js';
import { parseQuery } from '../rerank/clauses.js';
import { type EncodedSet, encodeSet, scorePairs, type Watched } from '../rerank/encoded-set.js';
import type { Pair } from '../rerank/rerank-queries.js';
import type { Accuracy } from './zero-shot.js';

/** A line of `probes.jsonl`. */
interface ProbeLine {
  readonly kind: string;
  readonly imageA: string;
  readonly imageB: string;
  readonly captionA: string;
  readonly captionB: string;
}

const schema: z.ZodType<ProbeLine> = z.object({
  kind: z.string(),
  imageA: z.string(),
  imageB: z.string(),
  captionA: z.string(),
  captionB: z.string(),
});

export interface ProbeOptions extends Watched, ModelChoice {
  /** A folder of `sightline demo --probes`. */
  readonly folder: string;
  /** Heads to ask besides the dual encoder; those of the model that are not named are left out. */
  readonly scorers?: readonly ScorerName[] | undefined;
}

export interface ProbeAccuracy {
  readonly inOrder: Accuracy;
  readonly text: Accuracy;
  readonly image: Accuracy;
  readonly group: Accuracy;
}

/** Scores of the four pairs of a probe: first the picture, then the caption. */
export interface ProbeScores {
  readonly aa: number;
  readonly ab: number;
  readonly ba: number;
  readonly bb: number;
}

export interface ProbeEvaluation {
  readonly model: string;
  readonly pairs: number;
  /** By who judged (`dual` or a scorer), then by kind; `all` is every kind together. */
  readonly accuracy: Readonly<Record<string, Readonly<Record<string, ProbeAccuracy>>>>;
}

const PERCENT = 100;

function measured(
  probes: readonly ProbeScores[],
  right: (probe: ProbeScores) => readonly boolean[],
): Accuracy {
  const outcomes = probes.flatMap((probe, group) =>
    right(probe).map((is) => ({ group, value: is ? PERCENT : 0 })),
  );
  const value = outcomes.reduce((sum, outcome) => sum + outcome.value, 0) / Math.max(1, outcomes.length);
  return { value, interval: meanInterval(outcomes) };
}

/** Equal scores are wrong: whoever cannot tell has not told. */
export function probeAccuracy(probes: readonly ProbeScores[]): ProbeAccuracy {
  const text = ({ aa, ab, ba, bb }: ProbeScores): boolean => aa > ab && bb > ba;
  const image = ({ aa, ab, ba, bb }: ProbeScores): boolean => aa > ba && bb > ab;
  return {
    inOrder: measured(probes, ({ aa, ab, ba, bb }) => [aa > ab, bb > ba]),
    text: measured(probes, (probe) => [text(probe)]),
    image: measured(probes, (probe) => [image(probe)]),
    group: measured(probes, (probe) => [text(probe) && image(probe)]),
  };
}

async function readProbes(folder: string): Promise<ProbeLine[]> {
  const path = join(folder, 'probes.jsonl');
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    throw pathError(error, path, 'ERR_DATASET_INVALID');
  });
  return source
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        return schema.parse(JSON.parse(line));
      } catch (error) {
        const message = `Line ${i + 1} of ${path} is not a probe. Draw them again: sightline demo --probes FOLDER`;
        throw new SightlineError('ERR_DATASET_INVALID', message, { cause: error });
      }
    });
}

function byKind(lines: readonly ProbeLine[], scores: readonly ProbeScores[]): Record<string, ProbeAccuracy> {
  const kinds = [...new Set(lines.map(({ kind }) => kind))];
  const of = (kind: string): ProbeScores[] => scores.filter((_, i) => lines[i]?.kind === kind);
  return Object.fromEntries([
    ...kinds.map((kind) => [kind, probeAccuracy(of(kind))] as const),
    ['all', probeAccuracy(scores)] as const,
  ]);
}

/** Pictures and captions of probe i stand at 2i and 2i + 1. */
function fourScores(probes: number, score: (image: number, caption: number) => number): ProbeScores[] {
  return Array.from({ length: probes }, (_, i) => {
    const [a, b] = [2 * i, 2 * i + 1];
    return { aa: score(a, a), ab: score(a, b), ba: score(b, a), bb: score(b, b) };
  });
}

function dualScores({ imageVectors, captionVectors }: EncodedSet): ProbeScores[] {
  return fourScores(imageVectors.length / 2, (image, caption) =>
    dot(imageVectors[image] as Float32Array, captionVectors[caption] as Float32Array),
  );
}

/** As a search reads its candidates: each caption taken apart, its clauses compared with their counters. */
async function clauseScores(scorer: PairScorer, set: EncodedSet, watched: Watched): Promise<ProbeScores[]> {
  const terms = set.captions.map((caption) => termsOf(parseQuery(caption), []));
  const captions = [...new Set(terms.flat().map(({ text }) => text))];
  const places = new Map(captions.map((text, place) => [text, place]));
  const pairs: Pair[] = [];
  const sums = set.captions.flatMap((_, caption) =>
    [caption & ~1, caption | 1].map((image) => {
      const parts = (terms[caption] ?? []).map(({ text, factor }) => {
        const pair = { image, caption: places.get(text) as number };
        return { factor, place: pairs.push(pair) - 1 };
      });
      return { image, caption, parts };
    }),
  );
  const { scores } = await scorePairs(scorer, { images: set.images, captions }, pairs, watched);
  const byPair = new Map(
    sums.map(({ image, caption, parts }) => {
      const sum = parts.reduce((total, { factor, place }) => total + factor * (scores[place] as number), 0);
      return [`${image} ${caption}`, sum];
    }),
  );
  return fourScores(set.images.length / 2, (image, caption) => byPair.get(`${image} ${caption}`) ?? NaN);
}

/** @throws ERR_DATASET_INVALID, ERR_PATH_NOT_FOUND, ERR_MODEL_MISSING, ERR_MODEL_CAPABILITY */
export async function evaluateProbes(options: ProbeOptions): Promise<ProbeEvaluation> {
  const lines = await readProbes(options.folder);
  await using encoder = await openEncoder(options);
  const files = lines.flatMap(({ imageA, imageB }) => [imageA, imageB]);
  const captions = lines.flatMap(({ captionA, captionB }) => [captionA, captionB]);
  const imageOf = captions.map((_, place) => place);
  const set = await encodeSet(encoder, options.folder, { files, captions, imageOf }, options);
  const accuracy: Record<string, Record<string, ProbeAccuracy>> = { dual: byKind(lines, dualScores(set)) };
  for (const name of options.scorers ?? encoder.scorers) {
    const pairs = lines.flatMap((_, i) =>
      [0, 1, 2, 3].map((which) => ({ image: 2 * i + (which >> 1), caption: 2 * i + (which & 1) })),
    );
    const { scores } = await scorePairs(encoder.scorer(name), set, pairs, options);
    const four = fourScores(lines.length, (image, caption) => {
      const place = 4 * (image >> 1) + 2 * (image & 1) + (caption & 1);
      return scores[place] as number;
    });
    accuracy[name] = byKind(lines, four);
    accuracy[`${name} by clauses`] = byKind(lines, await clauseScores(encoder.scorer(name), set, options));
  }
  return { model: encoder.bundle.manifest.id, pairs: lines.length, accuracy };
}

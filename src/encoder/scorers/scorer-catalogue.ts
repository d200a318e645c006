/** Which scorers a model has, by its heads. */
import { SightlineError } from '../../core/errors.js';
import { SCORER_NAMES, type ScorerName } from '../../core/fusion.js';
import type { Manifest } from '../bundle.js';
import { CaptionScorer } from './caption-scorer.js';
import { FusedScorer, type FusedHead, MATCH_HEAD } from './fused-scorer.js';
import { InteractionScorer } from './interaction-scorer.js';
import type { PairScorer } from './pair-scorer.js';
import type { ScorerParts } from './scorer-parts.js';

/** What a question-answering model is asked. */
const question = (text: string): string => `does the picture show ${text}?`;

function answerHead({ answers = [] }: Manifest): FusedHead | undefined {
  const [yes, no] = [answers.indexOf('yes'), answers.indexOf('no')];
  if (yes < 0 || no < 0) return undefined;
  return { name: 'answer', output: 'answer_logits', yes, no, reading: question };
}

type Construction = (parts: ScorerParts, cacheBytes: number) => PairScorer;

function constructions(manifest: Manifest): Partial<Record<ScorerName, Construction>> {
  const { outputs, graphs } = manifest;
  const answers = outputs.includes('answer_logits') ? answerHead(manifest) : undefined;
  return {
    ...(outputs.includes('match_logits') && {
      match: (parts: ScorerParts) => new FusedScorer(parts, MATCH_HEAD),
    }),
    ...(graphs.includes('caption-score') && {
      caption: (parts: ScorerParts, bytes: number) => new CaptionScorer(parts, bytes),
    }),
    ...(answers && { answer: (parts: ScorerParts) => new FusedScorer(parts, answers) }),
    ...(graphs.includes('text-rows') && {
      interaction: (parts: ScorerParts, bytes: number) => new InteractionScorer(parts, bytes),
    }),
  };
}

/** In the order of preference. */
export function scorersOf(manifest: Manifest): ScorerName[] {
  const made = constructions(manifest);
  return SCORER_NAMES.filter((name) => name in made);
}

/** @throws ERR_MODEL_CAPABILITY naming the scorers that the model has */
export function makeScorer(name: ScorerName, parts: ScorerParts, cacheBytes: number): PairScorer {
  const { manifest } = parts.bundle;
  const construct = constructions(manifest)[name];
  if (construct) return construct(parts, cacheBytes);
  throw lacksScorer(name, manifest);
}

const HEADS: Readonly<Record<ScorerName, string>> = {
  match: 'match head',
  caption: 'captioning head',
  answer: 'question-answering head whose answers are known (import it with --answers)',
  interaction: 'embeddings of patches and words (import the checkpoint again)',
};

export function lacksScorer(name: ScorerName, manifest: Manifest): SightlineError {
  const own = scorersOf(manifest);
  const has = own.length > 0 ? `it can rerank by ${own.join(', ')}` : 'it cannot rerank';
  const message = `The model ${manifest.name} has no ${HEADS[name]}; ${has}. See which can: sightline models list`;
  return new SightlineError('ERR_MODEL_CAPABILITY', message, { details: { scorer: name, scorers: own } });
}

/** What a rerank is worth on queries whose answer is known, and whether that is enough to leave it on. */
import {
  type Direction,
  type DirectionLift,
  DIRECTIONS,
  type Fusion,
  fusedLogit,
  type Lift,
  probability,
} from '../../core/fusion.js';
import { type Recalls, recalls } from '../retrieval-metrics.js';
import { type Interval, meanInterval } from './bootstrap.js';
import { type Reliability, reliability } from './reliability.js';
import { type QueryCandidate, rerankedRank, type RerankQueries, type RerankQuery } from './rerank-queries.js';

/** Retrieval in percent, with the 95 % interval of R@1. */
export interface MeasuredRecalls extends Recalls {
  readonly interval: Interval;
}

export type MeasuredRetrieval = Readonly<Record<Direction, MeasuredRecalls>>;

const PERCENT = 100;

function measured(queries: readonly RerankQuery[], ranks: readonly number[]): MeasuredRecalls {
  const firsts = queries.map(({ group }, i) => ({ group, value: ranks[i] === 0 ? PERCENT : 0 }));
  return { ...recalls(ranks), interval: meanInterval(firsts) };
}

/** What a candidate is put in order by, when it is looked for in a direction. */
export type ScoreOf = (candidate: QueryCandidate, direction: Direction) => number;

/** Where the first right one stands under an order. */
function rankUnder(query: RerankQuery, direction: Direction, scoreOf: ScoreOf): number {
  return rerankedRank(query, (candidate) => scoreOf(candidate, direction));
}

/** Retrieval under an order of the candidates; without one as the dual encoder has it. */
export function measuredRetrieval(queries: RerankQueries, scoreOf?: ScoreOf): MeasuredRetrieval {
  const of = (direction: Direction): MeasuredRecalls =>
    measured(
      queries[direction],
      queries[direction].map((query) => (scoreOf ? rankUnder(query, direction, scoreOf) : query.rank)),
    );
  return { textToImage: of('textToImage'), imageToText: of('imageToText') };
}

/** The log-odds of a candidate. */
export function fusedOrder(fusion: Fusion, fused: readonly number[]): ScoreOf {
  return ({ similarity, hubness, pair }, direction) =>
    fusedLogit(fusion[direction], { similarity, hubness, fused: fused[pair] as number });
}

/** How reliable the confidence is, over the candidates of both directions. */
export function confidenceReliability(queries: RerankQueries, scoreOf: ScoreOf): Reliability {
  return reliability(
    DIRECTIONS.flatMap((direction) =>
      queries[direction].flatMap(({ candidates }) =>
        candidates.map((one) => ({
          confidence: probability(scoreOf(one, direction)),
          relevant: one.relevant,
        })),
      ),
    ),
  );
}

function directionLift(queries: RerankQueries, direction: Direction, scoreOf: ScoreOf): DirectionLift {
  const asked = queries[direction];
  const ranks = asked.map((query) => rankUnder(query, direction, scoreOf));
  const changes = asked.map(({ group, rank }, i) => ({
    group,
    value: PERCENT * ((ranks[i] === 0 ? 1 : 0) - (rank === 0 ? 1 : 0)),
  }));
  const before = recalls(asked.map(({ rank }) => rank)).R1;
  return { before, after: recalls(ranks).R1, ...meanInterval(changes) };
}

export function liftOf(
  queries: RerankQueries,
  scoreOf: ScoreOf,
  described: Pick<Lift, 'data' | 'depth'>,
): Lift {
  return {
    ...described,
    textToImage: directionLift(queries, 'textToImage', scoreOf),
    imageToText: directionLift(queries, 'imageToText', scoreOf),
    calibrationError: confidenceReliability(queries, scoreOf).error,
  };
}

const change = ({ before, after, low, high }: DirectionLift): string =>
  `${before.toFixed(1)} → ${after.toFixed(1)} % (95 % interval of the change ${low.toFixed(1)} … ${high.toFixed(1)})`;

/**
 * The rerank is left on where finding pictures gets better beyond doubt and finding captions does not get worse beyond doubt:
 * the interval of the change lies above zero there, and not below zero here.
 */
export function gate(fusion: Fusion, lift: Lift): { readonly default: boolean; readonly reason: string } {
  const { textToImage, imageToText, depth, data } = lift;
  const helps = textToImage.low > 0 && imageToText.high >= 0;
  const found = `R@1 text → image ${change(textToImage)}, image → text ${change(imageToText)}`;
  const where = `by ${fusion.scorer}, depth ${depth}, on ${data}`;
  return helps
    ? { default: true, reason: `Measured to help ${where}: ${found}.` }
    : { default: false, reason: `Not measured to help ${where}: ${found}. It runs where it is asked for.` };
}

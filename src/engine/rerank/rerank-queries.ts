/**
 * Retrieval as the rerank sees it: for every query of a captioned set, the dual encoder's best R candidates, and what
 * became of the right one when they were put in another order. A pair of picture and caption may be a candidate in both
 * directions; it is scored once.
 */
import { TopK } from '../../core/top-k.js';
import { captionRanks, imageRanks, type ScoreTable } from '../retrieval-metrics.js';

/** A picture and a caption, as places in a table. */
export interface Pair {
  readonly image: number;
  readonly caption: number;
}

export interface QueryCandidate {
  /** Place of the pair in the list of distinct pairs. */
  readonly pair: number;
  readonly similarity: number;
  /** Of the picture; 0 where it is one and the same for all candidates. */
  readonly hubness: number;
  readonly relevant: boolean;
}

export interface RerankQuery {
  /** Queries about one picture are not independent: they are resampled together. */
  readonly group: number;
  /** How many items stand before the first right one, by similarity alone. */
  readonly rank: number;
  /** Best first. */
  readonly candidates: readonly QueryCandidate[];
}

export interface RerankQueries {
  readonly textToImage: readonly RerankQuery[];
  readonly imageToText: readonly RerankQuery[];
  readonly pairs: readonly Pair[];
}

function best(scores: ArrayLike<number>, depth: number): number[] {
  const top = new TopK(depth);
  for (let id = 0; id < scores.length; id++) top.offer(id, scores[id] as number);
  return top.sorted().map(({ id }) => id);
}

/** So many of a list at most, spread evenly over it. */
function spread<T>(list: readonly T[], most: number): T[] {
  const stride = Math.ceil(list.length / most);
  return list.filter((_, place) => place % Math.max(1, stride) === 0);
}

/**
 * Both directions' candidates, `depth` for each query.
 * @param hubness of each picture
 * @param most queries of a direction at most; whatever is asked, all pictures and captions may be found
 */
export function rerankQueries(
  table: ScoreTable,
  depth: number,
  hubness: readonly number[] = [],
  most: number = Infinity,
): RerankQueries {
  const { images, captions, imageOf, scores } = table;
  const pairs: Pair[] = [];
  const places = new Map<number, number>();
  const candidate = (image: number, caption: number): QueryCandidate => {
    const key = image * captions + caption;
    const place = places.get(key) ?? pairs.push({ image, caption }) - 1;
    places.set(key, place);
    const similarity = scores[key] as number;
    return { pair: place, similarity, hubness: 0, relevant: imageOf[caption] === image };
  };
  const imagesOf = (caption: number): QueryCandidate[] => {
    const column = Float32Array.from({ length: images }, (_, i) => scores[i * captions + caption] as number);
    return best(column, depth).map((image) => ({
      ...candidate(image, caption),
      hubness: hubness[image] ?? 0,
    }));
  };
  const captionsOf = (image: number): QueryCandidate[] => {
    const row = scores.subarray(image * captions, (image + 1) * captions);
    return best(row, depth).map((caption) => candidate(image, caption));
  };
  return {
    textToImage: spread([...imageRanks(table).entries()], most).map(([caption, rank]) => ({
      group: imageOf[caption] as number,
      rank,
      candidates: imagesOf(caption),
    })),
    imageToText: spread([...captionRanks(table).entries()], most).map(([image, rank]) => ({
      group: image,
      rank,
      candidates: captionsOf(image),
    })),
    pairs,
  };
}

/**
 * How many items stand before the first right one after the rerank. Where no right one was among the candidates nothing
 * changes for it.
 */
export function rerankedRank(
  { rank, candidates }: RerankQuery,
  scoreOf: (candidate: QueryCandidate) => number,
): number {
  const relevant = candidates.filter((one) => one.relevant).map(scoreOf);
  if (relevant.length === 0) return rank;
  const first = Math.max(...relevant);
  return candidates.filter((one) => scoreOf(one) > first).length;
}

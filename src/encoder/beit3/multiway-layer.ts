/**
 * One multiway layer: pre-norm attention over all tokens of both kinds, then a feed-forward, each with a norm of its own
 * in the middle ("sub-LN"). Projections, norms and feed-forward exist twice, as experts A (image) and B (text); only the
 * attention itself is shared.
 *
 * What differs from the official code: the rows of the two experts stay apart all the way and meet only as queries, keys
 * and values, so that nothing is ever concatenated and split again but those. And in the last layer only the rows that a
 * head reads are computed to the end; the others still serve as keys and values: the same numbers for up to a layer's
 * worth of work less.
 */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import type { Architecture } from './architecture.js';
import { attend, type KeysAndValues, type ScoreTerms } from './attention.js';
import { linear } from './precision.js';
import { concatenated, END, gelu, layerNorm, sliceRows } from './row-operators.js';
import type { Expert } from './tensor-catalogue.js';

/** Hidden rows that go through one expert: [N, rows, D]. */
export interface Stream {
  readonly expert: Expert;
  readonly rows: Value;
}

/** Which rows of a stream are wanted from a layer; `from` (a one-element tensor), where it is the only stream. */
export type Keep = 'all' | 'first' | 'none' | { readonly from: Value };

export interface LayerOptions {
  /** What is added to the attention's scores; the rows are those of all queries, kept or not. */
  readonly scores: ScoreTerms;
  /** One for each stream. */
  readonly keep: readonly Keep[];
  /** Rows of the first stream; needed to part two streams after the attention. */
  readonly firstRows: number;
  /** Keys and values of rows that were computed in another run and stand in front of these. */
  readonly past?: KeysAndValues | undefined;
  /** The same, of rows that the whole batch shares; in front of all others. */
  readonly shared?: KeysAndValues | undefined;
  /** Gives the attention's probabilities as this output of the graph. */
  readonly probabilities?: string | undefined;
}

export interface LayerResult {
  /** The streams that were kept. */
  readonly streams: readonly Stream[];
  /** Of all rows of this run, past ones left out. */
  readonly own: KeysAndValues;
}

/** Rows from `from` (a one-element tensor) on. */
function rowsFrom(graph: GraphBuilder, x: Value, from: Value, axis: number): Value {
  return graph.node('Slice', [x, from, graph.integers([END]), graph.integers([axis])]);
}

/** The rows of a joint tensor that are kept, along `axis`. */
function keptRows(graph: GraphBuilder, joint: Value, axis: number, { keep, firstRows }: LayerOptions): Value {
  if (keep.every((rows) => rows === 'all')) return joint;
  const parts = keep.flatMap((rows, stream) => {
    if (rows === 'none') return [];
    if (typeof rows === 'object') return [rowsFrom(graph, joint, rows.from, axis)];
    const start = stream * firstRows;
    const end = keep.length > 1 && stream === 0 ? firstRows : END;
    return [sliceRows(graph, joint, start, rows === 'first' ? start + 1 : end, axis)];
  });
  return concatenated(graph, parts, axis);
}

/** Parts the attention's result into the streams that were kept. */
function contextOf(
  graph: GraphBuilder,
  context: Value,
  place: number,
  kept: readonly Keep[],
  firstRows: number,
): Value {
  if (kept.length === 1) return context;
  const border = kept[0] === 'first' ? 1 : firstRows;
  return place === 0 ? sliceRows(graph, context, 0, border) : sliceRows(graph, context, border, END);
}

/** Of a stream's own rows, those that are kept. */
export function askedRows(graph: GraphBuilder, rows: Value, keep: Keep): Value {
  if (typeof keep === 'object') return rowsFrom(graph, rows, keep.from, 1);
  return keep === 'first' ? sliceRows(graph, rows, 0, 1) : rows;
}

/** Keys and values of the joint rows, and the queries among them that are kept. */
function project(
  graph: GraphBuilder,
  layer: number,
  streams: readonly Stream[],
  { width }: Architecture,
): { query: Value; own: KeysAndValues } {
  const qkv = streams.map(({ expert, rows }) => {
    const name = `layers.${layer}.${expert}`;
    return linear(graph, layerNorm(graph, rows, `${name}.attention_norm`), `${name}.qkv`);
  });
  const [query, keys, values] = graph.nodes(
    'Split',
    [concatenated(graph, qkv, 1), graph.integers([width, width, width])],
    3,
    { attributes: { axis: -1 } },
  ) as [Value, Value, Value];
  return { query, own: { keys, values } };
}

export function multiwayLayer(
  graph: GraphBuilder,
  layer: number,
  streams: readonly Stream[],
  architecture: Architecture,
  options: LayerOptions,
): LayerResult {
  const { keep, past, shared, scores, probabilities } = options;
  const { query, own } = project(graph, layer, streams, architecture);
  const places = keep.flatMap((rows, stream) => (rows === 'none' ? [] : [stream]));
  if (places.length === 0) return { streams: [], own };
  const joint = past
    ? {
        keys: concatenated(graph, [past.keys, own.keys], 1),
        values: concatenated(graph, [past.values, own.values], 1),
      }
    : own;
  const bias = scores.bias === undefined ? {} : { bias: keptRows(graph, scores.bias, 2, options) };
  const context = attend(graph, keptRows(graph, query, 1, options), joint, architecture, {
    scores: { ...scores, ...bias },
    shared,
    probabilities,
  });
  const kept = places.map((stream) => keep[stream] as Keep);
  const results = places.map((stream, place) => {
    const { expert, rows } = streams[stream] as Stream;
    const name = `layers.${layer}.${expert}`;
    const mine = contextOf(graph, context, place, kept, options.firstRows);
    const attended = linear(graph, layerNorm(graph, mine, `${name}.context_norm`), `${name}.out`);
    const x = graph.node('Add', [askedRows(graph, rows, kept[place] as Keep), attended]);
    const hidden = gelu(
      graph,
      linear(graph, layerNorm(graph, x, `${name}.feed_forward_norm`), `${name}.fc1`),
    );
    const fed = linear(graph, layerNorm(graph, hidden, `${name}.hidden_norm`), `${name}.fc2`);
    return { expert, rows: graph.node('Add', [x, fed]) };
  });
  return { streams: results, own };
}

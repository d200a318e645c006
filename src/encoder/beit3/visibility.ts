/** Which row may see which in captioning, as terms that are added to the attention's scores: 0, or as good as −∞. */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { concatenated } from './row-operators.js';

/** What the official code adds; its softmax is exactly zero in float32. */
const UNSEEN = -1e8;

/** A one-element tensor as a scalar. */
function scalarOf(graph: GraphBuilder, size: Value): Value {
  return graph.node('Squeeze', [size, graph.integers([0])]);
}

/** `from` … `to` − 1 as a column [rows, 1] or a row [1, rows]; both ends are one-element tensors. */
function range(graph: GraphBuilder, from: Value, to: Value, as: 'column' | 'row'): Value {
  const list = graph.node('Range', [scalarOf(graph, from), scalarOf(graph, to), graph.integers(1)]);
  return graph.node('Unsqueeze', [list, graph.integers([as === 'column' ? 1 : 0])]);
}

/** Scores' terms from a table of what is seen, [queries, keys] → [1, 1, queries, keys]. */
function asBias(graph: GraphBuilder, terms: Value): Value {
  return graph.node('Unsqueeze', [terms, graph.integers([0, 1])]);
}

function termsWhere(graph: GraphBuilder, seen: Value): Value {
  return graph.node('Where', [seen, graph.scalar(0), graph.scalar(UNSEEN)]);
}

export interface CausalRows {
  /** Rows in front of those that ask; a one-element tensor. */
  readonly before: Value;
  /** All rows. */
  readonly total: Value;
  /** Rows of the picture, which all see and which see one another. */
  readonly picture: number;
}

/** The captioning mask: the picture sees the picture, a text row the picture and the text up to itself. */
export function causalBias(graph: GraphBuilder, { before, total, picture }: CausalRows): Value {
  const asking = range(graph, before, total, 'column');
  const own = graph.node('Add', [asking, graph.integers(1)]);
  const limit = graph.node('Max', [own, graph.integers(picture)]);
  const asked = range(graph, graph.integers([0]), total, 'row');
  return asBias(graph, termsWhere(graph, graph.node('Less', [asked, limit])));
}

/**
 * For `words` tokens behind `<s>` and then as many masks, where mask t asks for the word behind token t: it sees the tokens
 * up to t and itself, but no other mask, and no token sees a mask. What stands in front is seen by all and not part of it.
 */
export function scoringBias(graph: GraphBuilder, words: Value): Value {
  const zero = graph.integers([0]);
  const asking = range(graph, zero, words, 'column');
  const asked = range(graph, zero, words, 'row');
  const upTo = termsWhere(graph, graph.node('LessOrEqual', [asked, asking]));
  const itself = termsWhere(graph, graph.node('Equal', [asked, asking]));
  const square = concatenated(graph, [words, words], 0);
  const nothing = graph.node('Expand', [graph.scalar(UNSEEN), square]);
  const tokens = concatenated(graph, [upTo, nothing], 1);
  const masks = concatenated(graph, [upTo, itself], 1);
  return asBias(graph, concatenated(graph, [tokens, masks], 0));
}

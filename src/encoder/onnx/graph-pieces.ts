/**
 * Runs a graph in pieces, one after the other, each a model of its own with only the weights that it needs: a graph of any
 * size runs in the memory of its largest piece. Slower than a session over the whole, so only for what is done once.
 */
import { DATA_TYPE, decodeGraph, encodeModel, type GraphMessage, type NodeMessage } from './onnx-schema.js';
import type { Tensors } from '../runtime/messages.js';

/** Where a weight belongs: pieces run in the order of their numbers. */
export type PieceOfWeight = (name: string) => number;

/** Runs a model of these bytes, whose weights lie where those of the whole graph do. */
export type RunPiece = (model: Uint8Array, feeds: Tensors) => Promise<Tensors>;

/** Nodes in their order; a new piece begins with the first that needs a weight of a later one. */
function cut({ node, initializer }: GraphMessage, pieceOf: PieceOfWeight): NodeMessage[][] {
  const places = new Map(initializer.map(({ name }) => [name, pieceOf(name)]));
  const pieces: NodeMessage[][] = [];
  let current = -1;
  for (const one of node) {
    const needed = Math.max(0, ...one.input.map((name) => places.get(name) ?? 0));
    if (needed > current) {
      pieces.push([]);
      current = needed;
    }
    pieces.at(-1)?.push(one);
  }
  return pieces;
}

function pieceModel(
  graph: GraphMessage,
  nodes: readonly NodeMessage[],
  feeds: Tensors,
  outputs: readonly string[],
): Uint8Array {
  const used = new Set(nodes.flatMap(({ input }) => input));
  return encodeModel({
    name: graph.name,
    node: nodes,
    initializer: graph.initializer.filter(({ name }) => used.has(name)),
    input: Object.entries(feeds).map(([name, { type }]) => ({
      name,
      type: { tensorType: { elemType: DATA_TYPE[type] } },
    })),
    // Without a type: the runtime infers it.
    output: outputs.map((name) => ({ name })),
  });
}

/** @returns the outputs of the whole graph */
export async function runInPieces(
  model: Uint8Array,
  feeds: Tensors,
  pieceOf: PieceOfWeight,
  run: RunPiece,
): Promise<Tensors> {
  const graph = decodeGraph(model);
  const pieces = cut(graph, pieceOf);
  const wanted = graph.output.map(({ name }) => name);
  const live = new Map(Object.entries(feeds));
  for (const [place, nodes] of pieces.entries()) {
    const needed = new Set(nodes.flatMap(({ input }) => input));
    const given = Object.fromEntries([...live].filter(([name]) => needed.has(name)));
    const later = new Set([
      ...wanted,
      ...pieces.slice(place + 1).flatMap((rest) => rest.flatMap(({ input }) => input)),
    ]);
    const outputs = nodes.flatMap(({ output }) => output).filter((name) => later.has(name));
    for (const name of live.keys()) if (!later.has(name)) live.delete(name);
    const results = await run(pieceModel(graph, nodes, given, outputs), given);
    for (const [name, value] of Object.entries(results)) live.set(name, value);
  }
  return Object.fromEntries(
    wanted.flatMap((name) => (live.has(name) ? [[name, live.get(name)]] : [])) as [string, never][],
  );
}

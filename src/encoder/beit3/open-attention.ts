/**
 * A bundle's graph with attention in single operators, for ONNX Runtime's WebGPU provider: its fused operator,
 * com.microsoft.MultiHeadAttention, parts from the CPU's results from 32 rows on where it runs on SwiftShader (software
 * Vulkan), and has no mask of padded keys, so that graphs of texts do not run at all. Made when a session is, from the
 * graph as it is on disk: bundles need no second set of files.
 */
import { GraphBuilder } from '../onnx/graph-builder.js';
import {
  CONTRIB_DOMAIN,
  decodeGraph,
  encodeModel,
  type GraphMessage,
  type NodeMessage,
} from '../onnx/onnx-schema.js';
import type { WeightFile } from '../onnx/weight-file.js';
import type { Architecture } from './architecture.js';
import { attend } from './attention.js';

const FUSED = 'MultiHeadAttention';

/** D, by the length of a norm that every graph has. */
function widthOf({ initializer }: GraphMessage): number {
  const norm = initializer.find(({ name }) => name.endsWith('.attention_norm.weight'));
  return Number((norm as { readonly dims?: readonly unknown[] } | undefined)?.dims?.[0]);
}

function headsOf({ attribute }: NodeMessage): number {
  return Number(attribute.find(({ name }) => name === 'num_heads')?.['i']);
}

/** The nodes that take the place of a fused one, and the constants that they need. */
function opened(node: NodeMessage, width: number): Pick<GraphMessage, 'node' | 'initializer'> {
  const [query = '', keys = '', values = '', , keyMask = '', bias = ''] = node.input;
  // It has no weights.
  const graph = new GraphBuilder(node.name, undefined as unknown as WeightFile, '');
  const sizes = { width, heads: headsOf(node) } as Architecture;
  const context = attend(graph, query, { keys, values }, sizes, {
    open: true,
    scores: { ...(keyMask !== '' && { keyMask }), ...(bias !== '' && { bias }) },
  });
  const { node: nodes, initializer } = decodeGraph(graph.encode());
  const made = new Set(nodes.flatMap(({ output }) => output));
  const named = (name: string): string => {
    if (name === context) return node.output[0] as string;
    return made.has(name) ? `${node.name}/${name}` : name;
  };
  return {
    initializer,
    node: nodes.map((one) => ({
      ...one,
      name: `${node.name}/${one.name}`,
      input: one.input.map(named),
      output: one.output.map(named),
    })),
  };
}

/** @returns the same graph, its weights where they were */
export function withOpenAttention(model: Uint8Array): Uint8Array {
  const graph = decodeGraph(model);
  const width = widthOf(graph);
  const initializer = new Map(graph.initializer.map((one) => [one.name, one]));
  const node = graph.node.flatMap((one) => {
    if (one.domain !== CONTRIB_DOMAIN || one.opType !== FUSED) return [one];
    const replacement = opened(one, width);
    for (const constant of replacement.initializer) initializer.set(constant.name, constant);
    return replacement.node;
  });
  return encodeModel({ ...graph, node, initializer: [...initializer.values()] });
}

import type { Value } from '../onnx/graph-builder.js';
import { patchCount } from './architecture.js';
import type { KeysAndValues, ScoreTerms } from './attention.js';
import type { GraphPlan } from './graph-plan.js';
import { askedRows, type Keep, multiwayLayer, type Stream } from './multiway-layer.js';
import { concatenated, layerNorm } from './row-operators.js';

export interface BackboneOptions {
  /** Which rows of each stream a head will read. */
  readonly keep: readonly Keep[];
  readonly scores?: ScoreTerms;
  /** Keys and values in front of a layer's own. */
  readonly past?: ((layer: number) => KeysAndValues) | undefined;
  /** The same, of rows that the whole batch shares; in front of all others. */
  readonly shared?: ((layer: number) => KeysAndValues) | undefined;
}

export interface BackboneResult {
  /** The rows asked for, a value for each stream that is kept, after the final norm where the model has one. */
  readonly rows: readonly Value[];
  /** Keys and values of every layer, of all rows of this run. */
  readonly own: readonly KeysAndValues[];
}

function outputHidden({ graph, architecture }: GraphPlan, layer: number, streams: readonly Stream[]): void {
  const rows = concatenated(
    graph,
    streams.map((stream) => stream.rows),
    1,
  );
  graph.output(`hidden_${layer}`, rows, 'float32', ['batch', 'rows', architecture.width]);
}

/** All layers. */
export function backbone(
  plan: GraphPlan,
  inputs: readonly Stream[],
  { keep, scores = {}, past, shared }: BackboneOptions,
): BackboneResult {
  const { graph, architecture } = plan;
  const { hiddenStates = false } = plan.options;
  const last = architecture.layers - 1;
  const firstRows = patchCount(architecture) + 1;
  const everything = inputs.map((): Keep => 'all');
  const own: KeysAndValues[] = [];
  let streams = inputs;
  for (let layer = 0; layer <= last; layer++) {
    if (hiddenStates) outputHidden(plan, layer, streams);
    const result = multiwayLayer(graph, layer, streams, architecture, {
      scores,
      keep: layer === last && !hiddenStates ? keep : everything,
      firstRows,
      past: past?.(layer),
      shared: shared?.(layer),
      probabilities: hiddenStates && layer === last ? 'attention_last' : undefined,
    });
    own.push(result.own);
    streams = result.streams;
  }
  if (hiddenStates) {
    outputHidden(plan, last + 1, streams);
    streams = streams.flatMap(({ expert, rows }, stream) => {
      const kept = keep[stream] as Keep;
      return kept === 'none' ? [] : [{ expert, rows: askedRows(graph, rows, kept) }];
    });
  }
  const rows = streams.map((stream) =>
    architecture.finalNorm ? layerNorm(graph, stream.rows, `final_norm.${stream.expert}`) : stream.rows,
  );
  return { rows, own };
}

import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { Architecture } from './architecture.js';
import type { PixelInput } from './weights.js';

export interface GraphOptions {
  readonly pixelInput: PixelInput;
  /**
   * Adds the outputs `hidden_0` … `hidden_L`, the rows as they enter the first layer and leave each of them, and
   * `attention_last`, the probabilities of the last layer. For finding where two programs part, and for heat maps.
   */
  readonly hiddenStates?: boolean | undefined;
  /** Id of `<mask>`; the graph that scores captions reads its row of the text table. */
  readonly maskToken?: number | undefined;
}

/** A graph under construction, with all that its parts ask about. */
export interface GraphPlan {
  readonly graph: GraphBuilder;
  readonly architecture: Architecture;
  readonly options: GraphOptions;
}

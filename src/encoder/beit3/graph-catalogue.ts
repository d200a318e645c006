/** How each graph of a bundle is made. */
import type { GraphName } from './abilities.js';
import { captionGraph, captionPrefillGraph, captionStepGraph } from './caption-graphs.js';
import { captionImageGraph, captionScoreGraph } from './caption-score-graphs.js';
import type { GraphPlan } from './graph-plan.js';
import {
  classGraph,
  fusedGraph,
  imageGraph,
  imageRowsGraph,
  maskedPatchGraph,
  maskedTextGraph,
  maskedWordGraph,
  pairGraph,
  textGraph,
  textRowsGraph,
} from './graphs.js';

const CONSTRUCTION: Readonly<Record<GraphName, (plan: GraphPlan) => void>> = {
  image: imageGraph,
  text: textGraph,
  'image-rows': imageRowsGraph,
  'text-rows': textRowsGraph,
  fused: fusedGraph,
  nlvr2: pairGraph,
  class: classGraph,
  caption: captionGraph,
  'caption-prefill': captionPrefillGraph,
  'caption-step': captionStepGraph,
  'caption-image': captionImageGraph,
  'caption-score': captionScoreGraph,
  mlm: maskedWordGraph,
  'mlm-text': maskedTextGraph,
  mim: maskedPatchGraph,
};

export function constructGraph(name: GraphName, plan: GraphPlan): void {
  CONSTRUCTION[name](plan);
}

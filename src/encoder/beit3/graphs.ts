/**
 * The graphs of a bundle: image and text alone (the dual encoder), and both together (the fused mode) under each of the
 * heads. Names, types and shapes of inputs and outputs are a contract with anyone who runs a bundle without Sightline.
 */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { answerOutput } from './abilities.js';
import { patchCount } from './architecture.js';
import { backbone } from './backbone.js';
import type { GraphPlan } from './graph-plan.js';
import {
  embedImage,
  embedText,
  jointKeyMask,
  pixelInput,
  type TextInput,
  textInput,
  textKeyMask,
} from './input-rows.js';
import type { Keep, Stream } from './multiway-layer.js';
import { linear } from './precision.js';
import { concatenated, gelu, layerNorm, sliceRows, END } from './row-operators.js';

/** Below this length a vector is not divided by its own length. */
const NORM_FLOOR = 1e-12;

/** [N, 1, D] → [N, D]. */
function onlyRow(graph: GraphBuilder, rows: Value | undefined): Value {
  return graph.node('Squeeze', [rows ?? '', graph.integers([1])]);
}

/** Projects into the shared space and divides by the length; the channels are the axis `axis`. */
function unitRows(graph: GraphBuilder, rows: Value, head: string, axis: number): Value {
  const projected = linear(graph, rows, head);
  const length = graph.node('ReduceL2', [projected, graph.integers([axis])], { attributes: { keepdims: 1 } });
  const divisor = graph.node('Max', [length, graph.scalar(NORM_FLOOR)]);
  return graph.node('Div', [projected, divisor]);
}

function embedding({ graph, architecture }: GraphPlan, row: Value, head: string): void {
  graph.output('embedding', unitRows(graph, row, head, 1), 'float32', ['N', architecture.width]);
}

/** Every row as if it were the class token: what patches and words look like in the shared space. */
function rowEmbeddings({ graph, architecture }: GraphPlan, rows: Value, head: string): void {
  const shape = ['N', 'rows', architecture.width];
  graph.output('row_embeddings', unitRows(graph, rows, head, 2), 'float32', shape);
}

/** `pixels` → `embedding`. */
export function imageGraph(plan: GraphPlan): void {
  const rows = embedImage(plan, pixelInput(plan));
  const result = backbone(plan, [{ expert: 'A', rows }], { keep: ['first'] });
  embedding(plan, onlyRow(plan.graph, result.rows[0]), 'head.vision');
}

function textRows(plan: GraphPlan, keep: Keep): Value {
  const text = textInput(plan);
  const rows = embedText(plan.graph, text);
  const scores = { keyMask: textKeyMask(plan.graph, text) };
  return backbone(plan, [{ expert: 'B', rows }], { keep: [keep], scores }).rows[0] as Value;
}

/** `input_ids`, `attention_mask` → `embedding`. */
export function textGraph(plan: GraphPlan): void {
  embedding(plan, onlyRow(plan.graph, textRows(plan, 'first')), 'head.language');
}

/** `pixels` → `row_embeddings` [N, patches + 1, D], the class token first, then the patches row by row. */
export function imageRowsGraph(plan: GraphPlan): void {
  const rows = embedImage(plan, pixelInput(plan));
  const result = backbone(plan, [{ expert: 'A', rows }], { keep: ['all'] });
  rowEmbeddings(plan, result.rows[0] as Value, 'head.vision');
}

/** `input_ids`, `attention_mask` → `row_embeddings` [N, T, D]; rows of padding mean nothing. */
export function textRowsGraph(plan: GraphPlan): void {
  rowEmbeddings(plan, textRows(plan, 'all'), 'head.language');
}

/** Every token sees every token of its pair. */
function fusedRows(plan: GraphPlan, pixels: Value, text: TextInput, keep: readonly Keep[]): readonly Value[] {
  const streams: Stream[] = [
    { expert: 'A', rows: embedImage(plan, pixels) },
    { expert: 'B', rows: embedText(plan.graph, text) },
  ];
  return backbone(plan, streams, { keep, scores: { keyMask: jointKeyMask(plan, text) } }).rows;
}

/** `pixels`, `input_ids`, `attention_mask`, paired by row → `match_logits` [N, 2] or `answer_logits` [N, C]. */
export function fusedGraph(plan: GraphPlan): void {
  const { graph, architecture } = plan;
  const [row] = fusedRows(plan, pixelInput(plan), textInput(plan), ['first', 'none']);
  const first = layerNorm(graph, onlyRow(graph, row), 'head.answer.pool_norm');
  const pooled = graph.node('Tanh', [linear(graph, first, 'head.answer.pool')]);
  const hidden = layerNorm(graph, linear(graph, pooled, 'head.answer.hidden'), 'head.answer.hidden_norm');
  const logits = linear(graph, gelu(graph, hidden), 'head.answer.classes');
  graph.output(answerOutput(architecture), logits, 'float32', ['N', architecture.outputs.answers]);
}

/**
 * `pixels_left`, `pixels_right`, `input_ids`, `attention_mask` → `nlvr2_logits` [N, 2], class 1 = true of both. The two
 * pictures are one batch of twice the size, so that each weight is read once.
 */
export function pairGraph(plan: GraphPlan): void {
  const { graph } = plan;
  const sides = [pixelInput(plan, 'pixels_left'), pixelInput(plan, 'pixels_right')];
  const text = textInput(plan);
  const twice: TextInput = {
    ids: concatenated(graph, [text.ids, text.ids], 0),
    attended: concatenated(graph, [text.attended, text.attended], 0),
  };
  const rows = fusedRows(plan, concatenated(graph, sides, 0), twice, ['first', 'first']);
  const reading = onlyRow(graph, concatenated(graph, rows, 2));
  const halves = graph.nodes('Split', [reading], 2, { attributes: { axis: 0, num_outputs: 2 } });
  const features = layerNorm(graph, concatenated(graph, halves, 1), 'head.pair.norm');
  const hidden = layerNorm(graph, linear(graph, features, 'head.pair.hidden'), 'head.pair.hidden_norm');
  const logits = linear(graph, gelu(graph, hidden), 'head.pair.classes');
  graph.output('nlvr2_logits', logits, 'float32', ['N', 2]);
}

/** `pixels` → `class_logits` [N, C], from the mean of the patches; the class token is left out of it. */
export function classGraph(plan: GraphPlan): void {
  const { graph, architecture } = plan;
  const rows = embedImage(plan, pixelInput(plan));
  const result = backbone(plan, [{ expert: 'A', rows }], { keep: ['all'] });
  const patches = sliceRows(graph, result.rows[0] as Value, 1, END);
  const mean = graph.node('ReduceMean', [patches, graph.integers([1])], { attributes: { keepdims: 0 } });
  const logits = linear(graph, layerNorm(graph, mean, 'head.class.norm'), 'head.class');
  graph.output('class_logits', logits, 'float32', ['N', architecture.outputs.classes]);
}

function wordLogits({ graph, architecture }: GraphPlan, rows: Value): void {
  const logits = linear(graph, rows, 'head.words');
  graph.output('mlm_logits', logits, 'float32', ['N', 'T', architecture.vocabulary]);
}

/** `pixels`, `input_ids`, `attention_mask` → `mlm_logits` [N, T, V]: what each `<mask>` stands for, read both ways. */
export function maskedWordGraph(plan: GraphPlan): void {
  const [rows] = fusedRows(plan, pixelInput(plan), textInput(plan), ['none', 'all']);
  wordLogits(plan, rows as Value);
}

/** `input_ids`, `attention_mask` → `mlm_logits` [N, T, V], without a picture. */
export function maskedTextGraph(plan: GraphPlan): void {
  wordLogits(plan, textRows(plan, 'all'));
}

/** `pixels`, `masked_patches` int64 [N, patches] (1 = hidden) → `mim_logits` [N, patches, codes]. */
export function maskedPatchGraph(plan: GraphPlan): void {
  const { graph, architecture } = plan;
  const patches = patchCount(architecture);
  const pixels = pixelInput(plan);
  const marked = graph.input('masked_patches', 'int64', ['N', patches]);
  const rows = embedImage(plan, pixels, marked);
  const result = backbone(plan, [{ expert: 'A', rows }], { keep: ['all'] });
  const logits = linear(graph, sliceRows(graph, result.rows[0] as Value, 1, END), 'head.codes');
  graph.output('mim_logits', logits, 'float32', ['N', patches, architecture.outputs.imageCodes]);
}

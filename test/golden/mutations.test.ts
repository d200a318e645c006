/**
 * Mistakes that an implementation of BEiT-3 is likely to make, made on purpose: each must move the results beyond the
 * tolerances of the golden tests. It is the tests that are tested here.
 */
import { describe, expect, it } from 'vitest';
import type { GraphName } from '#src/encoder/beit3/abilities.js';
import type { Checkpoint } from '#src/encoder/checkpoint/checkpoint.js';
import { GraphBuilder, type NodeOptions, type Value } from '#src/encoder/onnx/graph-builder.js';
import { GoldenFile, GraphTrial, largestDifference, type TrialOptions } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const EMBEDDING_TOLERANCE = 2e-6;
const HIDDEN_TOLERANCE = 3e-5;

type Mistake = Omit<TrialOptions, 'graphs'>;
type Change = (operator: string, inputs: readonly Value[], options: NodeOptions) => NodeOptions | 'skip';

/** A builder that changes nodes, or skips them: their first input is then their output. */
class MistakenBuilder extends GraphBuilder {
  readonly #change: Change;

  constructor(change: Change, ...made: ConstructorParameters<typeof GraphBuilder>) {
    super(...made);
    this.#change = change;
  }

  override nodes(
    operator: string,
    inputs: readonly Value[],
    outputs: number,
    options: NodeOptions = {},
  ): Value[] {
    const changed = this.#change(operator, inputs, options);
    return changed === 'skip' ? [inputs[0] as Value] : super.nodes(operator, inputs, outputs, changed);
  }
}

const graphMistake = (change: Change): Mistake => ({
  newGraph: (...made) => new MistakenBuilder(change, ...made),
});

/** Sets one attribute of every node of an operator. */
const attributeMistake = (operator: string, attributes: NonNullable<NodeOptions['attributes']>): Mistake =>
  graphMistake((found, _inputs, options) =>
    found === operator ? { ...options, attributes: { ...options.attributes, ...attributes } } : options,
  );

const tensorMistake = (read: (of: Checkpoint, name: string) => Promise<Float32Array>): Mistake => ({
  change: (of) => ({ ...of, tensors: of.tensors, readFloat32: (name) => read(of, name) }),
});

/** Position p reads row p instead of row p + 2, in the table of one expert. */
const positionsFromZero = (expert: 'A' | 'B'): Mistake =>
  tensorMistake(async (of, name) => {
    const rows = await of.readFloat32(name);
    if (name !== `beit3.encoder.embed_positions.${expert}.weight`) return rows;
    const unused = 2 * (of.tensors.get(name)?.shape[1] ?? 0);
    const shifted = rows.slice();
    shifted.set(rows.subarray(0, rows.length - unused), unused);
    return shifted;
  });

const smallInputs = tensorMistake(async (of, name) => {
  const values = await of.readFloat32(name);
  const small = /^beit3\.(text_embed|vision_embed|encoder\.embed_positions)/.test(name);
  return small ? values.map((value) => value * 0.003) : values;
});

const wrongEpsilon = attributeMistake('LayerNormalization', { epsilon: { float: 1e-6 } });
const OTHER = { A: 'B', B: 'A' } as const;

/** The mistake, and how far it moved image and text embeddings when the official code was made to make it. */
const MISTAKES: readonly (readonly [string, Mistake, readonly [number, number]])[] = [
  ['LayerNorm eps 1e-6', wrongEpsilon, [7.9e-6, 1.3e-5]],
  ['GELU by tanh', attributeMistake('Gelu', { approximate: 'tanh' }), [9.8e-5, 8e-5]],
  ['no attention scaling', attributeMistake('MultiHeadAttention', { scale: { float: 1 } }), [1.6e-1, 1.7e-1]],
  ['image positions from row 0', positionsFromZero('A'), [2.7e-1, 0]],
  ['text positions from row 0', positionsFromZero('B'), [0, 3.2e-1]],
  [
    'no inner_attn_ln',
    graphMistake((_operator, inputs, options) =>
      inputs[1]?.endsWith('.context_norm.weight') ? 'skip' : options,
    ),
    [2.1e-1, 1.4e-1],
  ],
  [
    'A and B swapped',
    tensorMistake((of, name) =>
      of.readFloat32(
        name.includes('embed_positions')
          ? name
          : name.replace(/\.([AB])\./, (_all, expert: 'A' | 'B') => `.${OTHER[expert]}.`),
      ),
    ),
    [5e-1, 5.7e-1],
  ],
  ['fp16 weights', { precision: 'fp16' }, [3.5e-4, 4e-4]],
];

const checkpoint = (name: string): string => sharedPath(`goldens/checkpoints/${name}.pth`);
const goldens = (name: string): Promise<GoldenFile> =>
  GoldenFile.open(sharedPath(`goldens/goldens/${name}.safetensors`));

/** Twice or half the reference, so that it is the mistake that is meant; not at all where that is 0. */
function expectMoved(by: number, reference: number): void {
  if (reference === 0) {
    expect(by).toBeLessThan(EMBEDDING_TOLERANCE);
  } else {
    expect(by).toBeGreaterThan(Math.max(EMBEDDING_TOLERANCE, reference / 2));
    expect(by).toBeLessThan(reference * 2);
  }
}

async function moved(
  family: string,
  graph: GraphName,
  mistake: Mistake,
  measure: (trial: GraphTrial) => Promise<number>,
): Promise<number> {
  await using trial = await GraphTrial.of(checkpoint(family), { ...mistake, graphs: [graph] });
  return await measure(trial);
}

async function imageMoved(mistake: Mistake, golden: GoldenFile, name: string): Promise<number> {
  return moved('retrieval', 'image', mistake, async (trial) => {
    const { embedding } = await trial.run('image', { pixels: await golden.pixels(`${name}/image`) });
    const wanted = await golden.values(`${name}/image_embedding`);
    return largestDifference(embedding?.data as Float32Array, wanted);
  });
}

async function textMoved(mistake: Mistake, golden: GoldenFile, name: string): Promise<number> {
  return moved('retrieval', 'text', mistake, async (trial) => {
    const feeds = await golden.text(`${name}/text_ids`, `${name}/padding_mask`);
    const { embedding } = await trial.run('text', feeds);
    const wanted = await golden.values(`${name}/text_embedding`);
    return largestDifference(embedding?.data as Float32Array, wanted);
  });
}

async function fusedMoved(mistake: Mistake, golden: GoldenFile): Promise<number> {
  const hidden: Mistake = { ...mistake, hiddenStates: true };
  return moved('vqa', 'fused', hidden, async (trial) => {
    const pixels = await golden.pixels('b1/image');
    const outputs = await trial.run('fused', {
      pixels,
      ...(await golden.text('b1/text_ids', 'b1/padding_mask')),
    });
    const wanted = await golden.values('b1/encoder_out');
    return largestDifference(outputs['hidden_3']?.data as Float32Array, wanted);
  });
}

describe.skipIf(lacksShared('goldens/goldens/retrieval_variants.safetensors'))('typical mistakes', () => {
  it.each(MISTAKES)('%s', async (_name, mistake, [image, text]) => {
    const retrieval = await goldens('retrieval');
    const vqa = await goldens('vqa');
    const [byImage, byText, byFused] = [
      await imageMoved(mistake, retrieval, 'image_b3'),
      await textMoved(mistake, retrieval, 'text_b4_mixed'),
      await fusedMoved(mistake, vqa),
    ];
    expectMoved(byImage, image);
    expectMoved(byText, text);
    expect(byFused).toBeGreaterThan(HIDDEN_TOLERANCE);
    await retrieval.close();
    await vqa.close();
  });

  it('LayerNorm eps 1e-6 on inputs so small that it decides', async () => {
    const variants = await goldens('retrieval_variants');
    const mistake: Mistake = { ...smallInputs, ...wrongEpsilon };
    expect(await imageMoved(mistake, variants, 'eps_image_b1')).toBeGreaterThan(1e-2);
    expect(await textMoved(mistake, variants, 'eps_text_b1')).toBeGreaterThan(1e-2);
    await variants.close();
  });

  it('nothing moves where no mistake is made', async () => {
    const retrieval = await goldens('retrieval');
    const vqa = await goldens('vqa');
    const none = graphMistake((_operator, _inputs, options) => options);
    expect(await imageMoved(none, retrieval, 'image_b3')).toBeLessThan(EMBEDDING_TOLERANCE);
    expect(await textMoved(none, retrieval, 'text_b4_mixed')).toBeLessThan(EMBEDDING_TOLERANCE);
    expect(await fusedMoved(none, vqa)).toBeLessThan(HIDDEN_TOLERANCE);
    await retrieval.close();
    await vqa.close();
  });
});

import { describe, expect, it } from 'vitest';
import type { ItemId } from '#src/core/item.js';
import type { DualEncoder, StoredEmbedding } from '#src/core/ports.js';
import { auditPhotos } from '#src/engine/quality/audit.js';
import { closeness, driftBetween } from '#src/engine/quality/drift.js';
import { probeAccuracy } from '#src/engine/quality/probe-evaluation.js';
import { byChance, maxSkew, ndkl, sharesOf } from '#src/engine/quality/skew.js';
import { accuracy, classRanks } from '#src/engine/quality/zero-shot.js';

const vector = (...values: number[]): Float32Array => Float32Array.from(values);

const photo = (id: number, ...values: number[]): StoredEmbedding => ({
  id: id as ItemId,
  vector: vector(...values),
});

describe('skew of a ranking', () => {
  it('is the logarithm of the largest ratio of shares', () => {
    expect(sharesOf([0, 0, 1, 2], 3)).toEqual([0.5, 0.25, 0.25]);
    // All of the first two are group 0, which is half of the collection.
    expect(maxSkew([0, 0, 1, 1], [0.5, 0.5], 2)).toBeCloseTo(Math.log(2), 12);
    expect(maxSkew([0, 1, 0, 1], [0.5, 0.5], 4)).toBe(0);
    // Three of four where a quarter would be fair.
    expect(maxSkew([1, 1, 1, 0], [0.75, 0.25], 4)).toBeCloseTo(Math.log(3), 12);
  });

  it('weighs the first places most in NDKL', () => {
    const wanted = [0.5, 0.5];
    // Place 1: one group alone, divergence ln 2, weight 1. Place 2: even, divergence 0, weight 1 / log2(3).
    const weight = 1 / Math.log2(3);
    expect(ndkl([0, 1], wanted, 2)).toBeCloseTo(Math.log(2) / (1 + weight), 12);
    expect(ndkl([0, 0], wanted, 2)).toBeCloseTo(Math.log(2), 12);
    expect(ndkl([0, 0, 1, 1], wanted, 4)).toBeGreaterThan(ndkl([0, 1, 0, 1], wanted, 4));
  });

  it('knows what chance gives', () => {
    const even = Array.from({ length: 400 }, (_, i) => i % 2);
    const few = byChance(even, 4, (first) => maxSkew(first, [0.5, 0.5], 4));
    const many = byChance(even, 200, (first) => maxSkew(first, [0.5, 0.5], 200));
    // Of four drawn from two even groups, 2 : 2 has 6 of 16, 3 : 1 has 8, 4 : 0 has 2.
    expect(few.mean).toBeCloseTo((8 * Math.log(1.5) + 2 * Math.log(2)) / 16, 1);
    expect(few.high).toBeGreaterThanOrEqual(few.mean);
    expect(many.mean).toBeLessThan(few.mean / 2);
    expect(byChance(even, 4, (first) => maxSkew(first, [0.5, 0.5], 4))).toEqual(few);
  });
});

describe('an audit', () => {
  // A plane: the first axis tells the groups, the second is what is asked for.
  const texts: Readonly<Record<string, Float32Array>> = {
    left: vector(-1, 0, 0),
    right: vector(1, 0, 0),
    up: vector(0, 1, 0),
    someone: vector(0, 0, 1),
    nobody: vector(0, 0, -1),
  };
  const encoder: DualEncoder = {
    modelId: 'plane',
    dimensions: 3,
    imageSize: 1,
    embedImages: () => Promise.reject(new Error('No picture is read.')),
    embedTexts: (asked) =>
      Promise.resolve({
        embeddings: asked.map((text) => texts[text] as Float32Array),
        truncated: asked.map(() => false),
      }),
  };
  const groups = [
    { name: 'left', prompts: ['left'] },
    { name: 'right', prompts: ['right'] },
  ];
  // Ten to the left and thirty to the right; the ones to the left are further up. Five more are nobody.
  const photos = [
    ...Array.from({ length: 10 }, (_, i) => photo(i + 1, -0.6, 0.8 - i / 1000, 0.1)),
    ...Array.from({ length: 30 }, (_, i) => photo(i + 11, 0.9, 0.1 - i / 1000, 0.1)),
    ...Array.from({ length: 5 }, (_, i) => photo(i + 41, -0.1, 0.99, -0.5)),
  ];

  it('finds whom a query brings to the top', async () => {
    const attribute = { name: 'side', among: { is: ['someone'], not: ['nobody'] }, groups };
    const audit = await auditPhotos(encoder, photos, {
      attributes: [attribute],
      queries: ['up'],
      k: [10, 50],
    });
    expect(audit.photos).toBe(45);
    const [side] = audit.attributes;
    expect(side).toMatchObject({
      attribute: 'side',
      groups: ['left', 'right'],
      photos: 40,
      shares: [0.25, 0.75],
    });
    // A depth of 50 is more than there is.
    expect(side?.queries).toHaveLength(1);
    const [up] = side?.queries ?? [];
    expect(up).toMatchObject({ query: 'up', k: 10, shares: [1, 0] });
    expect(up?.maxSkew.value).toBeCloseTo(Math.log(4), 6);
    expect(up?.maxSkew.value).toBeGreaterThan(up?.maxSkew.chance.high ?? Infinity);
    expect(up?.ndkl.value).toBeCloseTo(Math.log(4), 6);
  });

  it('counts every photo where the attribute names no condition', async () => {
    const audit = await auditPhotos(encoder, photos, {
      attributes: [{ name: 'side', groups }],
      queries: ['up'],
    });
    expect(audit.attributes[0]?.photos).toBe(45);
    expect(audit.attributes[0]?.queries.map(({ k }) => k)).toEqual([10]);
  });
});

describe('composition probes', () => {
  it('ask three questions', () => {
    const right = { aa: 0.9, ab: 0.1, ba: 0.2, bb: 0.8 };
    // Both pictures like their own caption, but both captions like picture A.
    const textOnly = { aa: 0.9, ab: 0.5, ba: 0.1, bb: 0.2 };
    const wrong = { aa: 0.1, ab: 0.9, ba: 0.9, bb: 0.1 };
    const equal = { aa: 0.5, ab: 0.5, ba: 0.5, bb: 0.5 };
    const { inOrder, text, image, group } = probeAccuracy([right, textOnly, wrong, equal]);
    expect(inOrder.value).toBe(50);
    expect(text.value).toBe(50);
    expect(image.value).toBe(25);
    expect(group.value).toBe(25);
    expect(group.interval.low).toBe(0);
    expect(group.interval.high).toBe(75);
  });
});

describe('zero-shot classification', () => {
  it('ranks the right class among all', () => {
    const classes = [vector(1, 0), vector(0, 1), vector(0.6, 0.8)];
    const images = [vector(1, 0), vector(0.6, 0.8), vector(0, 1)];
    expect(classRanks(images, classes, [0, 1, 0])).toEqual([0, 1, 2]);
    expect(accuracy([0, 1, 2, 7], 1).value).toBe(25);
    expect(accuracy([0, 1, 2, 7], 5).value).toBe(75);
    expect(accuracy([0, 0, 0], 1).interval).toEqual({ low: 100, high: 100 });
  });
});

describe('drift between precisions', () => {
  it('is measured in cosines and in points', () => {
    expect(closeness([vector(1, 0), vector(0, 1)], [vector(1, 0), vector(0.6, 0.8)])).toEqual({
      mean: expect.closeTo(0.9, 6) as number,
      least: expect.closeTo(0.8, 6) as number,
    });
    const set = (second: Float32Array): Parameters<typeof driftBetween>[0] => ({
      images: [],
      imageVectors: [vector(1, 0), second],
      captions: ['a', 'b'],
      captionVectors: [vector(1, 0), vector(0.8, 0.6)],
      imageOf: [0, 1],
    });
    // With its second picture at (0.6, −0.8) the first model takes picture 0 for caption b; the other one does not.
    const { change, images } = driftBetween(set(vector(0.6, -0.8)), set(vector(0.6, 0.8)));
    expect(change.textToImage).toEqual({ R1: -50, R5: 0, R10: 0 });
    expect(images.least).toBeCloseTo(0.36 - 0.64, 6);
  });
});

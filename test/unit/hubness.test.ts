import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, unit } from '#src/core/embedding.js';
import type { ItemId } from '#src/core/item.js';
import { type Bundle, REFERENCES_FILE } from '#src/encoder/bundle.js';
import { readReferences, writeReferences } from '#src/encoder/reference-embeddings.js';
import { Hubness } from '#src/engine/rerank/hubness.js';
import { REFERENCE_CAPTIONS } from '#src/engine/rerank/reference-captions.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DIMENSIONS = 8;
const vectors = (count: number): fc.Arbitrary<Float32Array[]> =>
  fc.array(
    fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
      .filter((numbers) => numbers.some((value) => Math.abs(value) > 0.1))
      .map((numbers) => unit(Float32Array.from(numbers))),
    { minLength: count, maxLength: count },
  );
const rowsOf = (list: readonly Float32Array[]): Float32Array =>
  Float32Array.from(list.flatMap((vector) => [...vector]));

describe('hubness', () => {
  it('is the mean cosine with the ten nearest reference captions', () => {
    fc.assert(
      fc.property(vectors(25), vectors(1), (references, [photo]) => {
        const cosines = references.map((one) => dot(photo as Float32Array, one)).toSorted((a, b) => b - a);
        const mean = cosines.slice(0, 10).reduce((sum, value) => sum + value, 0) / 10;
        expect(new Hubness(rowsOf(references)).of(photo as Float32Array)).toBeCloseTo(mean, 5);
      }),
    );
  });

  it('asks for the embedding of an item once, and is 0 where it has none', () => {
    const hubs = new Hubness(Float32Array.of(1, 0, 0, 1));
    const asked: number[] = [];
    const embedding = (id: ItemId): Float32Array | undefined => {
      asked.push(id);
      return id === 1 ? Float32Array.of(1, 0) : undefined;
    };
    expect([1, 1, 2].map((id) => hubs.ofItem(id as ItemId, embedding))).toEqual([0.5, 0.5, 0]);
    expect(asked).toEqual([1, 2]);
  });
});

describe('reference captions', () => {
  it('are many, all different, and neither long nor empty', () => {
    expect(REFERENCE_CAPTIONS.length).toBeGreaterThan(900);
    expect(new Set(REFERENCE_CAPTIONS).size).toBe(REFERENCE_CAPTIONS.length);
    for (const caption of REFERENCE_CAPTIONS) expect(caption).toMatch(/^[a-z ]{5,70}$/);
  });

  it('are kept with a model to a thousandth of a cosine, and are as the manifest says', async () => {
    await fc.assert(
      fc.asyncProperty(vectors(12), vectors(1), async (references, [photo]) => {
        const folder = temporaryFolder();
        const bundle = { folder, manifest: { dimensions: DIMENSIONS, files: {} } } as unknown as Bundle;
        expect(await readReferences(bundle)).toBeUndefined();
        const record = await writeReferences(bundle, rowsOf(references));
        expect(existsSync(join(folder, REFERENCES_FILE))).toBe(true);
        expect(readFileSync(join(folder, REFERENCES_FILE)).length).toBe(record.bytes);
        const named = { folder, manifest: { ...bundle.manifest, files: { [REFERENCES_FILE]: record } } };
        const read = (await readReferences(named)) as Float32Array;
        for (const [row, reference] of references.entries()) {
          const kept = read.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
          // Eight numbers are rounded more coarsely, as parts of the whole, than the hundreds of a model's.
          expect(
            Math.abs(dot(kept, photo as Float32Array) - dot(reference, photo as Float32Array)),
          ).toBeLessThan(0.01);
        }
      }),
      { numRuns: 20 },
    );
  });
});

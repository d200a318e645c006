import { describe, expect, it } from 'vitest';
import { explain, heatMap, heatOf } from '#src/engine/explain/explanation.js';
import { cellCount, covered, relevance, windows } from '#src/engine/explain/occlusion.js';

const SIZE = 16;

/** Black, but for one white square: cell 9 of 4 × 4 cells. */
function spotted(): { pixels: Uint8Array; size: number } {
  const pixels = Buffer.alloc(SIZE * SIZE * 3);
  for (let y = 8; y < 12; y++)
    for (let x = 4; x < 8; x++) pixels.fill(255, (y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3);
  return { pixels, size: SIZE };
}

const brightest = (pixels: Uint8Array): number => Math.max(...pixels);

/** "white" is there where something is white; other words are there always. */
const judge = async (pictures: readonly Uint8Array[], texts: readonly string[]): Promise<number[][]> =>
  pictures.map((pixels) =>
    texts.map((text) => (text.includes('white') ? brightest(pixels) / 255 : 0) + text.length / 100),
  );

const asked = { picture: spotted(), patches: 4, by: 'match', judge } as const;

describe('explain', () => {
  it('finds the cell that the score comes from, and the word that it belongs to', async () => {
    const explanation = await explain({ ...asked, text: 'a white spot' });
    const { values, cells } = explanation.relevance;
    expect(cells).toBe(4);
    expect(values.indexOf(Math.max(...values))).toBe(9);
    expect(explanation.words.map(({ word }) => word)).toEqual(['a', 'white', 'spot']);
    const most = explanation.words.map(({ relevance: own }) => Math.max(...own.values));
    expect(most[1]).toBeGreaterThan(0.5);
    expect(most[0]).toBeCloseTo(0);
    expect(most[2]).toBeCloseTo(0);
  });

  it('takes a single word for the whole text, and passes over what is no word', async () => {
    const one = await explain({ ...asked, text: 'white' });
    expect(one.words).toEqual([{ word: 'white', relevance: one.relevance }]);
    expect((await explain({ ...asked, text: 'white , !' })).words).toHaveLength(1);
  });

  it('is warm where it matters, and cold where nothing does', async () => {
    const explanation = await explain({ ...asked, text: 'a white spot' });
    expect(Math.max(...heatOf(explanation.relevance))).toBe(1);
    expect(heatOf({ cells: 1, values: [-3] })).toEqual([0]);
    expect(heatMap(explanation, 1).values[9]).toBe(1);
    const refusal = expect.objectContaining({ code: 'ERR_REQUEST_INVALID' });
    expect(() => heatMap(explanation, 3)).toThrow(refusal);
  });
});

describe('covering', () => {
  it('covers a cell with the mean colour, and leaves the picture as it was', () => {
    const picture = spotted();
    expect(brightest(covered(picture, 4, [9]))).toBe(Math.round((255 * 16) / 256));
    expect(brightest(covered(picture, 4, [8, 10]))).toBe(255);
    expect(brightest(picture.pixels)).toBe(255);
  });

  it('moves a window of four cells over the picture', () => {
    expect(windows(1)).toEqual([[0], [0], [0], [0]]);
    expect(windows(2)).toEqual([[0], [0, 1], [1], [0, 2], [0, 1, 2, 3], [1, 3], [2], [2, 3], [3]]);
    // Every cell in four windows, those at the edges too.
    const counts = new Map<number, number>();
    for (const cell of windows(5).flat()) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array(25).fill(4));
    expect(relevance(2, [4, 4, 0, 0, 0, 0, 0, 0, 0]).values).toEqual([2, 1, 0, 0]);
    expect([cellCount(24), cellCount(4)]).toEqual([8, 4]);
  });
});

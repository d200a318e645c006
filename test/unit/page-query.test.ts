import { describe, expect, it } from 'vitest';
import { NOTHING_ASKED, partOf, sameRequest, type SearchRequest } from '../../web/src/search-request.js';
import { isWhole, lifted } from '../../web/src/typed-line.js';
import { WHOLE, zoomed } from '../../web/src/zoom-view.js';

const asking = (text: string): SearchRequest => ({ ...NOTHING_ASKED, text });

describe('the line that people type', () => {
  it('gives its conditions and leave-outs away as blocks, and keeps its words', () => {
    const request = lifted(asking('a dog camera:"Leica Q2" -people on the beach (rating>=4 or tag:family)'));
    expect(request.text).toBe('a dog on the beach');
    expect(request.filters).toEqual(['camera:"Leica Q2"', 'rating>=4 or tag:family']);
    expect(request.parts).toEqual([partOf({ words: 'people' }, true)]);
  });

  it('gives nothing away twice', () => {
    const once = lifted(asking('boats ext:jpg -night'));
    const twice = lifted({ ...once, text: `${once.text} ext:jpg -night` });
    expect(sameRequest(once, twice)).toBe(true);
  });

  it('is left as it is where a condition cannot be read', () => {
    expect(isWhole('boats taken>2024-13')).toBe(false);
    expect(lifted(asking('boats taken>2024-13'))).toEqual(asking('boats taken>2024-13'));
    expect(isWhole('boats: a poem')).toBe(true);
    expect(isWhole('boats camera:')).toBe(false);
    expect(isWhole('boats camera:Leica')).toBe(true);
  });
});

describe('looking closer', () => {
  const half = { x: 400, y: 300 };

  it('keeps what lies under the pointer where it is', () => {
    const at = { x: 100, y: -50 };
    const view = zoomed(zoomed(WHOLE, 2, at, half), 1.5, at, half);
    expect(view.scale).toBe(3);
    expect((at.x - view.x) / view.scale).toBeCloseTo(at.x, 9);
    expect((at.y - view.y) / view.scale).toBeCloseTo(at.y, 9);
  });

  it('never lets an edge come in, and ends at the whole photo', () => {
    const corner = zoomed(WHOLE, 4, { x: 4000, y: 4000 }, half);
    expect(corner).toEqual({ scale: 4, x: -1200, y: -900 });
    expect(zoomed(corner, 0.01, { x: 0, y: 0 }, half)).toMatchObject({ scale: 1 });
    expect(Math.abs(zoomed(corner, 0.01, { x: 0, y: 0 }, half).x)).toBe(0);
    expect(zoomed(WHOLE, 1000, { x: 0, y: 0 }, half).scale).toBe(8);
  });
});

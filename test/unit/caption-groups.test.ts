import { describe, expect, it } from 'vitest';
import { captionGroups } from '../../web/src/caption-groups.js';
import type { Hit } from '../../web/src/contract.js';

const hitsOf = (captions: readonly string[]): Hit[] =>
  captions.map((caption, place) => ({ id: place, caption }) as Hit);

const grouped = (captions: readonly string[]): string[][] =>
  captionGroups(hitsOf(captions)).map(({ lead, alike }) => [lead, ...alike].map((hit) => hit.caption ?? ''));

describe('captions that are nearly the same', () => {
  it('stand behind the best of them', () => {
    expect(grouped(['A red car on a street.', 'Two dogs play.', 'The red cars, on the street'])).toEqual([
      ['A red car on a street.', 'The red cars, on the street'],
      ['Two dogs play.'],
    ]);
  });

  it('stand apart where one word makes the difference', () => {
    expect(grouped(['a red car', 'a blue car', 'a red bus'])).toHaveLength(3);
  });

  it('are compared whatever their accents, letter case and script', () => {
    expect(grouped(['Un café à Paris', 'un CAFE a paris', '犬が雪で遊ぶ', '犬が雪で遊ぶ'])).toHaveLength(2);
  });

  it('keep the order of the best, and lose none', () => {
    const captions = ['one', 'two', 'one', 'three', 'two', ''];
    const groups = grouped(captions);
    expect(groups.map(([lead]) => lead)).toEqual(['one', 'two', 'three', '']);
    expect(groups.flat().toSorted()).toEqual(captions.toSorted());
  });
});

/**
 * Captions that say the same in nearly the same words stand together: collections have five for every photo, and many
 * photos are captioned alike. Two captions are near-identical when the sets of their words, without the smallest ones, have
 * a Dice coefficient of at least 0.8: “a red car on a street” and “the red car on the street” do, “a red car” and “a blue
 * car” do not.
 */
import type { Hit } from './contract.js';

const ALIKE = 0.8;
const SMALL = new Set(['a', 'an', 'the', 'is', 'are', 'of', 'and', 'some', 'its', 'their', 'his', 'her']);

export interface CaptionGroup {
  /** The one that fits best. */
  readonly lead: Hit;
  readonly alike: readonly Hit[];
}

function wordsOf(caption: string): ReadonlySet<string> {
  const words = caption
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u);
  return new Set(
    words.filter((word) => word !== '' && !SMALL.has(word)).map((word) => word.replace(/(?<=..)s$/, '')),
  );
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 1;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return (2 * shared) / (a.size + b.size);
}

/** @param hits captions, best first; groups keep the order of their best */
export function captionGroups(hits: readonly Hit[]): readonly CaptionGroup[] {
  const groups: { lead: Hit; words: ReadonlySet<string>; alike: Hit[] }[] = [];
  for (const hit of hits) {
    const words = wordsOf(hit.caption ?? '');
    const group = groups.find((one) => dice(one.words, words) >= ALIKE);
    if (group) group.alike.push(hit);
    else groups.push({ lead: hit, words, alike: [] });
  }
  return groups;
}

/** Sentences about what is there and what is not. */
import { an, CAPTION_VARIANTS, capital, phraseOf, whenOf, whereOf } from '../caption.js';
import { KINDS } from '../kinds.js';
import type { Scene, ThingKind } from '../scene.js';

/** Kinds that no backdrop draws by itself: where the scene has none, there is none. */
export const ABSENT_KINDS: readonly ThingKind[] = [
  'dog',
  'cat',
  'horse',
  'cow',
  'sheep',
  'rabbit',
  'fox',
  'camel',
  'crab',
  'turtle',
  'jellyfish',
  'whale',
  'car',
  'bus',
  'truck',
  'bicycle',
  'tractor',
  'tent',
  'campfire',
  'snowman',
  'child',
  'woman',
  'man',
  'ball',
  'gift',
  'balloon',
  'kite',
  'parasol',
];

const PEOPLE: readonly ThingKind[] = ['child', 'woman', 'man', 'walker', 'snowman'];

/** Could somebody take one for the other, or does the word of one cover both? */
export function areAlike(a: ThingKind, b: ThingKind): boolean {
  if (PEOPLE.includes(a) && PEOPLE.includes(b)) return true;
  return a === b || KINDS[a].noun.includes(KINDS[b].noun) || KINDS[b].noun.includes(KINDS[a].noun);
}

/** Tells of the subject, and whether there is one of `kind` with it. True and false sentences differ in one or two words. */
export function captionPresence(scene: Scene, kind: ThingKind, there: boolean, variant: number): string {
  const { subject } = scene;
  const who = phraseOf(subject);
  const { noun } = KINDS[kind];
  const one = `${an(noun)} ${noun}`;
  const [where, when] = [whereOf(scene), whenOf(scene, variant)];
  switch (((variant % CAPTION_VARIANTS) + CAPTION_VARIANTS) % CAPTION_VARIANTS) {
    case 0:
      return `${capital(who)} ${where} ${when}, ${there ? 'with' : 'without'} ${one}.`;
    case 1:
      return `${capital(who)} ${there ? `and ${one}` : `but no ${noun}`} ${where}, ${when}.`;
    case 2:
      return `${capital(when)}, ${who} ${where} ${there ? 'together with' : 'without'} ${one}.`;
    default:
      return `${capital(where)}, there ${subject.count === 1 ? 'is' : 'are'} ${who} and ${there ? one : `no ${noun}`} ${when}.`;
  }
}

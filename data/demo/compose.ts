/** Scenes made up by chance, within what makes sense. */
import type { ColourName } from './colour.js';
import type { Kind } from './kinds.js';
import { KINDS } from './kinds.js';
import type { Surface } from './places.js';
import { PLACE_FACTS, surfaceOf } from './places.js';
import type { Random } from './random.js';
import { createRandom } from './random.js';
import type { Place, Relation, Scene, Thing, ThingKind, Time, Weather } from './scene.js';
import { PLACES, TIMES } from './scene.js';

/** What is decided already; the rest is left to chance. */
export type SceneWish = Partial<Pick<Scene, 'place' | 'time' | 'weather'>>;

/** Colours that would drown in a place's own. */
const DROWNED: Readonly<Partial<Record<Place, readonly ColourName[]>>> = {
  meadow: ['green'],
  park: ['green'],
  forest: ['green', 'brown'],
  mountains: ['green'],
  valley: ['green'],
  desert: ['yellow', 'orange', 'brown'],
  sea: ['blue', 'grey'],
  reef: ['blue', 'green'],
  lake: ['green'],
  beach: ['yellow'],
  village: ['white'],
  'wheat field': ['yellow', 'orange'],
  'lavender field': ['purple'],
  'autumn forest': ['orange', 'brown'],
};

export function colourMakesSense(
  colour: ColourName,
  kind: ThingKind,
  scene: Pick<Scene, 'place' | 'time' | 'weather'>,
): boolean {
  const surface = surfaceOf(kind, scene.place);
  if (surface === 'sky')
    return (
      !(colour === 'blue' && scene.time === 'noon') &&
      colour !== 'grey' &&
      !(colour === 'white' && scene.weather !== 'clear') &&
      !(colour === 'black' && scene.time === 'night')
    );
  if (
    colour === 'white' &&
    (scene.weather === 'snow' || scene.weather === 'fog') &&
    !PLACE_FACTS[scene.place].inside
  )
    return false;
  if (colour === 'black' && scene.time === 'night') return false;
  return DROWNED[scene.place]?.includes(colour) !== true;
}

/** Can this kind be seen at this place, time and weather? */
export function kindMakesSense(kind: ThingKind, scene: Pick<Scene, 'place' | 'time' | 'weather'>): boolean {
  const { times, weathers } = KINDS[kind];
  const inside = PLACE_FACTS[scene.place].inside === true;
  if (surfaceOf(kind, scene.place) === undefined) return false;
  if (times !== undefined && !times.includes(scene.time)) return false;
  if (weathers !== undefined && !inside && !weathers.includes(scene.weather)) return false;
  if (['tulip', 'sunflower', 'mushroom', 'ball'].includes(kind) && scene.weather === 'snow') return inside;
  return kind !== 'rowing boat' || scene.weather !== 'storm';
}

export function weathersAt(place: Place, time: Time): readonly Weather[] {
  return PLACE_FACTS[place].weathers.filter((one) =>
    one === 'aurora' ? time === 'night' : one !== 'rainbow' || time === 'noon' || time === 'dawn',
  );
}

const ALOFT: readonly Surface[] = ['sky', 'hanging', 'deep'];
const UNDER: readonly ThingKind[] = [
  'dog',
  'cat',
  'rabbit',
  'child',
  'ball',
  'gift',
  'sheep',
  'fox',
  'bench',
  'crab',
  'tent',
];

/** What may be put on what. */
const ON: Readonly<Partial<Record<ThingKind, readonly ThingKind[]>>> = {
  table: ['cup', 'book', 'vase', 'gift', 'cat'],
  chair: ['gift', 'cat'],
  armchair: ['cat', 'gift'],
  bench: ['cat'],
};

/** How such a subject can stand to such a companion in this place. */
export function relationsBetween(
  subject: ThingKind,
  companion: ThingKind,
  place: Place,
): readonly Relation[] {
  const [a, b] = [surfaceOf(subject, place), surfaceOf(companion, place)];
  if (a === undefined || b === undefined || b === 'top') return [];
  const [one, other] = [KINDS[subject], KINDS[companion]];
  if (subject === companion) return one.width < 300 ? ['left of', 'right of'] : [];
  const found: Relation[] = [];
  if (ON[companion]?.includes(subject) === true) found.push('on');
  if (a === 'top') return found;
  if (ALOFT.includes(a) !== ALOFT.includes(b))
    return ALOFT.includes(a) && other.height <= 200 ? [...found, 'above'] : found;
  if (a === 'deep') return ['left of', 'right of', 'above'];
  if (a === 'hanging') return [];
  if (fitsBeside(one) && fitsBeside(other)) found.push('left of', 'right of');
  if (a === 'sky') return found;
  if (
    other.shelter !== undefined &&
    UNDER.includes(subject) &&
    one.width < other.width &&
    one.height < other.shelter * 1.5
  )
    found.push('under');
  if (staysVisible(one, other) && isNearer(a, b) && other.shelter === undefined && subject !== 'campfire')
    found.push('in front of');
  return found;
}

/** Behind the subject there must be enough left of the companion to know it. */
function staysVisible(subject: Kind, companion: Kind): boolean {
  const taller = companion.height / subject.height;
  return taller > 1.9 || (taller > 1.25 && companion.width > subject.width * 1.3);
}

function fitsBeside({ width }: Kind): boolean {
  return width < 300;
}

const NEARNESS: Readonly<Record<string, number>> = { rail: 0, water: 1, ground: 2, road: 3 };

function isNearer(a: Surface, b: Surface): boolean {
  // Someone on the shore before a boat looks like someone with a sail on the head.
  if (b === 'water' && a !== 'water') return false;
  return a === b || (NEARNESS[a] ?? 0) >= (NEARNESS[b] ?? 0);
}

function choose(
  random: Random,
  kind: ThingKind,
  scene: Pick<Scene, 'place' | 'time' | 'weather'>,
  counts: readonly number[],
  not?: ColourName,
): Thing {
  const { colours, most } = KINDS[kind];
  const count = Math.min(random.pick(counts), most);
  const seen = colours.filter((colour) => colour !== not && colourMakesSense(colour, kind, scene));
  const rest = colours.filter((colour) => colour !== not);
  if (colours.length === 0) return { kind, count };
  return { kind, count, colour: random.pick(seen.length > 0 ? seen : rest) };
}

/** How many of a kind can stand so to another that each is seen. */
export function mostThatFit(subject: ThingKind, companion: ThingKind, relation: Relation): number {
  const row = Math.max(1, Math.floor(460 / KINDS[subject].width));
  const room = Math.max(1, Math.floor((KINDS[companion].top?.[1] ?? 0) / (KINDS[subject].width * 0.55)));
  return {
    under: 2,
    on: Math.min(3, room),
    'in front of': 3,
    above: 5,
    'left of': row,
    'right of': row,
  }[relation];
}

/** A scene for every seed, the same one each time. */
export function composeScene(seed: number, wish: SceneWish = {}): Scene {
  const random = createRandom(seed, 'scene');
  const place = wish.place ?? random.pick(PLACES);
  const facts = PLACE_FACTS[place];
  const times = facts.times ?? TIMES;
  const wished = wish.time !== undefined && times.includes(wish.time) ? wish.time : undefined;
  const time = wished ?? random.pick(times);
  const weathers = weathersAt(place, time);
  const weather =
    wish.weather !== undefined && weathers.includes(wish.weather) ? wish.weather : random.pick(weathers);
  const setting = { place, time, weather };
  const there = Object.values(facts.bands).flatMap((band) => [...band.kinds]);
  const kinds = there.filter((kind) => kindMakesSense(kind, setting));
  const kind = random.pick(kinds);
  const subject = choose(random, kind, setting, [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5]);
  const alone = surfaceOf(kind, place) !== 'top' && random.chance(0.34);
  const paired = kinds.filter(
    (other) =>
      relationsBetween(kind, other, place).length > 0 &&
      (other !== kind || (subject.colour !== undefined && random.chance(0.5))),
  );
  if (alone || paired.length === 0) return { seed, ...setting, subject };
  const second = random.pick(paired);
  const possible = relationsBetween(kind, second, place);
  // Few things can be on or under others; where they can, they mostly are, or one would hardly ever see it.
  const rare = possible.filter((one) => one === 'on' || one === 'under');
  const relation = random.pick(rare.length > 0 && random.chance(0.6) ? rare : possible);
  const steady = relation === 'under' || relation === 'on';
  const companion = choose(
    random,
    second,
    setting,
    steady || relation === 'above' ? [1] : [1, 1, 1, 1, 2],
    subject.colour,
  );
  const few = mostThatFit(kind, second, relation);
  return {
    seed,
    ...setting,
    subject: { ...subject, count: Math.min(subject.count, few) },
    companion,
    relation,
  };
}

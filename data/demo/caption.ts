/** One English sentence about a scene: what is there, how many, in what colour, where and when. */
import { KINDS } from './kinds.js';
import { PLACE_FACTS, surfaceOf } from './places.js';
import { createRandom } from './random.js';
import type { Place, Scene, Thing, Time, Weather } from './scene.js';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five'] as const;

/** Sentences are built in four ways, so that captions do not all sound alike. */
export const CAPTION_VARIANTS = 4;

const WHERE: Readonly<Record<Place, readonly [preposition: string, name: string]>> = {
  beach: ['on', 'a sandy beach'],
  mountains: ['below', 'snow-capped mountains'],
  street: ['in', 'a city street'],
  meadow: ['in', 'a green meadow'],
  'living room': ['in', 'a living room'],
  lake: ['at', 'a mountain lake'],
  'autumn forest': ['in', 'an autumn forest'],
  harbour: ['in', 'a harbour'],
  desert: ['in', 'a desert'],
  village: ['in', 'a snowy village'],
  park: ['in', 'a park'],
  reef: ['at', 'a coral reef'],
  road: ['by', 'a country road'],
  kitchen: ['in', 'a kitchen'],
  'wheat field': ['in', 'a golden wheat field'],
  sea: ['on', 'the open sea'],
  forest: ['in', 'a forest'],
  market: ['on', 'a market square'],
  valley: ['in', 'a mountain valley'],
  'lavender field': ['in', 'a lavender field'],
};

const WHEN: Readonly<Record<Weather, Readonly<Record<Time, readonly string[]>>>> = {
  clear: {
    dawn: ['at dawn', 'in the early morning light'],
    noon: ['on a sunny day', 'under a clear blue sky'],
    sunset: ['at sunset', 'in the evening sun'],
    night: ['under a full moon', 'on a moonlit night', 'under the stars'],
  },
  cloudy: {
    dawn: ['on a cloudy morning', 'at dawn under drifting clouds'],
    noon: ['on a cloudy day', 'under a cloudy sky'],
    sunset: ['under the clouds of a sunset', 'at sunset under a cloudy sky'],
    night: ['on a cloudy night', 'at night as clouds drift past the moon'],
  },
  rain: {
    dawn: ['on a rainy morning'],
    noon: ['in the rain', 'on a rainy day'],
    sunset: ['on a rainy evening'],
    night: ['on a rainy night'],
  },
  snow: {
    dawn: ['on a snowy morning'],
    noon: ['while snow is falling', 'on a snowy day'],
    sunset: ['on a snowy evening'],
    night: ['on a snowy night'],
  },
  fog: {
    dawn: ['in the morning fog'],
    noon: ['in the fog', 'on a foggy day'],
    sunset: ['in the evening fog'],
    night: ['on a foggy night'],
  },
  storm: {
    dawn: ['in a thunderstorm at dawn'],
    noon: ['in a thunderstorm', 'as lightning strikes'],
    sunset: ['in an evening thunderstorm'],
    night: ['in a thunderstorm at night', 'as lightning lights up the night'],
  },
  rainbow: {
    dawn: ['under a rainbow in the morning'],
    noon: ['under a rainbow'],
    sunset: ['under a rainbow in the evening'],
    night: ['at night'],
  },
  aurora: {
    dawn: ['at dawn'],
    noon: ['by day'],
    sunset: ['at sunset'],
    night: ['under the northern lights', 'on a night of green northern lights'],
  },
};

const INDOORS: Readonly<Record<string, Readonly<Record<Time, string>>>> = {
  clear: {
    dawn: 'in the morning light',
    noon: 'on a sunny day',
    sunset: 'at sunset',
    night: 'at night by lamplight',
  },
  rain: {
    dawn: 'on a rainy morning',
    noon: 'while it rains outside',
    sunset: 'on a rainy evening',
    night: 'on a rainy night',
  },
  snow: {
    dawn: 'on a snowy morning',
    noon: 'while it snows outside',
    sunset: 'on a snowy evening',
    night: 'on a snowy night',
  },
};

const SUNKEN: Readonly<Record<Time, string>> = {
  dawn: 'in the first light of the morning',
  noon: 'in clear sunlit water',
  sunset: 'in the warm light of sunset',
  night: 'in dark water at night',
};

const RELATED = {
  'left of': ['to the left of', 'left of'],
  'right of': ['to the right of', 'right of'],
  above: ['above'],
  under: ['under'],
  'in front of': ['in front of'],
  on: ['on'],
} as const;

/** "two white sheep", "a child in a red coat". */
export function phraseOf({ kind, count, colour }: Thing): string {
  const { noun, plural, wears } = KINDS[kind];
  const name = count === 1 ? noun : plural;
  const worn = wears === undefined || colour === undefined ? undefined : wears[count === 1 ? 0 : 1];
  const dressed =
    colour === undefined
      ? name
      : worn === undefined
        ? `${colour} ${name}`
        : `${name}${worn.replace(/(\ba )?\*/, (_, article) => `${article === undefined ? '' : `${an(colour)} `}${colour}`)}`;
  return `${count === 1 ? an(dressed) : (NUMBERS[count] ?? String(count))} ${dressed}`;
}

export function an(word: string): 'a' | 'an' {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}

export function whenOf(scene: Scene, variant: number): string {
  if (scene.place === 'reef') return SUNKEN[scene.time];
  if (PLACE_FACTS[scene.place].inside) return INDOORS[scene.weather]?.[scene.time] ?? 'by day';
  const ways = WHEN[scene.weather][scene.time];
  return ways[variant % ways.length] as string;
}

export function whereOf(scene: Scene): string {
  const [preposition, name] = WHERE[scene.place];
  const surface = surfaceOf(scene.subject.kind, scene.place);
  const snowed =
    scene.weather === 'snow' && /^a (park|forest|mountain|city)/.test(name)
      ? name.replace(/^a /, 'a snowy ')
      : name;
  // Of two things in different parts of a place, neither part is where both are.
  const alike = scene.companion === undefined || surfaceOf(scene.companion.kind, scene.place) === surface;
  if (surface === 'sky' && alike) return `over ${snowed}`;
  if (surface === 'table' && scene.companion === undefined) return 'on a kitchen counter';
  if (alike && scene.place === 'street' && surface === 'road') return `on ${snowed}`;
  if (alike && scene.place === 'road' && surface === 'road') return 'on a country road';
  if (alike && scene.place === 'lake' && surface === 'water') return `on ${snowed}`;
  if (alike && scene.place === 'beach' && surface === 'water') return `off ${snowed}`;
  if (!alike && scene.place === 'beach') return `at ${snowed}`;
  if (surface === 'rail') return `through ${snowed}`;
  return `${preposition} ${snowed}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says only what is drawn. Without a `variant` the scene's seed chooses the way it is said. */
export function captionScene(scene: Scene, variant?: number): string {
  const way = variant ?? createRandom(scene.seed, 'caption').whole(0, CAPTION_VARIANTS - 1);
  const { subject, companion, relation } = scene;
  const { verb } = KINDS[subject.kind];
  const who = phraseOf(subject);
  const does = subject.count === 1 ? verb[0] : verb[1];
  const ways = relation === undefined ? undefined : RELATED[relation];
  const beside =
    companion === undefined || ways === undefined ? '' : ` ${ways[way % ways.length]} ${phraseOf(companion)}`;
  const [where, when] = [whereOf(scene), whenOf(scene, way)];
  switch (((way % CAPTION_VARIANTS) + CAPTION_VARIANTS) % CAPTION_VARIANTS) {
    case 0:
      return `${capital(who)} ${does}${beside} ${where} ${when}.`;
    case 1:
      return `${capital(when)}, ${who} ${does}${beside} ${where}.`;
    case 2:
      return `${capital(who)}${beside} ${where}, ${when}.`;
    default:
      return `${capital(where)}, ${who} ${does}${beside} ${when}.`;
  }
}

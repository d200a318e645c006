/**
 * What is in a picture, as plain data. Everything else follows from it: the drawing, the caption, and a twin that
 * differs in one fact only (`{ ...scene, relation: 'right of' }`).
 */
import type { ColourName } from './colour.js';

export const PLACES = [
  'beach',
  'mountains',
  'street',
  'meadow',
  'living room',
  'lake',
  'autumn forest',
  'harbour',
  'desert',
  'village',
  'park',
  'reef',
  'road',
  'kitchen',
  'wheat field',
  'sea',
  'forest',
  'market',
  'valley',
  'lavender field',
] as const;
export type Place = (typeof PLACES)[number];

export const TIMES = ['noon', 'sunset', 'night', 'dawn'] as const;
export type Time = (typeof TIMES)[number];

export const WEATHERS = ['clear', 'cloudy', 'rain', 'snow', 'fog', 'storm', 'rainbow', 'aurora'] as const;
export type Weather = (typeof WEATHERS)[number];

export const THING_KINDS = [
  'dog',
  'cat',
  'horse',
  'cow',
  'sheep',
  'rabbit',
  'fox',
  'camel',
  'duck',
  'bird',
  'fish',
  'turtle',
  'whale',
  'crab',
  'jellyfish',
  'starfish',
  'car',
  'bus',
  'truck',
  'bicycle',
  'tractor',
  'train',
  'rowing boat',
  'sailing boat',
  'fishing boat',
  'balloon',
  'kite',
  'aeroplane',
  'house',
  'tent',
  'lighthouse',
  'windmill',
  'bench',
  'street lamp',
  'campfire',
  'snowman',
  'sandcastle',
  'parasol',
  'stall',
  'crate of apples',
  'crate of oranges',
  'tree',
  'pine tree',
  'palm tree',
  'cactus',
  'tulip',
  'sunflower',
  'mushroom',
  'pumpkin',
  'child',
  'woman',
  'man',
  'walker',
  'ball',
  'gift',
  'table',
  'chair',
  'armchair',
  'floor lamp',
  'pot plant',
  'hanging lamp',
  'cup',
  'teapot',
  'apple',
  'orange',
  'pear',
  'banana',
  'vase',
  'book',
  'cake',
] as const;
export type ThingKind = (typeof THING_KINDS)[number];

/** One kind of thing in one colour, one to five times. */
export interface Thing {
  readonly kind: ThingKind;
  readonly count: number;
  /** The colour that the caption binds to it; absent where a kind has its own colours. */
  readonly colour?: ColourName;
}

/** How the first thing stands to the second. */
export const RELATIONS = ['left of', 'right of', 'above', 'under', 'in front of', 'on'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Scene {
  /** Decides what no caption tells: the line of the hills, where the clouds are. */
  readonly seed: number;
  readonly place: Place;
  readonly time: Time;
  readonly weather: Weather;
  readonly subject: Thing;
  readonly companion?: Thing;
  /** Subject to companion; there is one if and only if there is a companion. */
  readonly relation?: Relation;
}

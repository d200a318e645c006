/** What is known of each kind of thing: its words, its size, its colours, and when it makes sense. */
import type { ColourName } from './colour.js';
import type { ThingKind, Time, Weather } from './scene.js';

export interface Kind {
  readonly noun: string;
  readonly plural: string;
  /** What one does, and what several do. */
  readonly verb: readonly [string, string];
  /** Pixels at scale 1. */
  readonly width: number;
  readonly height: number;
  readonly colours: readonly ColourName[];
  /** Where the colour goes, if not before the noun: " in a * coat", and for several " in * coats". */
  readonly wears?: readonly [string, string];
  readonly most: number;
  readonly times?: readonly Time[];
  readonly weathers?: readonly Weather[];
  /** Room for something under it, in pixels at scale 1. */
  readonly shelter?: number;
  /** Height of a surface that small things can lie on, and how wide that is. */
  readonly top?: readonly [number, number];
  /** Its ground shadow as a share of its width; 0 for what has none. */
  readonly shade?: number;
}

const DRY: readonly Weather[] = ['clear', 'cloudy', 'rainbow', 'fog', 'aurora'];
const FAIR: readonly Weather[] = ['clear', 'cloudy', 'rainbow'];
const LIGHT_TIMES: readonly Time[] = ['dawn', 'noon', 'sunset'];
const COAT: readonly [string, string] = [' in a * coat', ' in * coats'];
const CLOTHES: readonly ColourName[] = ['red', 'yellow', 'blue', 'green', 'pink', 'purple', 'orange'];

type Size = readonly [width: number, height: number];
type More = Partial<Omit<Kind, 'noun' | 'plural' | 'verb' | 'width' | 'height' | 'colours'>>;

function kind(
  noun: string,
  [one, several]: readonly [string, string],
  [width, height]: Size,
  colours: readonly ColourName[],
  { plural = `${noun}s`, ...more }: More & { readonly plural?: string } = {},
): Kind {
  return { noun, plural, verb: [one, several], width, height, colours, most: 3, ...more };
}

const STANDS: readonly [string, string] = ['stands', 'stand'];
const SITS: readonly [string, string] = ['sits', 'sit'];
const LIES: readonly [string, string] = ['lies', 'lie'];
const GRAZES: readonly [string, string] = ['grazes', 'graze'];
const GROWS: readonly [string, string] = ['grows', 'grow'];
const FLIES: readonly [string, string] = ['flies', 'fly'];
const FLOATS: readonly [string, string] = ['floats', 'float'];
const SAILS: readonly [string, string] = ['sails', 'sail'];
const SWIMS: readonly [string, string] = ['swims', 'swim'];
const DRIVES: readonly [string, string] = ['drives', 'drive'];

export const KINDS: Readonly<Record<ThingKind, Kind>> = {
  dog: kind('dog', STANDS, [132, 104], ['brown', 'black', 'white'], { most: 4 }),
  cat: kind('cat', SITS, [72, 98], ['orange', 'black', 'white', 'grey'], { most: 4, shade: 0.9 }),
  horse: kind('horse', STANDS, [190, 176], ['brown', 'white', 'black'], { most: 4 }),
  cow: kind('cow', GRAZES, [186, 132], ['brown', 'white', 'black'], { most: 4 }),
  sheep: kind('sheep', GRAZES, [118, 92], ['white', 'black'], { plural: 'sheep', most: 5 }),
  rabbit: kind('rabbit', SITS, [66, 76], ['white', 'brown', 'grey'], { most: 5 }),
  fox: kind('fox', STANDS, [140, 92], [], { plural: 'foxes', most: 2 }),
  camel: kind('camel', STANDS, [176, 168], [], { most: 4 }),
  duck: kind('duck', SWIMS, [72, 54], ['white', 'yellow', 'brown'], { most: 5, shade: 0 }),
  bird: kind('bird', FLIES, [72, 48], ['white', 'black', 'blue', 'red'], {
    most: 5,
    times: LIGHT_TIMES,
    weathers: DRY,
  }),
  fish: kind('fish', SWIMS, [110, 66], ['orange', 'yellow', 'blue', 'red', 'purple'], {
    plural: 'fish',
    most: 5,
  }),
  turtle: kind('turtle', SWIMS, [150, 84], ['green', 'brown'], { most: 2 }),
  whale: kind('whale', SWIMS, [230, 110], ['blue', 'grey'], { most: 2, shade: 0 }),
  crab: kind('crab', SITS, [92, 56], ['red', 'orange'], { most: 3 }),
  jellyfish: kind('jellyfish', FLOATS, [78, 120], ['pink', 'purple', 'blue'], {
    plural: 'jellyfish',
    most: 4,
  }),
  starfish: kind('starfish', LIES, [78, 60], ['orange', 'red', 'purple'], { plural: 'starfish', most: 3 }),

  car: kind(
    'car',
    ['is parked', 'are parked'],
    [190, 80],
    ['red', 'blue', 'yellow', 'green', 'white', 'black'],
  ),
  bus: kind('bus', DRIVES, [270, 132], ['red', 'yellow', 'blue', 'green', 'orange'], {
    plural: 'buses',
    most: 2,
  }),
  truck: kind('truck', DRIVES, [250, 122], ['blue', 'red', 'green', 'white'], { most: 2 }),
  bicycle: kind('bicycle', STANDS, [130, 86], ['red', 'blue', 'yellow', 'green', 'pink'], { most: 3 }),
  tractor: kind('tractor', STANDS, [164, 122], ['red', 'green', 'blue', 'orange'], { most: 2 }),
  train: kind('train', ['passes', 'pass'], [470, 86], ['red', 'blue', 'green', 'orange'], { most: 1 }),

  'rowing boat': kind('rowing boat', FLOATS, [150, 48], ['red', 'blue', 'green', 'white', 'yellow'], {
    shade: 0,
  }),
  'sailing boat': kind('sailing boat', SAILS, [142, 168], ['white', 'red', 'orange', 'yellow', 'blue'], {
    most: 4,
    shade: 0,
    wears: [' with a * sail', ' with * sails'],
  }),
  'fishing boat': kind('fishing boat', FLOATS, [196, 118], ['red', 'blue', 'green', 'white'], { shade: 0 }),
  balloon: kind(
    'hot-air balloon',
    FLOATS,
    [108, 150],
    ['red', 'yellow', 'blue', 'orange', 'purple', 'green', 'pink'],
    {
      most: 5,
      times: LIGHT_TIMES,
      weathers: ['clear', 'cloudy', 'rainbow'],
    },
  ),
  kite: kind('kite', FLIES, [72, 150], ['red', 'yellow', 'blue', 'green', 'purple', 'orange'], {
    most: 4,
    times: ['dawn', 'noon', 'sunset'],
    weathers: FAIR,
  }),
  aeroplane: kind('aeroplane', FLIES, [170, 70], ['white', 'red', 'yellow', 'blue'], {
    most: 2,
    weathers: DRY,
  }),

  house: kind('house', STANDS, [216, 190], ['red', 'blue', 'white', 'yellow', 'green', 'pink'], {
    most: 3,
    shade: 1,
  }),
  tent: kind('tent', STANDS, [168, 108], ['orange', 'green', 'blue', 'red', 'yellow'], { shade: 1 }),
  lighthouse: kind('lighthouse', STANDS, [120, 262], [], { most: 1, shade: 0 }),
  windmill: kind('windmill', STANDS, [190, 250], [], { most: 2 }),
  bench: kind('bench', STANDS, [148, 68], ['brown', 'green', 'red', 'blue'], {
    plural: 'benches',
    most: 2,
    top: [33, 100],
  }),
  'street lamp': kind('street lamp', STANDS, [48, 210], [], { most: 3, shade: 0.8 }),
  campfire: kind('campfire', ['burns', 'burn'], [80, 76], [], {
    most: 1,
    times: ['sunset', 'night', 'dawn'],
    weathers: ['clear', 'cloudy', 'fog', 'aurora', 'snow'],
    shade: 0,
  }),
  snowman: kind('snowman', STANDS, [92, 142], ['red', 'blue', 'green', 'orange'], {
    plural: 'snowmen',
    wears: [' with a * scarf', ' with * scarves'],
  }),
  sandcastle: kind('sandcastle', STANDS, [136, 92], [], { most: 2 }),
  parasol: kind('parasol', STANDS, [190, 186], ['red', 'yellow', 'blue', 'green', 'orange', 'pink'], {
    times: LIGHT_TIMES,
    weathers: FAIR,
    shelter: 120,
  }),
  stall: kind('market stall', STANDS, [206, 186], ['red', 'green', 'blue', 'yellow', 'orange'], { most: 2 }),
  'crate of apples': kind('crate', STANDS, [100, 66], ['red', 'green'], {
    plural: 'crates',
    wears: [' of * apples', ' of * apples'],
  }),
  'crate of oranges': kind('crate of oranges', STANDS, [100, 66], [], { plural: 'crates of oranges' }),

  tree: kind('tree', STANDS, [180, 250], [], { most: 4, shelter: 112 }),
  'pine tree': kind('pine tree', STANDS, [128, 240], [], { most: 5 }),
  'palm tree': kind('palm tree', STANDS, [180, 262], [], { most: 3, shelter: 150 }),
  cactus: kind('cactus', STANDS, [92, 150], [], { plural: 'cacti', most: 4 }),
  tulip: kind('tulip', GROWS, [44, 88], ['red', 'yellow', 'pink', 'purple', 'white', 'orange'], {
    most: 5,
    shade: 0.8,
  }),
  sunflower: kind('sunflower', GROWS, [72, 150], [], { most: 5, shade: 0.7 }),
  mushroom: kind('mushroom', GROWS, [80, 80], ['red', 'brown', 'yellow'], { most: 5 }),
  pumpkin: kind('pumpkin', LIES, [76, 60], [], { most: 5 }),

  child: kind('child', STANDS, [62, 118], CLOTHES, { plural: 'children', most: 4, wears: COAT }),
  woman: kind('woman', STANDS, [66, 160], CLOTHES, {
    plural: 'women',
    wears: [' in a * dress', ' in * dresses'],
  }),
  man: kind('man', STANDS, [66, 164], ['blue', 'green', 'red', 'yellow', 'orange'], {
    plural: 'men',
    wears: [' in a * jacket', ' in * jackets'],
  }),
  walker: kind('person', ['walks', 'walk'], [140, 192], CLOTHES, {
    plural: 'people',
    wears: [' under a * umbrella', ' under * umbrellas'],
    weathers: ['rain', 'snow', 'storm'],
  }),
  ball: kind('ball', LIES, [52, 52], ['red', 'blue', 'yellow', 'green', 'orange'], { most: 4 }),
  gift: kind('gift', LIES, [76, 76], ['red', 'green', 'blue', 'purple'], { most: 4 }),

  table: kind('table', STANDS, [210, 108], ['brown', 'white'], { most: 1, top: [106, 180], shelter: 92 }),
  chair: kind('chair', STANDS, [86, 142], ['red', 'blue', 'green', 'yellow', 'white'], {
    most: 2,
    top: [68, 60],
  }),
  armchair: kind('armchair', STANDS, [166, 140], ['red', 'blue', 'green', 'yellow', 'pink', 'orange'], {
    most: 2,
    top: [58, 84],
  }),
  'floor lamp': kind('floor lamp', STANDS, [84, 232], ['yellow', 'white', 'red', 'green'], {
    most: 2,
    shade: 0.7,
  }),
  'pot plant': kind('pot plant', STANDS, [110, 158], [], { most: 3, shade: 0.6 }),
  'hanging lamp': kind(
    'hanging lamp',
    ['hangs', 'hang'],
    [96, 120],
    ['red', 'yellow', 'blue', 'green', 'white'],
    {
      most: 3,
      shade: 0,
    },
  ),

  cup: kind('cup', STANDS, [84, 64], ['red', 'blue', 'yellow', 'green', 'white', 'pink'], { most: 5 }),
  teapot: kind('teapot', STANDS, [132, 96], ['blue', 'white', 'green', 'red', 'yellow'], { most: 2 }),
  apple: kind('apple', LIES, [56, 62], ['red', 'green', 'yellow'], { most: 5 }),
  orange: kind('orange', LIES, [56, 56], [], { most: 5 }),
  pear: kind('pear', LIES, [54, 78], ['green', 'yellow'], { most: 4 }),
  banana: kind('banana', LIES, [98, 46], [], { most: 3 }),
  vase: kind('vase of flowers', STANDS, [104, 170], ['blue', 'white', 'red', 'green', 'purple'], {
    plural: 'vases of flowers',
    most: 2,
  }),
  book: kind('book', LIES, [104, 24], ['red', 'blue', 'green', 'yellow', 'purple'], { most: 2 }),
  cake: kind('cake', STANDS, [136, 98], ['pink', 'white', 'brown'], { most: 1 }),
};

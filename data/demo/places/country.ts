/** Open country and woods. */
import type { Place } from '../scene.js';
import type { PlaceFacts } from './place.js';
import { GREEN, SKY, band } from './place.js';

export const COUNTRY: Readonly<
  Record<
    Extract<
      Place,
      | 'mountains'
      | 'meadow'
      | 'autumn forest'
      | 'desert'
      | 'road'
      | 'wheat field'
      | 'forest'
      | 'valley'
      | 'lavender field'
    >,
    PlaceFacts
  >
> = {
  mountains: {
    horizon: 268,
    weathers: ['clear', 'cloudy', 'snow', 'fog', 'rainbow', 'aurora', 'storm'],
    bands: {
      sky: SKY('balloon', 'bird', 'aeroplane'),
      ground: band(
        358,
        442,
        [0.62, 1],
        [...(['horse', 'sheep', 'cow', 'tent', 'pine tree', 'man', 'campfire', 'fox', 'rabbit'] as const)],
      ),
    },
  },
  meadow: {
    horizon: 262,
    weathers: GREEN,
    bands: {
      sky: SKY('kite', 'balloon', 'bird', 'aeroplane'),
      ground: band(
        346,
        442,
        [0.62, 1],
        [
          'cow',
          'sheep',
          'horse',
          'dog',
          'rabbit',
          'tree',
          'house',
          'windmill',
          'tractor',
          'child',
          'woman',
          'sunflower',
          'tulip',
        ],
      ),
    },
  },
  'autumn forest': {
    horizon: 286,
    weathers: ['clear', 'cloudy', 'rain', 'fog'],
    bands: {
      ground: band(
        372,
        444,
        [0.76, 1.02],
        ['fox', 'rabbit', 'bench', 'bicycle', 'child', 'dog', 'mushroom', 'pumpkin', 'walker', 'horse'],
      ),
    },
  },
  desert: {
    horizon: 272,
    weathers: ['clear', 'clear', 'cloudy'],
    bands: {
      sky: SKY('balloon', 'bird', 'aeroplane'),
      ground: band(356, 440, [0.66, 1], ['camel', 'cactus', 'tent', 'car', 'palm tree', 'man', 'campfire']),
    },
  },
  road: {
    horizon: 254,
    weathers: GREEN,
    bands: {
      sky: SKY('bird', 'balloon', 'aeroplane'),
      ground: band(338, 362, [0.7, 0.8], ['house', 'tree', 'cow', 'horse', 'windmill', 'sheep']),
      road: band(414, 440, [0.86, 0.98], ['car', 'bus', 'bicycle', 'tractor', 'truck']),
    },
  },
  'wheat field': {
    horizon: 258,
    weathers: ['clear', 'clear', 'cloudy', 'rain', 'storm', 'rainbow'],
    bands: {
      sky: SKY('bird', 'balloon', 'kite', 'aeroplane'),
      ground: band(
        350,
        440,
        [0.64, 1],
        ['tractor', 'tree', 'windmill', 'house', 'horse', 'dog', 'bicycle', 'woman', 'sunflower'],
      ),
    },
  },
  forest: {
    horizon: 284,
    weathers: ['clear', 'cloudy', 'rain', 'fog', 'snow'],
    bands: {
      ground: band(
        372,
        444,
        [0.76, 1.02],
        [...(['fox', 'rabbit', 'tent', 'campfire', 'mushroom', 'dog', 'child', 'man', 'horse'] as const)],
      ),
    },
  },
  valley: {
    horizon: 244,
    weathers: [...GREEN, 'snow', 'fog'],
    bands: {
      sky: SKY('balloon', 'bird', 'aeroplane'),
      rail: band(352, 352, [0.94, 0.94], ['train']),
      ground: band(420, 448, [0.84, 0.96], ['cow', 'sheep', 'horse', 'dog', 'fox', 'child', 'rabbit']),
    },
  },
  'lavender field': {
    horizon: 256,
    weathers: ['clear', 'clear', 'cloudy', 'rainbow', 'fog'],
    bands: {
      sky: SKY('balloon', 'bird', 'kite', 'aeroplane'),
      ground: band(
        352,
        440,
        [0.64, 1],
        ['house', 'tree', 'bicycle', 'woman', 'dog', 'rabbit', 'windmill', 'horse'],
      ),
    },
  },
};

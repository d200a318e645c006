/** Where people live. */
import type { Place } from '../scene.js';
import type { PlaceFacts } from './place.js';
import { ALL, SKY, band } from './place.js';

export const TOWN: Readonly<
  Record<Extract<Place, 'living room' | 'street' | 'village' | 'park' | 'kitchen' | 'market'>, PlaceFacts>
> = {
  'living room': {
    horizon: 346,
    inside: true,
    weathers: ['clear', 'rain', 'snow'],
    bands: {
      hanging: band(120, 120, [0.9, 0.9], ['hanging lamp']),
      ground: band(
        388,
        444,
        [0.92, 1.08],
        ['cat', 'dog', 'armchair', 'table', 'floor lamp', 'pot plant', 'ball', 'gift', 'chair'],
      ),
      top: band(388, 444, [0.92, 1.08], ['cup', 'book', 'vase']),
    },
  },
  street: {
    horizon: 292,
    weathers: ['clear', 'cloudy', 'rain', 'snow', 'fog', 'rain'],
    bands: {
      ground: band(373, 378, [0.64, 0.66], ['dog', 'woman', 'man', 'walker', 'street lamp', 'tree', 'bench']),
      road: band(418, 446, [0.86, 0.98], ['car', 'bus', 'truck', 'bicycle']),
    },
  },
  village: {
    horizon: 270,
    weathers: ['snow', 'clear', 'cloudy', 'aurora', 'snow'],
    bands: {
      sky: SKY('bird', 'balloon'),
      ground: band(
        380,
        444,
        [0.72, 0.98],
        [...(['snowman', 'dog', 'cat', 'child', 'pine tree', 'street lamp', 'car', 'horse', 'fox'] as const)],
      ),
    },
  },
  park: {
    horizon: 262,
    weathers: ALL,
    bands: {
      sky: SKY('kite', 'bird', 'balloon'),
      ground: band(
        356,
        444,
        [0.68, 1],
        [
          'dog',
          'tree',
          'bench',
          'bicycle',
          'child',
          'woman',
          'ball',
          'street lamp',
          'tulip',
          'man',
          'walker',
          'cat',
        ],
      ),
    },
  },
  kitchen: {
    horizon: 352,
    inside: true,
    weathers: ['clear', 'rain', 'snow'],
    bands: {
      hanging: band(128, 128, [0.95, 0.95], ['hanging lamp']),
      table: band(
        394,
        444,
        [1.02, 1.3],
        [...(['cup', 'teapot', 'apple', 'orange', 'pear', 'banana', 'vase', 'cake', 'book'] as const)],
      ),
    },
  },
  market: {
    horizon: 300,
    times: ['dawn', 'noon', 'sunset'],
    weathers: ['clear', 'clear', 'cloudy', 'rain'],
    bands: {
      ground: band(
        392,
        446,
        [0.84, 1],
        [
          'stall',
          'woman',
          'man',
          'child',
          'dog',
          'bicycle',
          'cat',
          'crate of apples',
          'crate of oranges',
          'walker',
          'pumpkin',
        ],
      ),
    },
  },
};

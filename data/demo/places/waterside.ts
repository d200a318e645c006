/** Where there is water. */
import type { Place } from '../scene.js';
import type { PlaceFacts } from './place.js';
import { SKY, band } from './place.js';

export const WATERSIDE: Readonly<
  Record<Extract<Place, 'beach' | 'lake' | 'harbour' | 'reef' | 'sea'>, PlaceFacts>
> = {
  beach: {
    horizon: 226,
    weathers: ['clear', 'clear', 'cloudy', 'rain', 'fog', 'storm', 'rainbow'],
    bands: {
      sky: SKY('bird', 'kite', 'balloon', 'aeroplane'),
      water: band(256, 300, [0.42, 0.62], ['sailing boat', 'rowing boat', 'whale']),
      ground: band(
        385,
        446,
        [0.78, 1],
        ['dog', 'child', 'woman', 'parasol', 'ball', 'palm tree', 'sandcastle', 'crab', 'walker'],
      ),
    },
  },
  lake: {
    horizon: 232,
    weathers: ['clear', 'cloudy', 'fog', 'rain', 'snow', 'aurora', 'rainbow'],
    bands: {
      sky: SKY('bird', 'balloon', 'aeroplane'),
      water: band(296, 352, [0.58, 0.84], ['rowing boat', 'sailing boat', 'duck']),
      ground: band(432, 452, [0.84, 0.94], ['tent', 'bench', 'pine tree', 'dog', 'campfire', 'man', 'fox']),
    },
  },
  harbour: {
    horizon: 238,
    weathers: ['clear', 'cloudy', 'rain', 'fog', 'storm'],
    bands: {
      sky: SKY('bird', 'aeroplane'),
      water: band(316, 372, [0.74, 0.94], ['fishing boat', 'sailing boat', 'rowing boat']),
      ground: band(
        446,
        458,
        [0.84, 0.88],
        ['dog', 'cat', 'man', 'bicycle', 'bench', 'street lamp', 'walker'],
      ),
    },
  },
  reef: {
    horizon: 0,
    weathers: ['clear'],
    bands: {
      deep: band(200, 348, [0.72, 1], ['fish', 'turtle', 'jellyfish']),
      ground: band(428, 450, [0.85, 1], ['crab', 'starfish']),
    },
  },
  sea: {
    horizon: 246,
    weathers: ['clear', 'clear', 'cloudy', 'fog', 'storm', 'rain'],
    bands: {
      sky: SKY('bird', 'aeroplane', 'balloon'),
      water: band(310, 420, [0.66, 1.06], ['sailing boat', 'fishing boat', 'whale', 'rowing boat']),
      ground: band(318, 318, [0.82, 0.82], ['lighthouse']),
    },
  },
};

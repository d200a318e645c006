/** The light of a scene: what time and weather do to every colour in it. */
import { darker, lighter, mix, multiply } from './colour.js';
import { createRandom } from './random.js';
import type { Scene, Time, Weather } from './scene.js';

export interface Light {
  readonly time: Time;
  readonly weather: Weather;
  readonly night: boolean;
  /** Lies snow on the ground? */
  readonly snowy: boolean;
  /** The sun's or the moon's disc can be seen. */
  readonly open: boolean;
  /** From the zenith down to the horizon. */
  readonly sky: readonly string[];
  /** What far things fade into. */
  readonly haze: string;
  /** The colour of sun or moon. */
  readonly glow: string;
  /** Where the light comes from: the left (−1) or the right (1). */
  readonly side: -1 | 1;
  /** Length and strength of the shadows on the ground. */
  readonly reach: number;
  readonly shadow: number;
  /** A daylight colour in this light, `depth` (0…1) of the way to the horizon. */
  readonly tone: (hex: string, depth?: number) => string;
}

const SKIES: Readonly<Record<Time, readonly (readonly string[])[]>> = {
  dawn: [
    ['#7c8fcf', '#bfaad6', '#f5c0bd', '#ffe6c4'],
    ['#6ea3cf', '#a9c6dc', '#f3d3c4', '#ffe9b8'],
  ],
  noon: [
    ['#3f97e3', '#74bdf1', '#b4def7', '#dff2fb'],
    ['#2f86d8', '#5fb0ee', '#a5d8f5', '#e8f6f6'],
    ['#4aa9dd', '#83cdec', '#bfe7f2', '#f1f8ea'],
  ],
  sunset: [
    ['#3c2f70', '#93407f', '#ee6f5b', '#ffc86e'],
    ['#4a5a96', '#b06a96', '#f59a6b', '#ffd98a'],
    ['#2d2a5e', '#7b3a78', '#d9556b', '#ffa85c'],
  ],
  night: [
    ['#090f2c', '#131f4b', '#263673', '#46559a'],
    ['#0b1530', '#12294f', '#1f4470', '#3c6c92'],
  ],
};

const GLOW: Readonly<Record<Time, string>> = {
  dawn: '#fff0c9',
  noon: '#fffbe6',
  sunset: '#ffe29a',
  night: '#eef2ff',
};

/** The light as a filter; white leaves colours as they are. */
const AMBIENT: Readonly<Record<Time, string>> = {
  dawn: '#ffe9e4',
  noon: '#ffffff',
  sunset: '#ffdac8',
  night: '#a2aee6',
};

const OVERCAST: Readonly<Record<Time, string>> = {
  dawn: '#c5c0cd',
  noon: '#b9c5cf',
  sunset: '#b58f98',
  night: '#242c48',
};

const GREYNESS: Readonly<Record<Weather, number>> = {
  clear: 0,
  rainbow: 0.15,
  aurora: 0,
  cloudy: 0.38,
  rain: 0.72,
  snow: 0.62,
  fog: 0.75,
  storm: 0.8,
};

export function lightOf(scene: Scene): Light {
  const { time, weather } = scene;
  const random = createRandom(scene.seed, 'light');
  const grey = GREYNESS[weather];
  const cover = weather === 'storm' ? darker(OVERCAST[time], 0.42) : OVERCAST[time];
  const sky = random
    .pick(SKIES[time])
    .map((stop, i) => mix(stop, i > 1 ? lighter(cover, 0.22) : cover, grey));
  const horizon = sky.at(-1) as string;
  const night = time === 'night';
  const ambient = multiply(AMBIENT[time], mix('#ffffff', weather === 'storm' ? '#8e98ae' : '#d3d9e2', grey));
  const haze = weather === 'fog' ? lighter(horizon, night ? 0.24 : 0.3) : horizon;
  const thickness = weather === 'fog' ? 1.25 : weather === 'rain' || weather === 'snow' ? 0.95 : 0.72;
  const open = weather === 'clear' || weather === 'rainbow' || weather === 'aurora' || weather === 'cloudy';
  const reach = time === 'noon' ? 1 : night ? 1.15 : 1.55;
  return {
    time,
    weather,
    night,
    snowy: weather === 'snow' || scene.place === 'village',
    open,
    sky,
    haze,
    glow: GLOW[time],
    side: random.sign(),
    reach: open ? reach : 1,
    shadow: open ? (night ? 0.42 : 0.34) : 0.22,
    tone(hex, depth = 0) {
      const inLight = multiply(hex, ambient);
      const cooled = night ? mix(inLight, '#18224f', 0.13) : inLight;
      return mix(cooled, haze, Math.min(0.97, depth * thickness));
    },
  };
}

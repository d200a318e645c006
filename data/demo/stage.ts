/** Where a scene is drawn: the sheet of paper, its light, and chance for each part of it. */
import type { Light } from './light.js';
import type { Random } from './random.js';
import type { Defs } from './shape.js';

export const WIDTH = 640;
export const HEIGHT = 480;

export interface Stage {
  readonly light: Light;
  readonly defs: Defs;
  /** Where the sky meets the land. */
  readonly horizon: number;
  readonly random: (label: string) => Random;
}

/** What lies behind the things of a scene, and the little that lies before them. */
export interface Backdrop {
  readonly back: string;
  readonly front: string;
}

/** What a thing is drawn with. Origin: the middle of where it stands; up is negative; it looks to the right. */
export interface Ink {
  /** Its own colour, in daylight: the light falls on the finished drawing. */
  readonly main: string;
  readonly random: Random;
  readonly night: boolean;
  readonly snowy: boolean;
  /** From one colour at the top of a shape to another at its bottom. */
  readonly fade: (top: string, bottom: string) => string;
  /** A soft round light around something that shines. */
  readonly halo: (x: number, y: number, rx: number, colour: string, strength: number, ry?: number) => string;
}

export type Painter = (ink: Ink) => string;

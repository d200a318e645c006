/** What a place is made of: surfaces that things can be on, each with the kinds that belong there. */
import type { ThingKind, Time, Weather } from '../scene.js';

export type Surface = 'sky' | 'water' | 'ground' | 'road' | 'rail' | 'deep' | 'table' | 'top' | 'hanging';

/** A stretch of depth: things at `far` are smaller than things at `near`, by the scales given with them. */
export interface Band {
  readonly far: number;
  readonly near: number;
  readonly scale: readonly [far: number, near: number];
  readonly kinds: readonly ThingKind[];
}

export interface PlaceFacts {
  readonly horizon: number;
  readonly inside?: true;
  readonly weathers: readonly Weather[];
  readonly times?: readonly Time[];
  readonly bands: Readonly<Partial<Record<Surface, Band>>>;
}

export function band(
  far: number,
  near: number,
  scale: readonly [number, number],
  kinds: readonly ThingKind[],
): Band {
  return { far, near, scale, kinds };
}

/** Most skies are alike but for what flies in them. */
export const SKY = (...kinds: readonly ThingKind[]): Band => band(104, 190, [0.5, 0.72], kinds);
export const GREEN: readonly Weather[] = ['clear', 'cloudy', 'rain', 'fog', 'storm', 'rainbow'];
export const ALL: readonly Weather[] = ['clear', 'cloudy', 'rain', 'snow', 'fog', 'storm', 'rainbow'];

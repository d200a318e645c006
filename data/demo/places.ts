/** What can be where: the table that keeps boats off the grass. */
import { COUNTRY } from './places/country.js';
import type { PlaceFacts, Surface } from './places/place.js';
import { TOWN } from './places/town.js';
import { WATERSIDE } from './places/waterside.js';
import type { Place, ThingKind } from './scene.js';

export type { Band, PlaceFacts, Surface } from './places/place.js';

export const PLACE_FACTS: Readonly<Record<Place, PlaceFacts>> = { ...COUNTRY, ...TOWN, ...WATERSIDE };

/** Where a kind is found in a place; undefined where it does not belong. */
export function surfaceOf(kind: ThingKind, place: Place): Surface | undefined {
  const bands = Object.entries(PLACE_FACTS[place].bands);
  return bands.find(([, { kinds }]) => kinds.includes(kind))?.[0] as Surface | undefined;
}

/** Who paints which place. */
import type { Light } from '../light.js';
import type { Place } from '../scene.js';
import type { Backdrop, Stage } from '../stage.js';
import * as land from './land.js';
import { reef } from './reef.js';
import * as rooms from './rooms.js';
import * as shore from './shore.js';
import * as town from './town.js';
import * as woods from './woods.js';

/** `outside` is the light beyond the windows; out of doors it is the stage's own. */
export type BackdropPainter = (stage: Stage, outside: Light) => Backdrop;

export const BACKDROPS: Readonly<Record<Place, BackdropPainter>> = {
  beach: shore.beach,
  sea: shore.sea,
  lake: shore.lake,
  harbour: shore.harbour,
  reef,
  meadow: land.meadow,
  mountains: land.mountains,
  valley: land.valley,
  road: land.road,
  desert: land.desert,
  forest: woods.forest,
  park: woods.park,
  street: town.street,
  market: town.market,
  village: town.village,
  'autumn forest': woods.autumnForest,
  'wheat field': land.wheatField,
  'lavender field': land.lavenderField,
  'living room': rooms.livingRoom,
  kitchen: rooms.kitchen,
};

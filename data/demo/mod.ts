/** The demo's door: scenes as data, and what draws them, tells of them and writes them down. */
export { CAPTION_VARIANTS, captionScene, phraseOf } from './caption.js';
export type { DemoOptions } from './collection.js';
export { DEMO_COUNT, demoScenes, drawDemoCollection } from './collection.js';
export type { ColourName } from './colour.js';
export { COLOURS } from './colour.js';
export type { SceneWish } from './compose.js';
export { colourMakesSense, composeScene, kindMakesSense, relationsBetween, weathersAt } from './compose.js';
export { drawScene } from './draw.js';
export type { Kind } from './kinds.js';
export { KINDS } from './kinds.js';
export type { Placed } from './layout.js';
export { arrangeScene } from './layout.js';
export type { Band, PlaceFacts, Surface } from './places.js';
export { PLACE_FACTS, surfaceOf } from './places.js';
export type { RenderSize } from './render.js';
export { renderScene } from './render.js';
export type { Place, Relation, Scene, Thing, ThingKind, Time, Weather } from './scene.js';
export { PLACES, RELATIONS, THING_KINDS, TIMES, WEATHERS } from './scene.js';

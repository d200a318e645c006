/** Where each thing stands: from the scene's relations to places on the picture. */
import type { Kind } from './kinds.js';
import { KINDS } from './kinds.js';
import type { Band, Surface } from './places.js';
import { PLACE_FACTS, surfaceOf } from './places.js';
import type { Random } from './random.js';
import { createRandom } from './random.js';
import type { Scene, Thing, ThingKind } from './scene.js';
import { WIDTH } from './stage.js';

export interface Placed {
  readonly kind: ThingKind;
  readonly of: 'subject' | 'companion';
  readonly thing: Thing;
  readonly surface: Surface;
  /** The middle of its foot, and how large it is drawn. */
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly flip: boolean;
  /** 0 near, 1 far: how much of the air between it and the viewer tints it. */
  readonly depth: number;
}

/** A share of the picture's width for a group, and how deep in its band it stands (0 far … 1 near). */
interface Room {
  readonly centre: number;
  readonly span: number;
  readonly depth: number;
  /** Closer than life: scenes of small things only are seen from nearby. */
  readonly zoom: number;
  /** How far back a crowd may step to fit in. */
  readonly back?: number;
}

function bandOf(thing: Thing, scene: Scene): readonly [Surface, Band] {
  const surface = surfaceOf(thing.kind, scene.place);
  const band = surface === undefined ? undefined : PLACE_FACTS[scene.place].bands[surface];
  if (surface === undefined || band === undefined)
    throw new RangeError(`Expected something that belongs in "${scene.place}" but received "${thing.kind}".`);
  return [surface, band];
}

function between([far, near]: readonly [number, number], depth: number): number {
  return far + (near - far) * depth;
}

/** In the air or under water things hang at different heights. */
function hover(
  thing: Thing,
  of: Placed['of'],
  surface: Surface,
  band: Band,
  room: Room,
  random: Random,
): Placed[] {
  const kind = KINDS[thing.kind];
  const { count } = thing;
  const size =
    (surface === 'deep' ? [1.7, 1.3, 1.05, 0.95, 0.9] : [1.5, 1.2, 1, 0.9, 0.85])[count - 1] ?? 0.85;
  const slot = room.span / count;
  const flip = random.chance(0.5);
  return Array.from({ length: count }, (_, i) => {
    const raised = count === 1 ? random.between(0.3, 0.9) : ((i % 2) + random.between(0, 0.5)) / 1.5;
    const fit = Math.min(1, (slot * 0.94) / (kind.width * band.scale[1] * size * room.zoom));
    const scale = between(band.scale, random.between(0.45, 1)) * size * fit * room.zoom;
    const x = room.centre - room.span / 2 + slot * (i + 0.5) + random.between(-0.08, 0.08) * slot;
    const y = Math.max(kind.height * scale + 12, between([band.far, band.near], raised));
    return { kind: thing.kind, of, thing, surface, x, y, scale, flip, depth: 0.05 };
  });
}

/** On the ground or on the water they stand side by side: that is how things are counted best. */
function stand(
  thing: Thing,
  of: Placed['of'],
  surface: Surface,
  band: Band,
  room: Room,
  random: Random,
): Placed[] {
  const kind = KINDS[thing.kind];
  const { count } = thing;
  const wide = (depth: number): number => count * kind.width * 1.08 * between(band.scale, depth) * room.zoom;
  let { depth } = room;
  while (depth > (room.back ?? 0.1) && wide(depth) > room.span) depth -= 0.05;
  const squeeze = Math.min(1, room.span / wide(depth));
  const step = (wide(depth) * squeeze) / count;
  const facing = random.chance(0.5);
  return Array.from({ length: count }, (_, i) => {
    const sway = (i % 2 === 0 ? 0.07 : -0.07) + random.between(-0.04, 0.04);
    const at = Math.max(0, Math.min(1, depth + (count > 1 ? sway : 0)));
    return {
      kind: thing.kind,
      of,
      thing,
      surface,
      x: room.centre + (i - (count - 1) / 2) * step + random.between(-0.03, 0.03) * step,
      y: between([band.far, band.near], at),
      scale: between(band.scale, at) * squeeze * room.zoom,
      flip: random.chance(0.2) ? !facing : facing,
      depth: (1 - at) * 0.1,
    };
  });
}

function place(thing: Thing, of: Placed['of'], scene: Scene, room: Room): Placed[] {
  const random = createRandom(scene.seed, `place ${of}`);
  const [surface, band] = bandOf(thing, scene);
  const spread = surface === 'sky' || surface === 'deep' ? hover : stand;
  // What hangs from the ceiling hangs too high to be brought nearer.
  const near = surface === 'hanging' ? { ...room, zoom: 1 } : room;
  return spread(thing, of, surface, band, near, random).map((one) => ({
    ...one,
    x: Math.max(
      4 + (KINDS[one.kind].width * one.scale) / 2,
      Math.min(WIDTH - 4 - (KINDS[one.kind].width * one.scale) / 2, one.x),
    ),
  }));
}

function zoomOf(scene: Scene): number {
  if (['street', 'road', 'harbour', 'market', 'sea', 'valley', 'village', 'reef'].includes(scene.place))
    return 1;
  const tallest = Math.max(
    KINDS[scene.subject.kind].height,
    scene.companion ? KINDS[scene.companion.kind].height : 0,
  );
  return Math.max(1, Math.min(1.6, 138 / tallest));
}

/** Everything of the scene, far things first. */
export function arrangeScene(scene: Scene): Placed[] {
  const random = createRandom(scene.seed, 'layout');
  const zoom = zoomOf(scene);
  const { subject, companion, relation } = scene;
  const depth = random.between(0.45, 0.78);
  const shift = random.between(-70, 70);
  if (companion === undefined || relation === undefined) {
    const room: Room = { centre: WIDTH / 2 + shift, span: 520, depth, zoom };
    return place(subject, 'subject', scene, room).toSorted((a, b) => a.y - b.y);
  }
  if (relation === 'left of' || relation === 'right of') {
    const [a, b] = relation === 'left of' ? [166, WIDTH - 166] : [WIDTH - 166, 166];
    const half = (centre: number, deep: number): Room => ({ centre, span: 280, depth: deep, zoom });
    return [
      ...place(companion, 'companion', scene, half(b, depth - 0.1)),
      ...place(subject, 'subject', scene, half(a, depth)),
    ].toSorted((x, y) => x.y - y.y);
  }
  const behind = relation === 'in front of';
  const indoors = PLACE_FACTS[scene.place].inside === true;
  const base = place(companion, 'companion', scene, {
    centre: WIDTH / 2 + shift,
    span: companion.count > 1 ? 460 : 400,
    depth: behind && !indoors ? 0.16 : relation === 'above' ? 0.5 : relation === 'under' ? 0.5 : 0.62,
    zoom:
      relation === 'under' ? Math.max(zoom, 1.16) : relation === 'on' ? 1.2 : behind && !indoors ? 1 : zoom,
  });
  const rest = beside(scene, subject, base, zoom);
  // What lies on a table is drawn after it, though it stands further up.
  if (relation === 'on' || relation === 'under') return [...base, ...rest];
  return [...base, ...rest].toSorted((x, y) => x.y - y.y || (x.of === 'subject' ? 1 : -1));
}

/** The subject of a scene whose companion already stands: above it, under it, on it or before it. */
function beside(scene: Scene, subject: Thing, base: readonly Placed[], zoom: number): Placed[] {
  const random = createRandom(scene.seed, 'beside');
  const xs = base.map(({ x }) => x);
  const centre = (Math.min(...xs) + Math.max(...xs)) / 2;
  const other = base[0] as Placed;
  const otherKind: Kind = KINDS[other.kind];
  const kind = KINDS[subject.kind];
  const room = { centre, depth: 0.9, zoom };
  if (scene.relation === 'in front of') {
    const aside = random.sign() * otherKind.width * other.scale * random.between(0.14, 0.3);
    return place(subject, 'subject', scene, {
      ...room,
      centre: centre + aside,
      span: 460,
      back: 0.8,
      zoom: 1,
    });
  }
  if (scene.relation === 'above') {
    const top = Math.min(...base.map((one) => one.y - KINDS[one.kind].height * one.scale));
    return place(subject, 'subject', scene, {
      ...room,
      centre: centre + random.between(-18, 18),
      span: subject.count > 1 ? 340 : 300,
      zoom: 1,
    }).map((one) => {
      if (one.surface === 'hanging') return one;
      const foot = Math.min(one.y, top - 16);
      const scale = Math.min(one.scale, (foot - 8) / kind.height);
      return { ...one, scale, y: Math.max(foot, kind.height * scale + 8) };
    });
  }
  const [surface] = bandOf(subject, scene);
  const on = scene.relation === 'on';
  const [rise, wide] = on ? (otherKind.top ?? [0, 60]) : [0, otherKind.width * 0.86];
  const fit = on ? 1 : ((otherKind.shelter ?? 100) * other.scale * 0.94) / kind.height;
  const scale = Math.min(
    other.scale * (on ? 0.94 : 0.98),
    fit,
    (wide * other.scale) / (subject.count * kind.width * 1.04),
  );
  const step = kind.width * scale * 1.06;
  const flip = random.chance(0.5);
  return Array.from({ length: subject.count }, (_, i) => ({
    kind: subject.kind,
    of: 'subject' as const,
    thing: subject,
    surface: on ? 'top' : surface,
    x: other.x + (i - (subject.count - 1) / 2) * step,
    y: other.y + (on ? -rise * other.scale : 5 + i * 0.5),
    scale,
    flip,
    depth: other.depth,
  }));
}

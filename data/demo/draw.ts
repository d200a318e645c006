/** From the scene to its drawing. */
import { BACKDROPS } from './backdrops/backdrop.js';
import { waterLight } from './backdrops/reef.js';
import { lampLight } from './backdrops/rooms.js';
import { sky } from './backdrops/sky.js';
import { air, grade, weather } from './backdrops/weather.js';
import { COLOURS, lit, mix, shining } from './colour.js';
import { KINDS } from './kinds.js';
import type { Placed } from './layout.js';
import { arrangeScene } from './layout.js';
import type { Light } from './light.js';
import { lightOf } from './light.js';
import { PLACE_FACTS } from './places.js';
import { createRandom } from './random.js';
import type { Scene } from './scene.js';
import { Defs, ellipse, group, num, opacity } from './shape.js';
import type { Ink, Stage } from './stage.js';
import { HEIGHT, WIDTH } from './stage.js';
import { PAINTERS } from './things/painters.js';

function paint(stage: Stage, one: Placed, index: number): string {
  const { light, defs } = stage;
  // At night what a scene is about keeps some of its own colour: a red crab must not turn brown.
  const own = light.night ? 0.52 : 0;
  const tone = (hex: string): string =>
    hex.startsWith('#') ? mix(light.tone(hex, one.depth), hex, own) : hex;
  const ink: Ink = {
    main: COLOURS[one.thing.colour ?? 'brown'],
    random: stage.random(`${one.of} ${index}`),
    night: light.night,
    snowy: light.snowy,
    fade: (top, bottom) => defs.linear([tone(top), tone(bottom)]),
    halo(x, y, rx, colour, strength, ry = rx) {
      const glow = shining(colour);
      return ellipse(
        x,
        y,
        rx,
        ry,
        defs.radial([`${glow} ${strength}`, `${glow} ${(strength * 0.3).toFixed(2)}`, `${glow} 0`]),
      );
    },
  };
  return lit(PAINTERS[one.kind](ink), tone);
}

function stretch({ scale, flip }: Placed, vertical = 1): string {
  const s = scale.toFixed(3);
  return `scale(${flip ? `-${s}` : s} ${(scale * vertical).toFixed(3)})`;
}

/** What a thing does to the ground: a soft shadow away from the light, or an image of itself in the water. */
function trace({ light, defs }: Stage, one: Placed, drawing: string): string {
  const kind = KINDS[one.kind];
  if (one.surface === 'water') {
    const mirrored = group(
      drawing,
      `translate(${num(one.x)} ${num(one.y)}) ${stretch(one, -0.6)}`,
      'opacity="0.2"',
    );
    return mirrored;
  }
  const shade = kind.shade ?? 0.95;
  if (shade === 0 || one.surface === 'sky' || one.surface === 'deep' || one.surface === 'hanging') return '';
  const half = (kind.width * one.scale * shade) / 2;
  const away = -light.side * half * 0.5 * (light.reach - 0.8);
  const soft = defs.radial(['#140f2e 0.9', '#140f2e 0.55', '#140f2e 0']);
  const long = ellipse(
    one.x + away,
    one.y - 1,
    half * (0.86 + 0.3 * light.reach),
    Math.max(4, half * 0.19),
    soft,
    opacity(light.shadow),
  );
  const contact = ellipse(
    one.x,
    one.y - 1,
    half * 0.82,
    Math.max(3, half * 0.1),
    soft,
    opacity(light.shadow * 1.3),
  );
  return long + contact;
}

/** The scene as an SVG of 640×480. */
export function drawScene(scene: Scene): string {
  const facts = PLACE_FACTS[scene.place];
  const outside = lightOf(scene);
  const inside = facts.inside === true;
  const reef = scene.place === 'reef';
  const light: Light = inside ? lampLight(outside) : reef ? waterLight(outside) : outside;
  const defs = new Defs();
  const stage: Stage = {
    light,
    defs,
    horizon: facts.horizon,
    random: (label) => createRandom(scene.seed, label),
  };
  const backdrop = BACKDROPS[scene.place](stage, outside);
  const things = arrangeScene(scene)
    .map((one, i) => {
      const drawing = paint(stage, one, i);
      return (
        trace(stage, one, drawing) + group(drawing, `translate(${num(one.x)} ${num(one.y)}) ${stretch(one)}`)
      );
    })
    .join('');
  const open = !inside && !reef;
  const parts = [
    open ? sky(stage) : '',
    backdrop.back,
    open ? air(stage) : '',
    things,
    backdrop.front,
    open ? weather(stage) : '',
    grade(stage, open),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${defs.toString()}${parts.join('')}</svg>`;
}

/** Under trees: the green forest, the autumn forest, the park. */
import { darker, lighter, mix } from '../colour.js';
import { ellipse, line, num, path, polygon, puffs, rect } from '../shape.js';
import type { Backdrop, Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { sunAt } from './sky.js';
import {
  blossoms,
  corners,
  covered,
  hill,
  mist,
  patches,
  rolling,
  smallPine,
  smallTree,
  tufts,
} from './terrain.js';

/** Trunks in rows, each row darker and larger than the one behind. */
function trunks(
  stage: Stage,
  label: string,
  base: number,
  width: number,
  depth: number,
  bark: string,
  leaves: readonly string[],
): string {
  const { light, defs } = stage;
  const random = stage.random(label);
  const drawn: string[] = [];
  for (let x = random.between(-10, 30); x < WIDTH + 20; x += width * random.between(3.2, 6)) {
    const w = width * random.between(0.75, 1.2);
    const y = base + random.between(-5, 7);
    const [sunny, shady] = [light.tone(lighter(bark, 0.16), depth), light.tone(darker(bark, 0.26), depth)];
    const fill = defs.linear(light.side < 0 ? [sunny, shady] : [shady, sunny], 'right');
    drawn.push(
      path(
        `M${num(x - w * 0.8)} ${num(y)}Q${num(x - w * 0.4)} ${num(y - 30)} ${num(x - w * 0.36)} -10L${num(x + w * 0.36)} -10Q${num(x + w * 0.4)} ${num(y - 30)} ${num(x + w * 0.85)} ${num(y)}Z`,
        fill,
      ),
    );
    const leaf = light.tone(covered(stage, random.pick(leaves), 0.55), depth);
    const r = width * 1.9;
    const heap = [
      x - r,
      random.between(-10, 40),
      r,
      x + r,
      random.between(0, 54),
      r * 0.9,
      x,
      random.between(20, 80),
      r * 0.95,
      x + r * 0.4,
      random.between(-10, 26),
      r * 1.3,
    ];
    drawn.push(puffs(heap, defs.linear([leaf, mix(leaf, light.haze, 0.22)]), 'opacity="0.95"'));
  }
  return drawn.join('');
}

/** Shafts of light between the trunks, where there is a sun or a moon to send them. */
function shafts(stage: Stage): string {
  const { light, defs } = stage;
  if (!light.open) return '';
  const random = stage.random('shafts');
  const [x] = sunAt(stage);
  return Array.from({ length: 5 }, () => {
    const w = random.between(16, 44);
    const reach = -light.side * random.between(90, 330);
    const from = x + random.between(-80, 80);
    return polygon(
      [from, -10, from + w, -10, from + w * 2.6 + reach, 420, from + reach, 420],
      defs.linear([`${light.glow} ${light.night ? 0.14 : 0.34}`, `${light.glow} 0`]),
    );
  }).join('');
}

function grove(stage: Stage, soil: string, bark: string, leaves: readonly string[], far: string): string {
  const { horizon, light, defs } = stage;
  const height = rolling(stage.random('floor'), horizon + 46, 8);
  return [
    rect(
      0,
      0,
      WIDTH,
      horizon + 60,
      defs.linear([`${light.tone(far, 0.3)} 0.75`, `${light.tone(far, 0.62)} 0.7`, `${light.haze} 0.85`]),
    ),
    trunks(stage, 'far trunks', horizon + 36, 11, 0.66, bark, leaves),
    mist(stage, horizon + 30, 90, 0.4),
    trunks(stage, 'middle trunks', horizon + 52, 20, 0.34, bark, leaves),
    mist(stage, horizon + 50, 50, 0.35),
    hill(stage, height, soil, 0.06),
    shafts(stage),
    patches(stage, horizon + 62),
  ].join('');
}

/** Two great trunks at the edges and branches above: the frame one looks through. */
function frame(stage: Stage, bark: string, leaves: readonly string[]): string {
  const { light } = stage;
  const random = stage.random('frame');
  const dark = light.tone(darker(bark, 0.5));
  const leaf = light.tone(darker(covered(stage, random.pick(leaves), 0.4), 0.3));
  const heap: number[] = [];
  for (let x = -10; x < WIDTH + 20; x += 34)
    heap.push(x, -12 + 0.0003 * (x - WIDTH / 2) ** 2 + random.between(-6, 10), random.between(20, 34));
  return [
    path(`M-10 ${HEIGHT}L-10 -5L16 -5Q10 300 34 ${HEIGHT}Z`, dark),
    path(
      `M${WIDTH + 10} ${HEIGHT}L${WIDTH + 10} -5L${WIDTH - 18} -5Q${WIDTH - 10} 300 ${WIDTH - 36} ${HEIGHT}Z`,
      dark,
    ),
    puffs(heap, leaf),
  ].join('');
}

export function forest(stage: Stage): Backdrop {
  const leaves = ['#3f8f5a', '#4a9a55', '#35805a'];
  const fern = tufts(stage, stage.horizon + 60, '#5b9a55', 100);
  return {
    back: grove(stage, '#5d8f4e', '#7a5a48', leaves, '#7fb58c') + fern,
    front: frame(stage, '#6b4c3c', leaves) + corners(stage, '#3f7f4a'),
  };
}

export function autumnForest(stage: Stage): Backdrop {
  const { light, horizon } = stage;
  const leaves = ['#e8892f', '#d9562f', '#f0b23c', '#c94a34'];
  const random = stage.random('fallen');
  let fallen = '';
  for (let i = 0; i < 130; i++) {
    const t = random.next() ** 0.6;
    const y = horizon + 58 + (HEIGHT - horizon - 58) * t;
    const turn = random.whole(0, 180);
    const x = random.between(0, WIDTH);
    fallen += ellipse(
      x,
      y,
      1.4 + 3.4 * t,
      0.8 + 1.7 * t,
      light.tone(random.pick([...leaves, '#f6cf6a'])),
      `transform="rotate(${turn} ${num(x)} ${num(y)})"`,
    );
  }
  let falling = '';
  for (let i = 0; i < 16; i++) {
    const [x, y] = [random.between(0, WIDTH), random.between(60, 380)];
    falling += ellipse(
      x,
      y,
      4.4,
      2.3,
      light.tone(random.pick(leaves)),
      `transform="rotate(${random.whole(0, 180)} ${num(x)} ${num(y)})"`,
    );
  }
  return {
    back: grove(stage, '#b9783c', '#6d5148', leaves, '#f0b878') + fallen,
    front: falling + frame(stage, '#5c4238', leaves),
  };
}

export function park(stage: Stage): Backdrop {
  const { horizon, light, defs } = stage;
  const random = stage.random('park');
  const grass = '#7ab95c';
  const lawn = rolling(random, horizon + 50, 6);
  const bend = random.between(240, 420);
  const way = `M${num(bend)} ${horizon + 52}Q${num(bend + 90)} ${horizon + 90} ${num(bend - 60)} ${horizon + 130}T${num(bend - 150)} ${HEIGHT}L${num(bend + 40)} ${HEIGHT}Q${num(bend + 60)} ${horizon + 150} ${num(bend + 70)} ${horizon + 120}T${num(bend + 12)} ${horizon + 52}Z`;
  let towers = '';
  for (let x = -10; x < WIDTH; ) {
    const w = random.between(26, 60);
    const h = random.between(50, 150);
    towers += rect(x, horizon + 20 - h, w, h, light.tone('#8f9bb8', 0.62), 2);
    if (light.night)
      for (let i = 0; i < 6; i++)
        towers += rect(
          x + random.between(4, w - 8),
          horizon + 14 - random.between(0, h - 16),
          4,
          5,
          'rgb(255,217,138)',
          0.5,
          'opacity="0.7"',
        );
    x += w + random.between(-4, 16);
  }
  let bushes = '';
  for (let x = -10; x < WIDTH + 20; x += random.between(24, 46)) {
    const tall = random.between(70, 124);
    const leaf = random.pick(['#5a9f58', '#6bab52', '#4c9163', '#7ab35a']);
    bushes += random.chance(0.22)
      ? smallPine(stage, x, lawn(x) + 6, tall, 0.26)
      : smallTree(stage, x, lawn(x) + 6, tall, 0.24, leaf);
  }
  const hedge: number[] = [];
  for (let x = -10; x < WIDTH + 10; x += 17) hedge.push(x, horizon + 50, random.between(9, 15));
  const back = [
    towers,
    mist(stage, horizon + 4, 60, 0.45),
    bushes,
    puffs(hedge, light.tone(covered(stage, '#4f8f50', 0.5), 0.12)),
    hill(stage, lawn, grass, 0.04),
    path(
      way,
      defs.linear([
        light.tone(covered(stage, '#e3cfa6', 0.4), 0.1),
        light.tone(covered(stage, '#e9d6b0', 0.4)),
      ]),
    ),
    patches(stage, horizon + 70),
    tufts(stage, horizon + 68, grass, 46),
    blossoms(stage, horizon + 66, ['#ffffff', '#f6d65a'], 34),
    line(way.slice(0, way.indexOf('L')), light.tone('#a8905f'), 1.6, 'opacity="0.4"'),
  ].join('');
  return { back, front: corners(stage, '#4f9148') };
}

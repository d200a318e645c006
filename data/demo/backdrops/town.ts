/** Among houses: the city street, the market square, the village in snow. */
import { darker, lighter, mix, shining } from '../colour.js';
import { circle, ellipse, line, num, path, polygon, rect } from '../shape.js';
import type { Backdrop, Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { paving } from './shore.js';
import { covered, hill, mist, patches, peaks, rolling, smallPine, wood } from './terrain.js';

const WALLS = [
  '#d8826a',
  '#e9c286',
  '#8fa8b8',
  '#efe3cf',
  '#a9b78f',
  '#c99aa0',
  '#b98f74',
  '#7f93b5',
] as const;

function windowBox({ light }: Stage, x: number, y: number): string {
  const flowers =
    circle(x - 6, y - 4, 2.8, light.tone('#e8788a')) + circle(x + 5, y - 4, 2.8, light.tone('#f3d05c'));
  return (
    ellipse(x, y, 13, 6, light.tone('#5c9a58', 0.06)) + flowers + circle(x, y - 5, 2.6, light.tone('#f4efe6'))
  );
}

function shopfront(
  { light }: Stage,
  cloth: string,
  wall: string,
  x: number,
  w: number,
  base: number,
): string {
  const pane = light.night ? shining('#ffe3a4') : light.tone('#a9cbd6', 0.06);
  return [
    rect(x + 6, base - 104, w - 12, 104, light.tone(darker(wall, 0.5)), 3),
    rect(x + 12, base - 86, w - 54, 66, pane, 2) +
      rect(x + 12, base - 14, w - 54, 8, light.tone(darker(wall, 0.3)), 2),
    polygon(
      [x + 18, base - 20, x + 34, base - 86, x + 46, base - 86, x + 30, base - 20],
      '#ffffff',
      'opacity="0.16"',
    ),
    rect(x + w - 36, base - 86, 24, 86, light.tone(darker(wall, 0.22)), 2) +
      rect(x + w - 32, base - 80, 16, 36, pane, 1.5),
    path(
      `M${num(x + 5)} ${base - 112}L${num(x + w - 5)} ${base - 112}L${num(x + w)} ${base - 88}L${num(x)} ${base - 88}Z`,
      light.tone(cloth),
    ),
    rect(x, base - 89, w, 5, light.tone('#f6eedd'), 2),
  ].join('');
}

/** One house of a row: storeys of windows, a cornice, something at street level. */
function facade(stage: Stage, label: string, x: number, w: number, top: number, base: number): string {
  const { light, defs } = stage;
  const random = stage.random(label);
  const wall = random.pick(WALLS);
  const trim = light.tone(lighter(wall, 0.5), 0.06);
  const drawn = [
    rect(
      x,
      top,
      w + 1,
      base - top,
      defs.linear([light.tone(lighter(wall, 0.1), 0.14), light.tone(darker(wall, 0.04), 0.04)]),
    ),
    rect(x - 3, top - 7, w + 6, 10, light.tone(covered(stage, darker(wall, 0.24), 0.8), 0.1), 2),
  ];
  const columns = Math.max(2, Math.floor(w / 38));
  const step = w / columns;
  const lights = random.between(0.4, 0.75);
  for (let y = top + 18; y < base - 150; y += 56)
    for (let i = 0; i < columns; i++) {
      const wx = x + step * (i + 0.5) - 10;
      const on = light.night && random.chance(lights);
      const pane = on
        ? shining(random.pick(['#ffd98a', '#ffcf70', '#fff0c0']))
        : light.tone(light.night ? '#3d4872' : '#7f9db5', 0.1);
      drawn.push(rect(wx - 3, y - 3, 26, 40, trim, 2) + rect(wx, y, 20, 34, pane, 1));
      drawn.push(line(`M${num(wx + 10)} ${num(y)}l0 34M${num(wx)} ${num(y + 15)}l20 0`, trim, 1.8));
      drawn.push(rect(wx - 5, y + 36, 30, 4.4, light.tone(lighter(wall, 0.3), 0.06), 1.5));
      if (random.chance(0.2)) drawn.push(windowBox(stage, wx + 10, y + 35));
    }
  drawn.push(shopfront(stage, random.pick(['#b8565a', '#4f8a84', '#5d6f9f', '#c9924a']), wall, x, w, base));
  return drawn.join('');
}

function row(stage: Stage, base: number, low: number, high: number): string {
  const random = stage.random('row');
  const drawn: string[] = [];
  for (let x = -random.between(0, 50), i = 0; x < WIDTH; i++) {
    const w = random.between(92, 138);
    drawn.push(facade(stage, `house ${i}`, x, w, base - random.between(low, high), base));
    x += w + 3;
  }
  return drawn.join('');
}

function skyline({ light, random }: Stage, base: number): string {
  const chance = random('skyline');
  let drawn = '';
  for (let x = -10; x < WIDTH; ) {
    const w = chance.between(34, 74);
    const top = base - chance.between(210, 300);
    drawn += rect(x, top, w, base - top, light.tone('#8b96b4', 0.6), 2);
    if (light.night)
      for (let i = 0; i < 9; i++)
        drawn += rect(
          x + chance.between(4, w - 9),
          top + chance.between(8, 120),
          4,
          6,
          shining('#ffe0a0'),
          0.6,
          'opacity="0.55"',
        );
    x += w + chance.between(0, 14);
  }
  return drawn;
}

export function street(stage: Stage): Backdrop {
  const { light, defs } = stage;
  const [kerb, curbNear] = [382, 458];
  const wet = light.weather === 'rain' || light.weather === 'storm';
  const asphalt = covered(stage, wet ? '#4f5464' : '#686b78', 0.5);
  const walk = covered(stage, '#c9bfb4', 0.8);
  const houses = row(stage, 352, 236, 330);
  let dashes = '';
  for (let x = 6; x < WIDTH; x += 84)
    dashes += rect(x, 418, 46, 3.6, light.tone('#f2ead8'), 1.8, 'opacity="0.85"');
  const sheen =
    wet || light.night
      ? `<clipPath id="wet"><rect x="0" y="280" width="${WIDTH}" height="70"/></clipPath><g opacity="${wet ? 0.24 : 0.1}" clip-path="url(#wet)" transform="translate(0 736) scale(1 -1)">${houses}</g>`
      : '';
  const back = [
    skyline(stage, 352),
    mist(stage, 250, 110, 0.4),
    houses,
    rect(0, 350, WIDTH, kerb - 350, defs.linear([light.tone(darker(walk, 0.1)), light.tone(walk)])),
    line(`M0 361L${WIDTH} 361M0 371L${WIDTH} 371`, light.tone('#8f857e'), 1, 'opacity="0.35"'),
    rect(0, kerb - 2, WIDTH, 6, light.tone('#a39a94')),
    rect(
      0,
      kerb + 4,
      WIDTH,
      curbNear - kerb,
      defs.linear([light.tone(lighter(asphalt, 0.06)), light.tone(darker(asphalt, 0.14))]),
    ),
    sheen,
    dashes,
    rect(0, curbNear, WIDTH, 7, light.tone('#a39a94')) + rect(0, curbNear + 7, WIDTH, 30, light.tone(walk)),
  ].join('');
  return { back, front: '' };
}

export function market(stage: Stage): Backdrop {
  const { light, defs } = stage;
  const base = 366;
  const random = stage.random('bunting');
  const flag = (y: number, sag: number): string => {
    const at = (x: number): number => y + sag * (1 - ((x - WIDTH / 2) / (WIDTH / 2)) ** 2);
    let drawn = line(`M0 ${y}Q${WIDTH / 2} ${num(y + sag * 2)} ${WIDTH} ${y}`, light.tone('#f4ead6'), 1.6);
    for (let x = 14; x < WIDTH; x += 31)
      drawn += polygon(
        [x - 8, at(x), x + 8, at(x), x, at(x) + 19],
        light.tone(random.pick(['#e06a5c', '#f2c24f', '#5aa3b8', '#78b06a', '#f4ead6'])),
      );
    return drawn;
  };
  const back = [
    skyline(stage, base),
    mist(stage, 240, 120, 0.4),
    row(stage, base, 206, 276),
    rect(
      0,
      base - 2,
      WIDTH,
      HEIGHT - base + 2,
      defs.linear([light.tone('#c2ab93', 0.1), light.tone('#d9c4a8'), light.tone('#c9b295')]),
    ),
    patches(stage, base + 20),
    paving(stage, base + 8),
    flag(58, 40) + flag(28, 66),
  ].join('');
  return { back, front: '' };
}

/** A cottage of the snowy village. Small, far, and lit from within when it is dark. */
function cottage(stage: Stage, x: number, y: number, w: number, depth: number): string {
  const { light, defs } = stage;
  const random = stage.random(`cottage ${Math.round(x)}`);
  const wall = random.pick(['#b5654a', '#c98a58', '#8a6a58', '#a8575a', '#d8b98a']);
  const h = w * 0.5;
  const warm = light.time === 'noon' ? light.tone('#cfe3ee', depth) : shining('#ffd27a');
  const pane = (px: number): string =>
    rect(px, y - h * 0.66, w * 0.15, h * 0.34, light.tone('#f6ecdc', depth), 1) +
    rect(px + 1.6, y - h * 0.66 + 1.6, w * 0.15 - 3.2, h * 0.34 - 3.2, warm);
  const smoke = [0, 1, 2, 3]
    .map((i) =>
      circle(
        x + w * 0.27 + i * 5 * -light.side,
        y - h * 2.08 - i * 13,
        4 + i * 2.6,
        light.tone('#ffffff', 0.3),
        `opacity="${num(0.5 - i * 0.1)}"`,
      ),
    )
    .join('');
  return [
    smoke,
    rect(x + w * 0.22, y - h * 2, w * 0.1, h * 0.6, light.tone('#8a5a4a', depth)) +
      rect(x + w * 0.2, y - h * 2.06, w * 0.14, 5, light.tone('#ffffff', depth), 2),
    rect(
      x - w / 2,
      y - h,
      w,
      h,
      defs.linear([light.tone(lighter(wall, 0.1), depth), light.tone(darker(wall, 0.16), depth)]),
    ),
    polygon([x - w / 2, y - h, x, y - h * 1.8, x + w / 2, y - h], light.tone(wall, depth)),
    path(
      `M${num(x - w * 0.6)} ${num(y - h * 0.9)}L${num(x)} ${num(y - h * 1.92)}L${num(x + w * 0.6)} ${num(y - h * 0.9)}Q${num(x + w * 0.5)} ${num(y - h * 0.84)} ${num(x + w * 0.44)} ${num(y - h * 0.98)}L${num(x)} ${num(y - h * 1.62)}L${num(x - w * 0.44)} ${num(y - h * 0.98)}Q${num(x - w * 0.5)} ${num(y - h * 0.84)} ${num(x - w * 0.6)} ${num(y - h * 0.9)}Z`,
      defs.linear([light.tone('#ffffff', depth), light.tone('#d6e0f2', depth)]),
    ),
    rect(x - w * 0.08, y - h * 0.52, w * 0.16, h * 0.52, light.tone('#5e3f33', depth), 2),
    pane(x - w * 0.37) + pane(x + w * 0.22),
    ellipse(x, y, w * 0.62, 5, light.tone('#ffffff', depth)),
  ].join('');
}

export function village(stage: Stage): Backdrop {
  const { horizon, light } = stage;
  const random = stage.random('village');
  const far = rolling(random, horizon - 8, 16);
  const near = rolling(random, horizon + 50, 7);
  const homes = [
    random.between(50, 110),
    random.between(220, 270),
    random.between(385, 425),
    random.between(540, 590),
  ]
    .map((x, i) => cottage(stage, x, near(x) + 8 + (i % 2) * 4, random.between(84, 112), 0.1))
    .join('');
  const church = random.between(300, 350);
  const tower = [
    rect(church - 11, horizon - 56, 22, 90, light.tone('#d9cfc2', 0.24)),
    polygon(
      [church - 15, horizon - 54, church, horizon - 112, church + 15, horizon - 54],
      light.tone('#5f6f8f', 0.24),
    ),
    circle(church, horizon - 36, 5, light.tone('#f6ecdc', 0.1)),
  ].join('');
  const back = [
    peaks(stage, horizon + 10, 130, 0.55, 'village peaks', '#8f9ac0'),
    mist(stage, horizon - 6, 40, 0.5),
    hill(stage, far, '#7fa08c', 0.34) + wood(stage, far, 40, 0.36, 'village wood'),
    mist(stage, horizon + 24, 34, 0.4),
    tower,
    [-1, 0, 1, 2, 3, 4]
      .map((i) =>
        smallPine(
          stage,
          30 + i * 118 + random.between(-24, 24),
          near(i * 118) + 4,
          random.between(60, 92),
          0.18,
        ),
      )
      .join(''),
    hill(stage, near, '#9fb8c8', 0.04),
    homes,
    hill(stage, rolling(random, horizon + 72, 6), '#b5c6d8', 0.01),
    patches(stage, horizon + 90),
    path(
      `M-10 ${HEIGHT}Q120 ${HEIGHT - 24} 240 ${HEIGHT}Z`,
      mix(light.tone('#ffffff'), light.sky[1] as string, 0.1),
    ),
  ].join('');
  return { back, front: '' };
}

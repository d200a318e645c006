/** Open country: meadows, fields, mountains, the valley of the railway, the country road, the desert. */
import { darker, lighter, mix } from '../colour.js';
import { circle, ellipse, line, num, path, polygon, rect } from '../shape.js';
import type { Backdrop, Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { blossoms, corners, covered, hill, mist, patches, peaks, rolling, tufts, wood } from './terrain.js';

const MEADOW = '#74b256';

function hills(stage: Stage, greens: readonly [string, string, string]): string {
  const { horizon } = stage;
  const random = stage.random('hills');
  const far = rolling(random, horizon - 26, 26);
  const middle = rolling(random, horizon + 4, 22);
  const near = rolling(random, horizon + 34, 15);
  return [
    hill(stage, far, greens[0], 0.62),
    mist(stage, horizon + 2, 34, 0.55),
    hill(stage, middle, greens[1], 0.34),
    wood(stage, middle, 34, 0.36, 'middle wood', false),
    mist(stage, horizon + 34, 26, 0.3),
    hill(stage, near, greens[2], 0.12),
    wood(stage, near, 26, 0.16, 'near wood', false),
  ].join('');
}

function ground(stage: Stage, top: number, colour: string): string {
  const height = rolling(stage.random('ground'), top, 8);
  return hill(stage, height, colour, 0.03) + patches(stage, top + 14);
}

export function meadow(stage: Stage): Backdrop {
  const { horizon } = stage;
  const back = [
    hills(stage, ['#6fa38c', '#6aa763', '#79b458']),
    ground(stage, horizon + 56, MEADOW),
    tufts(stage, horizon + 70, MEADOW, 80),
    blossoms(stage, horizon + 70, ['#ffffff', '#f9dd5b', '#f3a6b8'], 70),
  ].join('');
  return { back, front: corners(stage, '#5c9a48') };
}

export function mountains(stage: Stage): Backdrop {
  const { horizon } = stage;
  const random = stage.random('slopes');
  const far = rolling(random, horizon + 6, 14);
  const near = rolling(random, horizon + 44, 16);
  const back = [
    peaks(stage, horizon + 24, 150, 0.62, 'far peaks', '#8d97b8'),
    mist(stage, horizon + 4, 46, 0.5),
    peaks(stage, horizon + 44, 196, 0.22, 'near peaks'),
    mist(stage, horizon + 40, 40, 0.5),
    hill(stage, far, '#4f8a63', 0.32) + wood(stage, far, 36, 0.34, 'far wood'),
    mist(stage, horizon + 46, 26, 0.3),
    hill(stage, near, '#5f9d58', 0.1) + wood(stage, near, 46, 0.12, 'near wood'),
    ground(stage, horizon + 70, '#78ad58'),
    tufts(stage, horizon + 84, '#78ad58', 70),
    blossoms(stage, horizon + 84, ['#ffffff', '#b79be0', '#f6d65a'], 46),
  ].join('');
  return { back, front: corners(stage, '#5a9150') };
}

/** Rows that run to a point on the horizon. */
function rows(stage: Stage, top: number, colours: readonly [string, string], count: number): string {
  const { light } = stage;
  const vanish = stage.random('rows').between(180, 460);
  let drawn = '';
  for (let i = -count; i <= count; i++) {
    const [a, b] = [vanish + i * 150 * (16 / count), vanish + (i + 0.55) * 150 * (16 / count)];
    drawn += polygon(
      [vanish + i * 9 * (16 / count), top, vanish + (i + 0.55) * 9 * (16 / count), top, b, HEIGHT, a, HEIGHT],
      light.tone(colours[((i % 2) + 2) % 2] as string),
    );
  }
  return drawn;
}

export function wheatField(stage: Stage): Backdrop {
  const { horizon, light, defs } = stage;
  const gold = '#e2b04a';
  const random = stage.random('ears');
  let ears = '';
  for (let i = 0; i < 74; i++) {
    const x = random.between(-5, WIDTH + 5);
    const h = random.between(12, 32);
    const lean = random.between(-4, 7);
    ears += line(
      `M${num(x)} ${HEIGHT + 4}Q${num(x)} ${num(HEIGHT - h * 0.5)} ${num(x + lean)} ${num(HEIGHT - h)}`,
      light.tone(i % 2 === 0 ? '#b98428' : '#d9a63f'),
      1.8,
    );
    ears += ellipse(x + lean, HEIGHT - h - 3, 2.4, 5.4, light.tone(i % 2 === 0 ? '#c9922f' : '#efc463'));
  }
  const back = [
    hills(stage, ['#8fa37d', '#a9ab5c', '#d3ab50']),
    ground(stage, horizon + 54, gold),
    `<g opacity="0.35">${rows(stage, horizon + 62, ['#f3cf78', '#c48f35'], 16)}</g>`,
    rect(
      0,
      horizon + 46,
      WIDTH,
      60,
      defs.linear([`${light.tone(gold)} 0`, `${light.tone(gold)} 0.9`, `${light.tone(gold)} 0`]),
    ),
    tufts(stage, horizon + 66, gold, 170),
  ].join('');
  return { back, front: ears };
}

export function lavenderField(stage: Stage): Backdrop {
  const { horizon, light } = stage;
  const top = horizon + 58;
  const random = stage.random('lavender');
  const vanish = random.between(200, 440);
  let bushes = '';
  for (let row = 0; row < 15; row++) {
    const t = (row / 14) ** 1.7;
    const y = top + 6 + (HEIGHT - top + 10) * t;
    const r = 3 + 17 * t;
    for (let i = -13; i <= 13; i++) {
      const x = vanish + i * (14 + 62 * t);
      if (x < -30 || x > WIDTH + 30) continue;
      const tint = random.pick(['#8a6cc8', '#7b5cba', '#9a7bd4']);
      bushes += ellipse(x, y, r * 1.05, r * 0.72, light.tone(darker(tint, 0.22), 0.1 * (1 - t)));
      bushes += ellipse(
        x + light.side * r * 0.2,
        y - r * 0.24,
        r * 0.8,
        r * 0.46,
        light.tone(lighter(tint, 0.14), 0.1 * (1 - t)),
      );
    }
  }
  const back = [
    hills(stage, ['#7f9aa5', '#7fa372', '#93a860']),
    ground(stage, top - 6, '#7d9a58'),
    bushes,
  ].join('');
  return { back, front: '' };
}

export function valley(stage: Stage): Backdrop {
  const { horizon, light } = stage;
  const rail = 352;
  const random = stage.random('valley');
  const near = rolling(random, horizon + 40, 18);
  let sleepers = '';
  for (let x = -6; x < WIDTH; x += 15) sleepers += rect(x, rail - 3, 8, 6, light.tone('#5c4638'), 1);
  const back = [
    peaks(stage, horizon + 30, 130, 0.5, 'valley peaks'),
    mist(stage, horizon + 16, 40, 0.5),
    hill(stage, rolling(random, horizon + 12, 22), '#5c9468', 0.4),
    hill(stage, near, '#6fa85c', 0.16) + wood(stage, near, 42, 0.2, 'valley wood'),
    rect(-5, rail - 6, WIDTH + 10, 24, light.tone(covered(stage, '#9b8f86', 0.5)), 4) + sleepers,
    line(`M0 ${rail - 3}L${WIDTH} ${rail - 3}`, light.tone('#d5d9e0'), 2.4),
    hill(stage, rolling(stage.random('bank'), rail + 18, 3), '#7db35a', 0.02) + patches(stage, rail + 34),
    tufts(stage, rail + 36, '#7db35a', 64) +
      blossoms(stage, rail + 40, ['#ffffff', '#f6d65a', '#e88b9d'], 50),
  ].join('');
  return { back, front: corners(stage, '#5c9a48') };
}

export function road(stage: Stage): Backdrop {
  const { horizon, light, defs } = stage;
  const [top, bottom] = [384, 452];
  let dashes = '';
  for (let x = 14; x < WIDTH; x += 74) dashes += rect(x, 417, 40, 3.4, light.tone('#f4ead2'), 1.7);
  const asphalt = '#6d6e7a';
  const back = [
    hills(stage, ['#74a08c', '#6fa766', '#7fb65e']),
    ground(stage, horizon + 52, MEADOW),
    tufts(stage, horizon + 66, MEADOW, 50),
    rect(0, top - 7, WIDTH, bottom - top + 14, light.tone('#b9a98a')),
    rect(
      0,
      top,
      WIDTH,
      bottom - top,
      defs.linear([light.tone(lighter(asphalt, 0.1)), light.tone(darker(asphalt, 0.1))]),
    ),
    line(
      `M0 ${top + 5}L${WIDTH} ${top + 5}M0 ${bottom - 6}L${WIDTH} ${bottom - 6}`,
      light.tone('#efe6d2'),
      2,
      'opacity="0.8"',
    ),
    dashes,
    rect(0, bottom + 7, WIDTH, 30, light.tone(MEADOW)),
    tufts(stage, bottom + 12, MEADOW, 46, 'verge'),
  ].join('');
  return { back, front: corners(stage, '#5c9a48') };
}

export function desert(stage: Stage): Backdrop {
  const { horizon, light, defs } = stage;
  const random = stage.random('dunes');
  const dry = random.pick(['#e8b672', '#e3a566', '#ecc587']);
  const sand = light.night ? mix(dry, '#9a97d8', 0.45) : dry;
  const mesa = (x: number, w: number, h: number): string => {
    const rock = light.tone('#c27a55', 0.42);
    return path(
      `M${num(x - w)} ${horizon + 20}L${num(x - w * 0.72)} ${num(horizon - h)}L${num(x + w * 0.66)} ${num(horizon - h + 3)}L${num(x + w)} ${horizon + 20}Z`,
      defs.linear([light.tone('#d08a60', 0.36), rock]),
    );
  };
  const dune = (y: number, swing: number, depth: number, tint: string): string => {
    const height = rolling(random, y, swing);
    const crest = random.between(160, 480);
    const away = light.side < 0 ? 1 : -1;
    const shade = `M${num(crest)} ${num(height(crest))}Q${num(crest + away * 60)} ${num(y + 50)} ${num(crest + away * 20)} ${HEIGHT}L${num(crest + away * 420)} ${HEIGHT}L${num(crest + away * 420)} ${num(height(crest + away * 420) + 10)}Q${num(crest + away * 200)} ${num(height(crest + away * 200) + 6)} ${num(crest)} ${num(height(crest))}Z`;
    return (
      hill(stage, height, tint, depth) + path(shade, light.tone(darker(tint, 0.24), depth), 'opacity="0.22"')
    );
  };
  let ripples = '';
  for (let i = 0; i < 26; i++) {
    const [x, y] = [random.between(0, WIDTH), random.between(horizon + 96, HEIGHT)];
    const w = random.between(24, 80);
    ripples += `M${num(x - w)} ${num(y)}Q${num(x - w / 2)} ${num(y - 5)} ${num(x)} ${num(y)}T${num(x + w)} ${num(y)}`;
  }
  const back = [
    mesa(random.between(60, 240), random.between(46, 76), random.between(44, 76)),
    mesa(random.between(380, 590), random.between(34, 70), random.between(26, 58)),
    mist(stage, horizon + 10, 40, 0.5),
    dune(horizon + 10, 14, 0.34, mix(sand, '#c9825a', 0.3)),
    dune(horizon + 44, 18, 0.14, mix(sand, '#d08e5c', 0.16)),
    dune(horizon + 76, 12, 0.02, sand),
    line(ripples, light.tone(darker(sand, 0.2)), 1.5, 'opacity="0.4"'),
    patches(stage, horizon + 96),
    [0, 1, 2, 3]
      .map(() =>
        circle(
          random.between(20, WIDTH - 20),
          random.between(horizon + 100, HEIGHT - 10),
          random.between(2, 5),
          light.tone('#a9764d'),
        ),
      )
      .join(''),
  ].join('');
  return { back, front: '' };
}

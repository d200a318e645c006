/** Where there is water: beach, open sea, lake, harbour, and the reef below. */
import { darker, lighter, mix, shining } from '../colour.js';
import { circle, ellipse, group, line, num, opacity, path, polygon, rect } from '../shape.js';
import type { Backdrop, Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { sunAt } from './sky.js';
import { corners, covered, hill, mist, patches, peaks, rolling, tufts, wood } from './terrain.js';

/** A sheet of water that mirrors the sky, with a path of light under sun or moon. */
function water(stage: Stage, top: number, bottom: number, deep: string): string {
  const { light, defs } = stage;
  const random = stage.random('waves');
  const [far, near] = [
    mix(light.tone(deep), light.sky.at(-1) as string, 0.62),
    mix(light.tone(deep), light.sky[0] as string, 0.22),
  ];
  const middle = mix(light.tone(deep), light.sky[1] as string, 0.34);
  const drawn = [rect(0, top, WIDTH, bottom - top, defs.linear([far, middle, near]))];
  const ripple = (x: number, y: number, w: number, colour: string, strength: number): string =>
    ellipse(x, y, w, 0.7 + (y - top) * 0.008, colour, opacity(strength));
  const rough = light.weather === 'storm' ? 1.6 : 1;
  for (let i = 0; i < 76; i++) {
    const t = random.next();
    const y = top + 3 + (bottom - top) * t ** 1.4;
    const colour = i % 3 === 0 ? darker(near, 0.2) : lighter(far, 0.24);
    drawn.push(
      ripple(random.between(0, WIDTH), y, (6 + 34 * t) * random.between(0.5, 1.2), colour, 0.34 * rough),
    );
  }
  if (light.open) {
    const [x] = sunAt(stage);
    for (let i = 0; i < 46; i++) {
      const t = i / 45;
      const y = top + 2 + (bottom - top) * t;
      const spread = 10 + 54 * t;
      drawn.push(
        ripple(
          x + random.between(-spread, spread) * 0.7,
          y,
          random.between(0.3, 1) * (8 + 24 * t),
          shining(light.glow),
          light.time === 'noon' ? 0.34 : 0.62 - t * 0.3,
        ),
      );
    }
  }
  return drawn.join('');
}

export function beach(stage: Stage): Backdrop {
  const { horizon, light, defs } = stage;
  const random = stage.random('shore');
  const shoreline = rolling(random, 344, 9);
  const edge = (lift: number): string => {
    let d = '';
    for (let x = -10; x <= WIDTH + 10; x += 10)
      d += `${d === '' ? 'M' : 'L'}${x} ${num(shoreline(x) + lift + 3 * Math.sin(x * 0.045))}`;
    return d;
  };
  const sand = '#f0d3a0';
  const close = `L${WIDTH + 10} ${HEIGHT}L-10 ${HEIGHT}Z`;
  let grains = '';
  for (let i = 0; i < 60; i++)
    grains += circle(
      random.between(0, WIDTH),
      random.between(385, HEIGHT),
      random.between(0.7, 1.7),
      light.tone(random.pick(['#c9a468', '#fff4dc', '#b98f58'])),
      'opacity="0.7"',
    );
  const shell = (x: number, y: number): string =>
    path(
      `M${x - 5} ${y}Q${x - 5} ${y - 8} ${x} ${y - 8}Q${x + 5} ${y - 8} ${x + 5} ${y}Z`,
      light.tone('#fbe9df'),
    );
  const cape = random.sign();
  const headland = rolling(random, horizon - 16, 10);
  const back = [
    hill(
      stage,
      (x) => Math.max(headland(x) + Math.max(0, cape < 0 ? x - 150 : WIDTH - 150 - x) * 0.3, horizon - 40),
      '#6d9a7d',
      0.6,
      horizon + 1,
    ).replace(/L(-?[\d.]+) ([\d.]+)/g, (all, x, y) =>
      Number(y) > horizon + 1 ? `L${x} ${horizon + 1}` : all,
    ),
    water(stage, horizon, 366, '#2f93b4'),
    path(edge(-16) + close, light.tone('#5fc0c2'), 'opacity="0.4"'),
    path(edge(0) + close, light.tone('#d9b982')),
    line(edge(-4), light.tone('#ffffff'), 5, 'opacity="0.85"') +
      line(edge(-19), light.tone('#ffffff'), 2, 'opacity="0.5"'),
    path(
      edge(17) + close,
      defs.linear([light.tone(sand), light.tone(lighter(sand, 0.18)), light.tone(darker(sand, 0.06))]),
    ),
    patches(stage, 380),
    grains,
    shell(Math.round(random.between(40, 300)), 470) + shell(Math.round(random.between(330, 600)), 464),
  ].join('');
  return { back, front: '' };
}

export function sea(stage: Stage): Backdrop {
  const { horizon, light } = stage;
  const random = stage.random('swell');
  const tint = random.pick(['#1f6f9f', '#21809a', '#2a5f9a']);
  let crests = '';
  for (let i = 0; i < (light.weather === 'storm' ? 20 : 9); i++) {
    const t = random.next();
    const [x, y] = [random.between(0, WIDTH), horizon + 20 + (HEIGHT - horizon) * t];
    const w = 10 + 26 * t;
    crests += `M${num(x - w)} ${num(y)}Q${num(x - w / 2)} ${num(y - 4 - 4 * t)} ${num(x)} ${num(y)}Q${num(x + w / 2)} ${num(y - 4 - 4 * t)} ${num(x + w)} ${num(y)}`;
  }
  const back = [
    mist(stage, horizon, 26, 0.4),
    water(stage, horizon, HEIGHT, tint),
    line(crests, light.tone('#ffffff'), 2.4, 'opacity="0.5"'),
    mist(stage, horizon, 10, 0.5),
  ].join('');
  const swell = rolling(stage.random('front swell'), HEIGHT - 14, 7);
  return { back, front: hill(stage, swell, darker(tint, 0.3), 0).replace('<path', '<path opacity="0.5"') };
}

export function lake(stage: Stage): Backdrop {
  const { horizon, light } = stage;
  const shore = 396;
  const land = [
    peaks(stage, horizon + 4, 150, 0.4, 'lake peaks', '#7b88ac'),
    mist(stage, horizon - 8, 34, 0.5),
    hill(stage, rolling(stage.random('far shore'), horizon - 10, 9), '#4c8565', 0.3, horizon + 2),
    wood(stage, () => horizon, 34, 0.26, 'shore wood'),
  ].join('');
  const back = [
    land,
    water(stage, horizon, shore + 20, '#2f7f9e'),
    group(land, `translate(0 ${horizon * 2}) scale(1 -1)`, 'opacity="0.3" clip-path="url(#lake-mirror)"'),
    mist(stage, horizon + 1, 12, 0.45),
    hill(stage, rolling(stage.random('bank'), shore + 8, 7), '#74ad5b', 0.02),
    patches(stage, shore + 24),
    tufts(stage, shore + 22, '#74ad5b', 60),
    reeds(stage, shore + 16),
  ].join('');
  const mirror = `<clipPath id="lake-mirror"><rect x="0" y="0" width="${WIDTH}" height="${horizon}"/></clipPath>`;
  return { back: mirror + back, front: light.snowy ? '' : corners(stage, '#4f8a48') };
}

function reeds(stage: Stage, y: number): string {
  const { light } = stage;
  const random = stage.random('reeds');
  let drawn = '';
  const x0 = random.chance(0.5) ? 10 : WIDTH - 80;
  for (let i = 0; i < 13; i++) {
    const [x, h] = [x0 + i * 5.4 + random.between(-2, 2), random.between(24, 52)];
    drawn += line(
      `M${num(x)} ${y}L${num(x + random.between(-4, 4))} ${num(y - h)}`,
      light.tone(covered(stage, '#6b9450', 0.4)),
      1.9,
    );
    if (i % 3 === 0) drawn += ellipse(x, y - h, 2.3, 7, light.tone('#7a5236'));
  }
  return drawn;
}

export function harbour(stage: Stage): Backdrop {
  const { horizon, light, defs } = stage;
  const random = stage.random('quay');
  const [shore, quay] = [horizon + 36, 418];
  const houses: string[] = [];
  for (let x = -12; x < WIDTH; ) {
    const w = random.between(38, 58);
    const h = random.between(58, 112);
    const wall = random.pick(['#d9705c', '#e8b45c', '#6fa3b8', '#f0e2c8', '#8fb07a', '#cf8f9c', '#7d8fc0']);
    const y = shore - h;
    houses.push(
      rect(x, y, w + 1, h, defs.linear([light.tone(lighter(wall, 0.1), 0.16), light.tone(wall, 0.1)])),
    );
    houses.push(
      polygon(
        [x - 3, y, x + w / 2, y - random.between(16, 28), x + w + 3, y],
        light.tone(random.pick(['#8a4f45', '#6a5560', '#a35a48']), 0.14),
      ),
    );
    for (let wy = y + 12; wy < shore - 20; wy += 22)
      for (let wx = x + 8; wx < x + w - 10; wx += 15) {
        const shines = light.night && random.chance(0.62);
        houses.push(
          rect(
            wx,
            wy,
            8,
            11,
            shines ? shining('#ffd98a') : light.tone(light.night ? '#3a4468' : '#5f7488', 0.1),
            1,
          ),
        );
      }
    x += w;
  }
  const town = houses.join('');
  const masts = [0, 1, 2, 3]
    .map(
      () => `M${num(random.between(30, WIDTH - 30))} ${shore + 4}l0 ${-Math.round(random.between(40, 80))}`,
    )
    .join('');
  const back = [
    hill(stage, rolling(random, horizon - 66, 16), '#6a9a72', 0.5, shore),
    mist(stage, horizon - 20, 40, 0.4),
    town,
    line(masts, light.tone('#5f5048', 0.1), 2.2),
    rect(0, shore - 3, WIDTH, 9, light.tone('#8a7f7c', 0.1)),
    water(stage, shore + 4, quay + 4, '#2b7a97'),
    `<clipPath id="harbour-mirror"><rect x="0" y="${shore - 78}" width="${WIDTH}" height="78"/></clipPath>`,
    group(
      town,
      `translate(0 ${shore * 2 + 6}) scale(1 -1)`,
      `opacity="${light.night ? 0.34 : 0.24}" clip-path="url(#harbour-mirror)"`,
    ),
    rect(0, quay, WIDTH, HEIGHT - quay, defs.linear([light.tone('#b7aca4'), light.tone('#948a86')])),
    rect(0, quay - 4, WIDTH, 10, light.tone('#d2c8be'), 2) +
      rect(0, quay + 6, WIDTH, 4, '#1d1836', 0, 'opacity="0.2"'),
    paving(stage, quay + 10),
    [70, 570]
      .map(
        (x) =>
          rect(x - 7, quay - 15, 14, 20, light.tone('#4a4d58'), 4) +
          rect(x - 10, quay - 18, 20, 7, light.tone('#5c606c'), 3.5),
      )
      .join(''),
  ].join('');
  return { back, front: '' };
}

/** Joints of stone slabs that widen towards the viewer. */
export function paving({ light }: Stage, top: number): string {
  let d = '';
  for (let i = 1, y = top; y < HEIGHT; i++, y += 7 + i * 4) {
    d += `M0 ${num(y)}L${WIDTH} ${num(y)}`;
    for (let x = (i % 2) * 26 - 20; x < WIDTH; x += 44 + i * 9)
      d += `M${x} ${num(y)}L${num(x + (x - WIDTH / 2) * 0.04)} ${num(Math.min(HEIGHT, y + 7 + (i + 1) * 4))}`;
  }
  return line(d, light.tone('#6d6468'), 1.2, 'opacity="0.35"');
}

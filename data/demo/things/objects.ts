/** Small things out of doors, and what people leave on a beach or in the snow. */
import { darker, lighter, shining } from '../colour.js';
import { circle, ellipse, line, path, polygon, puffs, rect } from '../shape.js';
import type { Ink } from '../stage.js';

export function campfire(ink: Ink): string {
  return [
    ink.halo(0, -26, 130, '#ffb04a', 0.8, 112),
    [-30, -16, 0, 16, 30]
      .map((x, i) => ellipse(x, -2 + (i % 2) * 3, 10, 6.5, i % 2 === 0 ? '#77737f' : '#615d6b'))
      .join(''),
    line('M-26 -6L22 -18M26 -6L-22 -18', '#5c3a28', 10) + line('M-26 -6L22 -18', '#7a4f35', 6),
    path(
      'M-22 -14Q-30 -42 -10 -56Q-8 -44 0 -76Q18 -56 14 -44Q22 -46 22 -54Q34 -32 20 -14Q0 -6 -22 -14Z',
      shining('#f2682a'),
    ),
    path(
      'M-13 -14Q-18 -34 -4 -44Q-2 -36 3 -56Q14 -40 10 -30Q16 -32 16 -36Q20 -22 12 -14Q0 -9 -13 -14Z',
      shining('#fbb33a'),
    ),
    path('M-6 -14Q-8 -26 1 -36Q8 -26 7 -14Q0 -11 -6 -14Z', shining('#fff1b0')),
    circle(-18, -72, 1.6, shining('#ffc45a')) +
      circle(16, -84, 1.5, shining('#ffc45a')) +
      circle(4, -96, 1.2, shining('#ffd98a')),
  ].join('');
}

export function snowman({ main, fade }: Ink): string {
  const snow = fade('#ffffff', '#ccd7ea');
  return [
    line('M-26 -66L-54 -88M-48 -83L-58 -80M26 -66L52 -84M46 -80L54 -92', '#6b4a35', 3.6),
    circle(0, -30, 33, snow) + circle(0, -74, 25, snow) + circle(0, -108, 18.5, snow),
    circle(0, -66, 2.6, '#33313d') + circle(0, -76, 2.6, '#33313d') + circle(0, -40, 2.6, '#33313d'),
    path('M-21 -96Q0 -84 21 -96L21 -88Q0 -76 -21 -88Z', main) +
      path('M8 -88L20 -86L22 -58L11 -58Z', darker(main, 0.16)),
    circle(-6.5, -112, 2.2, '#33313d') +
      circle(6.5, -112, 2.2, '#33313d') +
      polygon([0, -108, 0, -102, 20, -103], '#ee8432'),
    rect(-21, -125, 42, 5, '#33313d', 2.5) +
      rect(-14, -144, 28, 20, '#3b3947', 3) +
      rect(-14, -130, 28, 5, '#8b8fa3'),
  ].join('');
}

export function sandcastle({ fade }: Ink): string {
  const sand = fade('#eecb8b', '#cd9f5e');
  const tower = (x: number, w: number, h: number): string =>
    [
      polygon([x - w / 2 + 2, -h, x + w / 2 - 2, -h, x + w / 2, 0, x - w / 2, 0], sand),
      [0, 1, 2].map((i) => rect(x - w / 2 + 1 + i * ((w - 8) / 2), -h - 8, 7, 10, '#e4bd7b', 1)).join(''),
      rect(x - 3, -h + 14, 6, 11, '#9c7443', 3),
    ].join('');
  return [
    ellipse(0, -1, 68, 9, '#d3a869'),
    rect(-50, -36, 100, 36, fade('#e6bf7c', '#c5965a')) + tower(0, 34, 70),
    tower(-48, 30, 52) + tower(48, 30, 52),
    path('M-9 0L-9 -14Q0 -25 9 -14L9 0Z', '#8a6438'),
    line('M0 -78L0 -98', '#6b4a35', 2.4) + polygon([1, -98, 22, -91, 1, -84], '#f7f4ee'),
  ].join('');
}

export function parasol({ main, fade }: Ink): string {
  return [
    line('M0 0L0 -178', '#f1e7d6', 5),
    path(
      'M-94 -122Q-80 -184 0 -184Q80 -184 94 -122Q78 -134 62 -123Q46 -134 31 -124Q16 -134 0 -124Q-16 -134 -31 -124Q-46 -134 -62 -123Q-78 -134 -94 -122Z',
      fade(lighter(main, 0.14), darker(main, 0.1)),
    ),
    path('M0 -184Q-52 -180 -62 -123Q-46 -134 -31 -124Q-28 -170 0 -184Z', '#fdf6ea', 'opacity="0.92"'),
    path('M0 -184Q52 -180 62 -123Q46 -134 31 -124Q28 -170 0 -184Z', '#f0e8dc', 'opacity="0.92"'),
    circle(0, -185, 4.4, '#f1e7d6'),
    ellipse(0, -1, 14, 4, '#c9a468'),
  ].join('');
}

export function ball({ main, fade }: Ink): string {
  return [
    circle(0, -26, 26, fade(lighter(main, 0.16), darker(main, 0.24))),
    path('M-24 -36Q0 -22 24 -36Q27 -28 25.5 -20Q0 -6 -25.5 -20Q-27 -28 -24 -36Z', '#fdf7ec'),
    ellipse(-9, -40, 7, 5, '#ffffff', 'opacity="0.6" transform="rotate(-30 -9 -40)"'),
  ].join('');
}

export function gift({ main, fade }: Ink): string {
  const ribbon = '#f6e6bd';
  return [
    rect(-34, -52, 68, 52, fade(lighter(main, 0.12), darker(main, 0.14)), 3),
    rect(-38, -60, 76, 15, lighter(main, 0.1), 3) +
      rect(-38, -47, 76, 4, darker(main, 0.35), 0, 'opacity="0.35"'),
    rect(-7, -60, 14, 60, ribbon),
    path(
      'M0 -60Q-30 -86 -28 -68Q-24 -58 0 -60Q30 -86 28 -68Q24 -58 0 -60Z',
      ribbon,
      `stroke="#dcc48a" stroke-width="1.6"`,
    ),
    circle(0, -61, 5, '#e9d29b'),
  ].join('');
}

function fruitRow(y: number, xs: readonly number[], colour: string): string {
  return xs
    .map((x) => circle(x, y, 11.5, colour) + ellipse(x - 3.6, y - 4, 3, 2.2, '#ffffff', 'opacity="0.5"'))
    .join('');
}

function crate(fruit: string, fade: Ink['fade']): string {
  return [
    rect(-46, -46, 92, 12, '#6d4a30'),
    fruitRow(-52, [-22, 0, 22], lighter(fruit, 0.1)),
    fruitRow(-42, [-34, -11, 11, 34], fruit),
    [-36, -24, -12].map((y) => rect(-50, y, 100, 11, fade('#d1a069', '#ae7d4b'), 2)).join(''),
    rect(-50, -38, 8, 38, '#b98553', 2) + rect(42, -38, 8, 38, '#b98553', 2),
  ].join('');
}

export function appleCrate({ main, fade }: Ink): string {
  const leaves = puffs([-22, -62, 3, 2, -62, 3, 24, -62, 3], '#4b8f4a');
  return crate(main, fade) + leaves;
}

export function orangeCrate({ fade }: Ink): string {
  return crate('#f0912f', fade);
}

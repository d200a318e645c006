/** Animals that swim or fly. */
import { darker, lighter, mix } from '../colour.js';
import { blob, circle, ellipse, group, line, path, puffs } from '../shape.js';
import type { Ink } from '../stage.js';

const INKY = '#26222c';

function eye(x: number, y: number, r: number): string {
  return (
    circle(x, y, r * 1.5, '#ffffff') +
    circle(x + r * 0.2, y, r, INKY) +
    circle(x + r * 0.5, y - r * 0.4, r * 0.35, '#ffffff')
  );
}

export function duck({ main, fade }: Ink): string {
  const coat = fade(lighter(main, 0.2), darker(main, 0.1));
  const head = main === '#8d5a38' ? '#2f7d57' : lighter(main, 0.1);
  return [
    path('M-38 -22Q-44 -34 -34 -34Q-16 -30 4 -30Q26 -30 30 -12Q28 4 0 5Q-30 5 -38 -22Z', coat),
    path('M4 -26Q16 -32 14 -46L30 -44Q34 -26 28 -12Z', head),
    circle(21, -46, 12, head),
    path('M30 -49Q42 -48 44 -43Q38 -40 30 -41Z', '#f09a35'),
    circle(24, -49, 2.2, INKY),
    path('M-24 -22Q-6 -28 10 -18Q2 -6 -14 -8Q-24 -12 -24 -22Z', darker(main, 0.16)),
    line('M-46 5Q0 9 44 5', '#ffffff', 2.2, 'opacity="0.55"'),
  ].join('');
}

export function bird({ main, fade }: Ink): string {
  const wing = fade(lighter(main, 0.18), darker(main, 0.22));
  const tip = darker(main, main === '#f7f4ee' ? 0.45 : 0.4);
  const whole = [
    path('M-6 -26Q-26 -58 -52 -56Q-34 -48 -26 -28Q-20 -16 -4 -18Z', darker(main, 0.24)),
    path('M-52 -56Q-42 -52 -36 -44Q-40 -54 -34 -55Z', tip),
    path('M-40 -14L-22 -20 -20 -12Z', darker(main, 0.2)),
    path('M-26 -18Q-4 -32 22 -22Q26 -14 14 -10Q-8 -4 -26 -18Z', fade(lighter(main, 0.3), darker(main, 0.08))),
    circle(22, -21, 8.5, lighter(main, 0.14)),
    path('M28 -25L42 -20 29 -16Z', '#f0a034'),
    circle(24, -23, 1.9, INKY) + circle(24.6, -23.6, 0.6, '#ffffff'),
    path('M-8 -20Q4 -54 34 -64Q22 -46 20 -32Q16 -16 2 -14Z', wing),
    path('M34 -64Q27 -54 23 -44Q22 -56 18 -55Z', tip),
  ].join('');
  return group(whole, 'scale(0.8)');
}

export function fish({ main, fade, random }: Ink): string {
  const stripe = random.pick([lighter(main, 0.75), darker(main, 0.4)]);
  return [
    path('M-28 -32Q-48 -58 -56 -54Q-50 -32 -56 -10Q-48 -6 -28 -32Z', darker(main, 0.16)),
    path('M-14 -52Q4 -70 22 -52Z', darker(main, 0.2)) + path('M-8 -12Q4 2 16 -12Z', darker(main, 0.2)),
    path(
      'M-34 -32Q-10 -64 24 -56Q50 -48 54 -32Q50 -16 24 -8Q-10 0 -34 -32Z',
      fade(lighter(main, 0.25), darker(main, 0.12)),
    ),
    path('M18 -57Q28 -32 18 -7L10 -6Q20 -32 10 -58Z', stripe),
    path('M-8 -54Q2 -32 -8 -10L-15 -14Q-7 -32 -15 -50Z', stripe),
    path('M6 -30Q-6 -38 -10 -26Q-4 -20 6 -24Z', darker(main, 0.25)),
    eye(37, -38, 4),
    line('M50 -26Q46 -23 43 -25', darker(main, 0.5), 1.8),
  ].join('');
}

export function turtle({ main, fade }: Ink): string {
  const skin = mix(main, '#cfe08a', 0.5);
  const plate = darker(main, 0.22);
  return [
    path('M34 -34Q50 2 70 -2Q62 -26 48 -42Z', darker(skin, 0.08)),
    path('M-40 -30Q-58 -10 -70 -14Q-62 -32 -46 -38Z', darker(skin, 0.08)),
    ellipse(64, -46, 17, 13, skin),
    path(
      'M-58 -32Q-30 -86 14 -82Q50 -76 56 -38Q20 -20 -58 -32Z',
      fade(lighter(main, 0.2), darker(main, 0.12)),
    ),
    blob([-12, -72, 10, -74, 18, -58, 4, -46, -16, -52], plate),
    blob([26, -70, 42, -58, 44, -44, 28, -48, 22, -60], plate),
    blob([-36, -58, -22, -68, -20, -52, -30, -40, -46, -42], plate),
    path('M-60 -33Q0 -20 57 -38L54 -31Q0 -12 -56 -28Z', lighter(skin, 0.3)),
    path('M20 -30Q26 4 44 12Q50 -10 40 -32Z', skin),
    path('M-30 -28Q-36 -4 -52 2Q-50 -18 -42 -30Z', skin),
    eye(69, -50, 2.8),
    line('M78 -42Q72 -39 68 -41', darker(skin, 0.5), 1.6),
  ].join('');
}

export function whale({ main, fade }: Ink): string {
  const spray = line(
    'M52 -76Q50 -104 34 -110M52 -76Q54 -104 70 -110M52 -78L52 -106',
    '#e9f6fb',
    5,
    'opacity="0.9"',
  );
  return [
    spray,
    puffs([30, -112, 6, 74, -112, 6, 52, -112, 6, 40, -104, 3, 64, -104, 3], '#e9f6fb', 'opacity="0.9"'),
    path('M-78 -22Q-104 -44 -112 -72Q-90 -70 -82 -56Q-72 -72 -52 -72Q-62 -42 -66 -20Z', darker(main, 0.12)),
    path(
      'M-92 -8Q-60 -28 -30 -56Q10 -86 62 -74Q104 -62 108 -26Q108 -8 100 0Q0 8 -92 -8Z',
      fade(lighter(main, 0.2), darker(main, 0.18)),
    ),
    path('M108 -24Q60 -14 30 -8Q0 0 -30 2Q40 8 100 0Q108 -8 108 -24Z', lighter(main, 0.68)),
    line('M40 -2Q60 -8 104 -14M56 1Q76 -4 102 -7', darker(main, 0.1), 1.6, 'opacity="0.6"'),
    path('M14 -14Q6 8 -14 14Q-16 -4 -4 -18Z', darker(main, 0.24)),
    circle(84, -34, 4, INKY) + circle(85.4, -35.4, 1.3, '#ffffff'),
    line('M-104 4Q-20 12 116 4M-60 12Q10 17 80 12', '#ffffff', 2.6, 'opacity="0.6"'),
  ].join('');
}

export function crab({ main, fade }: Ink): string {
  const dark = darker(main, 0.22);
  const half = [
    line('M22 -14L38 -4M18 -10L30 2M25 -20L43 -14', dark, 5),
    line('M24 -24Q40 -28 38 -40', main, 7),
    path('M30 -42Q34 -60 48 -56Q42 -52 44 -46Q52 -50 52 -42Q46 -32 34 -34Q30 -36 30 -42Z', main),
    line('M8 -34L10 -44', main, 4),
    circle(10.5, -46, 5.4, '#ffffff') + circle(11.2, -46, 2.7, INKY),
  ].join('');
  return [
    half + group(half, 'scale(-1 1)'),
    ellipse(0, -20, 30, 19, fade(lighter(main, 0.22), darker(main, 0.14))),
    line('M-8 -14Q0 -8 8 -14', darker(main, 0.5), 2.2),
    circle(-14, -25, 2.4, lighter(main, 0.4)) + circle(13, -27, 2, lighter(main, 0.4)),
  ].join('');
}

export function jellyfish({ main, fade }: Ink): string {
  const veil = lighter(main, 0.35);
  return [
    line(
      'M-24 -72Q-34 -48 -22 -30Q-14 -14 -26 4M24 -72Q32 -50 24 -32Q14 -16 24 2',
      veil,
      3.4,
      'opacity="0.7"',
    ),
    line('M-10 -72Q-16 -44 -6 -26Q2 -8 -8 10M10 -72Q18 -48 8 -28Q2 -12 10 8', veil, 5, 'opacity="0.75"'),
    path(
      'M-38 -70Q-40 -118 0 -120Q40 -118 38 -70Q30 -62 24 -70Q16 -60 8 -69Q0 -60 -8 -69Q-16 -60 -24 -70Q-30 -62 -38 -70Z',
      fade(lighter(main, 0.4), main),
      'opacity="0.94"',
    ),
    ellipse(-12, -100, 12, 8, '#ffffff', 'opacity="0.45" transform="rotate(-28 -12 -100)"'),
    circle(-10, -82, 3, INKY) + circle(12, -82, 3, INKY) + line('M-4 -77Q1 -73 6 -77', INKY, 1.8),
  ].join('');
}

export function starfish({ main, fade }: Ink): string {
  const points: number[] = [];
  for (let i = 0; i < 10; i++) {
    const angle = (i / 10) * 2 * Math.PI - Math.PI / 2;
    const r = i % 2 === 0 ? 38 : 16;
    points.push(r * Math.cos(angle), -26 + r * 0.76 * Math.sin(angle));
  }
  const dots = [0, -26, 0, -44, 17, -30, -17, -30, 10, -12, -10, -12]
    .flatMap((v, i, all) => (i % 2 === 0 ? [circle(v, all[i + 1] as number, 2.6, lighter(main, 0.5))] : []))
    .join('');
  return (
    blob(
      points,
      fade(lighter(main, 0.2), darker(main, 0.14)),
      `stroke="${main}" stroke-width="5" stroke-linejoin="round"`,
    ) + dots
  );
}

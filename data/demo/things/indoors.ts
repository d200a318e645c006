/** Furniture, and what stands on it. */
import { darker, lighter, shining } from '../colour.js';
import { circle, ellipse, line, path, polygon, puffs, rect } from '../shape.js';
import type { Ink } from '../stage.js';

export function table({ main, fade }: Ink): string {
  return [
    rect(-78, -96, 10, 92, darker(main, 0.36), 3) + rect(68, -96, 10, 92, darker(main, 0.36), 3),
    rect(-92, -100, 12, 100, fade(main, darker(main, 0.16)), 3) +
      rect(80, -100, 12, 100, fade(main, darker(main, 0.16)), 3),
    rect(-94, -98, 188, 12, darker(main, 0.2), 2),
    path('M-94 -110L94 -110L106 -98L-106 -98Z', lighter(main, 0.22)) +
      rect(-106, -99, 212, 8, fade(lighter(main, 0.06), main), 3),
  ].join('');
}

export function chair({ main, fade }: Ink): string {
  const wood = fade(lighter(main, 0.14), darker(main, 0.12));
  return [
    rect(-26, -66, 8, 60, darker(main, 0.36), 3) + rect(20, -66, 8, 60, darker(main, 0.36), 3),
    rect(-36, -140, 9, 84, wood, 4) + rect(27, -140, 9, 84, wood, 4),
    rect(-36, -140, 72, 15, wood, 6) + rect(-30, -114, 60, 10, wood, 4) + rect(-30, -94, 60, 10, wood, 4),
    rect(-40, -62, 9, 62, wood, 3) + rect(31, -62, 9, 62, wood, 3),
    path('M-36 -74L36 -74L43 -62L-43 -62Z', lighter(main, 0.24)) + rect(-43, -63, 86, 7, main, 3),
  ].join('');
}

export function armchair({ main, fade }: Ink): string {
  const cloth = fade(lighter(main, 0.16), darker(main, 0.12));
  return [
    rect(-60, -12, 10, 12, '#5b3d2c', 2) + rect(50, -12, 10, 12, '#5b3d2c', 2),
    rect(-62, -140, 124, 110, fade(lighter(main, 0.1), darker(main, 0.2)), 26),
    circle(-22, -112, 2.6, darker(main, 0.3)) +
      circle(22, -112, 2.6, darker(main, 0.3)) +
      circle(0, -96, 2.6, darker(main, 0.3)),
    rect(-48, -40, 96, 30, darker(main, 0.24), 6),
    rect(-50, -64, 100, 28, lighter(main, 0.2), 12),
    rect(-82, -84, 36, 76, cloth, 16) + rect(46, -84, 36, 76, cloth, 16),
    ellipse(-64, -76, 12, 5, lighter(main, 0.34), 'opacity="0.7"') +
      ellipse(64, -76, 12, 5, lighter(main, 0.34), 'opacity="0.7"'),
  ].join('');
}

export function floorLamp(ink: Ink): string {
  const { main, fade, night } = ink;
  return [
    ink.halo(0, -176, 120, '#ffe0a0', night ? 0.8 : 0.3),
    ellipse(0, -4, 25, 5.4, '#4b4650') + line('M0 -6L0 -176', '#5a5460', 4.4),
    polygon(
      [-24, -230, 24, -230, 41, -168, -41, -168],
      night
        ? fade(shining(lighter(main, 0.5)), shining(lighter(main, 0.25)))
        : fade(lighter(main, 0.3), main),
    ),
    rect(-42, -171, 84, 5, darker(main, 0.14), 2.5) + rect(-25, -232, 50, 4, darker(main, 0.14), 2),
  ].join('');
}

export function hangingLamp(ink: Ink): string {
  const { main, fade, night } = ink;
  return [
    line('M0 -90L0 -360', '#4a4652', 2.6),
    ink.halo(0, -12, 126, '#ffe3a6', night ? 0.9 : 0.4, 112),
    rect(-7, -96, 14, 14, '#4a4652', 3),
    ellipse(0, -22, 14, 11, shining('#fff4cf')),
    path(
      'M-10 -84L10 -84Q44 -70 48 -26Q0 -16 -48 -26Q-44 -70 -10 -84Z',
      fade(lighter(main, 0.2), darker(main, 0.12)),
    ),
    path(
      'M-10 -84L-2 -84Q-24 -64 -28 -23Q-40 -24 -48 -26Q-44 -70 -10 -84Z',
      lighter(main, 0.4),
      'opacity="0.45"',
    ),
  ].join('');
}

export function cup({ main, fade }: Ink): string {
  return [
    line('M-6 -74Q-12 -84 -4 -92M10 -72Q4 -84 12 -94', '#ffffff', 3, 'opacity="0.55"'),
    ellipse(0, -3, 42, 7, '#efe7da') + ellipse(0, -5, 34, 5, '#d9cfc0'),
    line('M28 -48Q50 -50 46 -32Q42 -20 24 -22', darker(main, 0.12), 7),
    path(
      'M-31 -60L31 -60Q32 -20 16 -7Q0 -2 -16 -7Q-32 -20 -31 -60Z',
      fade(lighter(main, 0.2), darker(main, 0.14)),
    ),
    ellipse(0, -60, 31, 7.4, lighter(main, 0.4)) + ellipse(0, -59, 26, 5.4, '#5f3c28'),
    line('M-21 -46Q-21 -28 -14 -18', '#ffffff', 4, 'opacity="0.4"'),
  ].join('');
}

export function teapot({ main, fade }: Ink): string {
  const coat = fade(lighter(main, 0.22), darker(main, 0.16));
  return [
    line('M-38 -58Q-70 -62 -64 -36Q-60 -20 -38 -20', darker(main, 0.14), 8),
    path('M34 -30Q52 -36 56 -60L70 -66Q66 -22 36 -12Z', darker(main, 0.08)),
    path('M-40 -40Q-40 -76 0 -76Q42 -76 42 -40Q42 -8 22 -2L-22 -2Q-40 -8 -40 -40Z', coat),
    ellipse(0, -74, 25, 6.4, darker(main, 0.12)) +
      path('M-22 -76Q0 -92 22 -76Z', lighter(main, 0.14)) +
      circle(0, -90, 6.4, darker(main, 0.1)),
    puffs([-10, -38, 6, 2, -44, 6, 12, -36, 6, 0, -30, 6], lighter(main, 0.6)) + circle(1, -37, 4, '#f4c64a'),
    ellipse(-22, -56, 5, 11, '#ffffff', 'opacity="0.4" transform="rotate(20 -22 -56)"'),
  ].join('');
}

export function apple({ main, fade }: Ink): string {
  return [
    path(
      'M0 -50Q-14 -58 -24 -46Q-34 -26 -18 -6Q-8 2 0 -2Q8 2 18 -6Q34 -26 24 -46Q14 -58 0 -50Z',
      fade(lighter(main, 0.16), darker(main, 0.2)),
    ),
    line('M0 -49Q0 -58 6 -63', '#5f3f2a', 3.4) + path('M4 -55Q12 -68 25 -62Q20 -51 4 -55Z', '#5fa04c'),
    ellipse(-13, -37, 4.4, 8, '#ffffff', 'opacity="0.45" transform="rotate(24 -13 -37)"'),
  ].join('');
}

export function orange({ fade }: Ink): string {
  return [
    circle(0, -27, 27.5, fade('#f9a94a', '#dd7517')),
    [-12, -20, 6, -12, 14, -28, -4, -36, -18, -32].reduce(
      (dots, x, i, all) => (i % 2 === 0 ? dots + circle(x, all[i + 1] as number, 1.2, '#c96510') : dots),
      '',
    ),
    circle(2, -51, 3, '#6b7a35') + path('M3 -52Q14 -64 26 -56Q16 -47 3 -52Z', '#4f9150'),
    ellipse(-11, -38, 6, 4.4, '#ffffff', 'opacity="0.4" transform="rotate(-30 -11 -38)"'),
  ].join('');
}

export function pear({ main, fade }: Ink): string {
  return [
    path(
      'M0 -68Q-12 -66 -13 -52Q-14 -42 -22 -32Q-32 -14 -18 -4Q0 3 18 -4Q32 -14 22 -32Q14 -42 13 -52Q12 -66 0 -68Z',
      fade(lighter(main, 0.24), darker(main, 0.16)),
    ),
    line('M0 -66Q1 -74 6 -79', '#5f3f2a', 3.6) + path('M3 -70Q12 -82 24 -76Q18 -66 3 -70Z', '#4f9150'),
    ellipse(-11, -24, 5, 10, '#ffffff', 'opacity="0.38" transform="rotate(18 -11 -24)"'),
  ].join('');
}

export function banana({ fade }: Ink): string {
  return [
    path('M-46 -40Q-40 -2 8 0Q40 -2 50 -22Q34 -12 10 -16Q-22 -20 -36 -43Z', fade('#f9d54c', '#dba428')),
    path('M-42 -34Q-24 -4 14 -6Q38 -8 49 -21Q36 -2 8 0Q-36 -2 -42 -34Z', '#c88f20', 'opacity="0.45"'),
    line('M-41 -41L-44 -47', '#7b5a28', 6) + circle(49, -22, 3.4, '#7b5a28'),
  ].join('');
}

export function vase({ main, fade, random }: Ink): string {
  const petals = random.pick(['#f3a0b8', '#f7d26a', '#f0efe9', '#e98a5c', '#b59ad6']);
  const bloom = (x: number, y: number, r: number): string =>
    puffs([x - r, y, r, x + r, y, r, x, y - r, r, x, y + r, r], petals) + circle(x, y, r * 0.62, '#f2b73c');
  return [
    line(
      'M-2 -70Q-22 -100 -32 -124M0 -70Q-2 -110 0 -142M2 -70Q24 -100 34 -126M0 -70Q-10 -100 -14 -112M0 -70Q14 -96 16 -112',
      '#4b8d52',
      3.4,
    ),
    path('M-6 -84Q-44 -78 -46 -100Q-20 -104 -6 -84Z', '#5a9f5b') +
      path('M6 -84Q42 -78 46 -98Q22 -104 6 -84Z', '#4b8d52'),
    bloom(-34, -128, 9.5) +
      bloom(0, -150, 10.5) +
      bloom(35, -130, 9.5) +
      bloom(-14, -112, 8) +
      bloom(17, -112, 8),
    path(
      'M-15 -76L15 -76Q12 -62 24 -46Q34 -18 18 -1L-18 -1Q-34 -18 -24 -46Q-12 -62 -15 -76Z',
      fade(lighter(main, 0.2), darker(main, 0.16)),
    ),
    rect(-18, -79, 36, 7, lighter(main, 0.2), 3.5) +
      ellipse(-14, -34, 4.6, 14, '#ffffff', 'opacity="0.38" transform="rotate(8 -14 -34)"'),
  ].join('');
}

export function book({ main, fade }: Ink): string {
  return [
    rect(-48, -20, 98, 16, '#f6eedd', 2) + line('M-46 -15L48 -15M-46 -10L48 -10', '#d6c9ae', 1.2),
    path(
      'M52 -24L-42 -24Q-52 -24 -52 -12Q-52 0 -42 0L52 0L52 -5L-40 -5Q-46 -5 -46 -12Q-46 -19 -40 -19L52 -19Z',
      fade(lighter(main, 0.12), darker(main, 0.14)),
    ),
  ].join('');
}

export function cake({ main, fade }: Ink): string {
  const drip =
    'M-54 -58Q-54 -66 -44 -66L44 -66Q54 -66 54 -58L54 -44Q48 -34 42 -46Q34 -36 28 -46Q20 -30 12 -46Q4 -36 -4 -46Q-12 -30 -20 -46Q-28 -36 -34 -46Q-44 -32 -54 -46Z';
  return [
    ellipse(0, -2, 68, 8, '#efe7da') + rect(-14, -8, 28, 8, '#d9cfc0', 3),
    rect(-54, -60, 108, 56, fade('#f3d9ab', '#d9b57d'), 6) + rect(-54, -30, 108, 6, '#fff6e6'),
    path(drip, fade(lighter(main, 0.16), darker(main, 0.06))),
    [-32, 0, 32]
      .map((x) => circle(x, -72, 8, '#cf3b45') + circle(x - 2.5, -75, 2, '#ffffff', 'opacity="0.6"'))
      .join(''),
  ].join('');
}

/** What floats on water or in the air. */
import { darker, lighter, shining } from '../colour.js';
import { circle, ellipse, group, line, path, polygon, rect } from '../shape.js';
import type { Ink } from '../stage.js';

/** Foam where a hull meets the water. */
function wake(half: number): string {
  return line(
    `M${-half} 2Q0 6 ${half} 2M${-half * 0.6} 7Q0 10 ${half * 0.7} 7`,
    '#ffffff',
    2.4,
    'opacity="0.6"',
  );
}

export function rowingBoat({ main, fade }: Ink): string {
  return [
    path('M-70 -30Q0 -20 72 -34L60 -22Q0 -14 -60 -20Z', '#5f4230'),
    rect(-30, -28, 10, 6, '#c99a67', 2) + rect(10, -28, 10, 6, '#c99a67', 2),
    path(
      'M-74 -32Q0 -14 76 -38Q66 -2 46 1L-44 1Q-66 -2 -74 -32Z',
      fade(lighter(main, 0.18), darker(main, 0.2)),
    ),
    line('M-73 -31Q0 -13 75 -37', lighter(main, 0.55), 4),
    line('M-64 -14Q0 0 66 -18', darker(main, 0.25), 2),
    line('M-10 -24L-52 4', '#b98a58', 4) + ellipse(-56, 6, 11, 4, '#b98a58', 'transform="rotate(-34 -56 6)"'),
    wake(78),
  ].join('');
}

export function sailingBoat({ main, fade }: Ink): string {
  return [
    line('M2 -24L2 -166', '#7b5c42', 4.4),
    path('M-4 -158Q-16 -92 -64 -36Q-28 -32 -4 -34Z', fade(lighter(main, 0.16), darker(main, 0.14))),
    path('M8 -150Q34 -96 62 -38Q30 -30 8 -34Z', fade(lighter(main, 0.4), lighter(main, 0.08))),
    line('M-14 -112L-5 -112M-33 -76L-5 -74', darker(main, 0.2), 1.6, 'opacity="0.7"'),
    path('M2 -168L22 -162 2 -156Z', '#f2efe8'),
    path('M-66 -24L70 -28Q60 0 42 2L-40 2Q-58 0 -66 -24Z', fade('#a8693d', '#6f4128')),
    line('M-65 -22L68 -26', '#f5ead7', 4),
    wake(72),
  ].join('');
}

export function fishingBoat({ main, fade, night }: Ink): string {
  const pane = night ? shining('#ffd98f') : '#bfe0ef';
  return [
    line('M-54 -40L-54 -112M-54 -108L-90 -46M-54 -108L-8 -70', '#6c5140', 3.4),
    line('M64 -46L64 -84', '#6c5140', 3),
    rect(-18, -78, 60, 44, fade('#fbf6ea', '#ded6c8'), 4) + rect(-24, -84, 72, 9, darker(main, 0.1), 4.5),
    rect(-10, -70, 18, 16, pane, 3) + rect(16, -70, 18, 16, pane, 3),
    path(
      'M-92 -38Q-40 -32 40 -36Q76 -40 100 -56Q92 -2 64 2L-66 2Q-86 -2 -92 -38Z',
      fade(lighter(main, 0.16), darker(main, 0.22)),
    ),
    path('M-91 -37Q-40 -31 40 -35Q76 -39 100 -55L98 -47Q76 -32 40 -28Q-40 -24 -90 -30Z', '#f5efe2'),
    path('M-84 -10Q0 -4 86 -14Q78 0 64 2L-66 2Q-78 0 -84 -10Z', darker(main, 0.42)),
    circle(-62, -18, 7, '#f2efe8') + circle(-62, -18, 3.4, darker(main, 0.3)),
    night
      ? circle(-54, -114, 13, shining('#fff0c4'), 'opacity="0.3"') + circle(-54, -114, 4, shining('#fff6dc'))
      : '',
    wake(98),
  ].join('');
}

export function balloon({ main, fade, random }: Ink): string {
  const band = random.pick(['#fdf3df', lighter(main, 0.55), darker(main, 0.32)]);
  return [
    line('M-17 -44L-10 -20M17 -44L10 -20M-6 -40L-5 -20M6 -40L5 -20', '#6b5443', 1.8),
    path(
      'M0 -150C-36 -150 -54 -124 -54 -98C-54 -72 -26 -54 -18 -40L18 -40C26 -54 54 -72 54 -98C54 -124 36 -150 0 -150Z',
      fade(lighter(main, 0.16), darker(main, 0.14)),
    ),
    path(
      'M0 -150C-22 -146 -34 -124 -34 -98C-34 -72 -16 -54 -11 -40L-4 -40C-8 -56 -14 -74 -14 -98C-14 -124 -8 -146 0 -150Z',
      band,
    ),
    path(
      'M0 -150C22 -146 34 -124 34 -98C34 -72 16 -54 11 -40L4 -40C8 -56 14 -74 14 -98C14 -124 8 -146 0 -150Z',
      band,
    ),
    path(
      'M20 -146C44 -134 54 -116 54 -98C54 -72 26 -54 18 -40L11 -40C18 -56 40 -74 40 -100C40 -120 32 -138 20 -146Z',
      darker(main, 0.3),
      'opacity="0.4"',
    ),
    ellipse(-34, -114, 7, 17, '#ffffff', 'opacity="0.35" transform="rotate(16 -34 -114)"'),
    rect(-18, -42, 36, 5, darker(main, 0.35), 2.5),
    path('M-12 -20L12 -20L10 -1Q0 2 -10 -1Z', fade('#b17a45', '#7d5230')) +
      rect(-14, -22, 28, 5, '#8d5d35', 2.5),
  ].join('');
}

/** The tail hangs below, so the kite itself is drawn well above its foot. */
export function kite({ main, fade }: Ink): string {
  const bows = [14, 30, 46]
    .map((y, i) => {
      const x = [4, -5, 5][i] as number;
      return (
        polygon([x - 9, y - 5, x, y, x - 9, y + 5], darker(main, 0.12)) +
        polygon([x + 9, y - 5, x, y, x + 9, y + 5], lighter(main, 0.3))
      );
    })
    .join('');
  const whole = [
    line('M0 -2Q10 10 3 20Q-10 32 3 42Q12 52 0 64', '#f4efe6', 2.2),
    bows,
    polygon([0, -92, 34, -54, 0, 0, -34, -54], main),
    polygon([0, -92, 0, -54, -34, -54], fade(lighter(main, 0.3), lighter(main, 0.3))),
    polygon([0, -54, 34, -54, 0, 0], fade(darker(main, 0.14), darker(main, 0.2))),
    line('M0 -92L0 0M-34 -54L34 -54', lighter(main, 0.6), 2),
  ].join('');
  return group(whole, 'translate(0 -62) scale(0.94)');
}

export function aeroplane({ main, fade, night }: Ink): string {
  const glass = night ? shining('#ffe3a3') : '#9fd3ea';
  const windows = Array.from({ length: 7 }, (_, i) => circle(-32 + i * 13, -36, 3.1, glass)).join('');
  return [
    polygon([8, -42, -22, -68, -36, -68, -18, -42], darker(main, 0.26)),
    path('M-62 -42L-88 -70L-72 -70L-42 -46Z', darker(main, 0.14)),
    path(
      'M-80 -40Q-60 -48 30 -48Q70 -48 84 -34Q72 -20 30 -20Q-40 -20 -80 -40Z',
      fade(lighter(main, 0.24), darker(main, 0.2)),
    ),
    path('M58 -46Q72 -44 78 -38L58 -38Z', glass),
    windows,
    line('M-74 -38L82 -32', '#ffffff', 2, 'opacity="0.5"'),
    path('M14 -30L-30 2L-46 2L-22 -30Z', fade(lighter(main, 0.1), darker(main, 0.24))),
    path('M-60 -34L-80 -22L-68 -22L-46 -32Z', darker(main, 0.2)),
    ellipse(-8, -12, 11, 5.4, darker(main, 0.4)),
    night ? circle(84, -34, 3, shining('#ff6a5a')) + circle(-42, 2, 3, shining('#7dff9a')) : '',
  ].join('');
}

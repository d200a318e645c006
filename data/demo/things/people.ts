/** People, simply dressed; their skin and hair are as varied as people's are. */
import { darker, lighter } from '../colour.js';
import { circle, ellipse, line, path, rect } from '../shape.js';
import type { Ink } from '../stage.js';

const SKINS = ['#f3cfb0', '#e2ad84', '#c68a5e', '#9a6238', '#6f452b', '#f6d9c4'] as const;
const HAIRS = ['#2b2124', '#4b2f22', '#7a4a28', '#c58b45', '#a2452a', '#1d1b22'] as const;
const TROUSERS = ['#3a4563', '#4c4450', '#35505c', '#5b4a3e'] as const;

interface Looks {
  readonly skin: string;
  readonly hair: string;
  readonly trousers: string;
}

function looks({ random }: Ink): Looks {
  return { skin: random.pick(SKINS), hair: random.pick(HAIRS), trousers: random.pick(TROUSERS) };
}

function face(y: number, r: number, skin: string): string {
  return [
    circle(0, y, r, skin),
    circle(-r * 0.36, y + 1, r * 0.1, '#3a2a2c') + circle(r * 0.36, y + 1, r * 0.1, '#3a2a2c'),
    line(
      `M${-r * 0.24} ${y + r * 0.42}Q0 ${y + r * 0.62} ${r * 0.24} ${y + r * 0.42}`,
      darker(skin, 0.45),
      1.4,
    ),
    ellipse(-r * 0.58, y + r * 0.36, r * 0.17, r * 0.12, '#e8817a', 'opacity="0.5"'),
    ellipse(r * 0.58, y + r * 0.36, r * 0.17, r * 0.12, '#e8817a', 'opacity="0.5"'),
  ].join('');
}

function shoes(x: number, colour: string, w = 15): string {
  return rect(-x - w * 0.65, -8, w, 8, colour, 4) + rect(x - w * 0.35, -8, w, 8, colour, 4);
}

export function child(ink: Ink): string {
  const { main, fade, snowy } = ink;
  const { skin, hair, trousers } = looks(ink);
  const cap =
    path('M-19 -103Q-18 -124 0 -124Q18 -124 19 -103Q0 -110 -19 -103Z', darker(main, 0.12)) +
    rect(-20, -107, 40, 7, lighter(main, 0.45), 3.5) +
    circle(0, -126, 6, lighter(main, 0.6));
  return [
    rect(-15, -38, 12, 36, trousers, 4) + rect(3, -38, 12, 36, darker(trousers, 0.12), 4),
    shoes(9, '#5b3a2c'),
    line('M-19 -76Q-30 -62 -30 -46', darker(main, 0.14), 11) +
      line('M19 -76Q30 -62 30 -46', darker(main, 0.14), 11),
    circle(-30, -42, 5.4, skin) + circle(30, -42, 5.4, skin),
    path(
      'M-20 -83Q0 -92 20 -83Q27 -56 27 -31Q0 -25 -27 -31Q-27 -56 -20 -83Z',
      fade(lighter(main, 0.14), darker(main, 0.1)),
    ),
    line('M0 -84L0 -29', darker(main, 0.26), 1.8),
    circle(4.5, -70, 1.8, '#ffffff') + circle(4.5, -58, 1.8, '#ffffff') + circle(4.5, -46, 1.8, '#ffffff'),
    circle(0, -103, 19.6, hair),
    face(-101, 17, skin),
    snowy
      ? cap
      : path('M-18.5 -101Q-18 -122 0 -122Q18 -122 18.5 -101Q10 -113 -2 -112Q-12 -112 -18.5 -101Z', hair),
  ].join('');
}

export function woman(ink: Ink): string {
  const { main, fade } = ink;
  const { skin, hair } = looks(ink);
  return [
    path('M-19 -146Q-24 -104 -15 -98L15 -98Q24 -104 19 -146Z', hair),
    rect(-11, -44, 8, 38, skin, 3) + rect(3, -44, 8, 38, skin, 3),
    shoes(7, '#5a3140', 13),
    line('M-16 -112Q-26 -94 -25 -76', skin, 8) + line('M16 -112Q26 -94 25 -76', skin, 8),
    path(
      'M-17 -118Q0 -124 17 -118Q15 -100 13 -88L31 -38Q0 -28 -31 -38L-13 -88Q-15 -100 -17 -118Z',
      fade(lighter(main, 0.16), darker(main, 0.12)),
    ),
    line('M-17 -114Q-22 -106 -23 -98M17 -114Q22 -106 23 -98', main, 9),
    rect(-13.5, -91, 27, 6, lighter(main, 0.65), 3),
    line('M-8 -80L-15 -38M8 -80L15 -38', darker(main, 0.16), 1.6),
    rect(-5, -126, 10, 10, darker(skin, 0.12), 4),
    face(-139, 16, skin),
    path('M-17.5 -136Q-20 -160 0 -160Q20 -160 17.5 -136Q12 -150 2 -151Q-10 -150 -17.5 -136Z', hair),
  ].join('');
}

export function man(ink: Ink): string {
  const { main, fade } = ink;
  const { skin, hair, trousers } = looks(ink);
  return [
    path('M-17 -72L17 -72L15 -4L3 -4L0 -54L-3 -4L-15 -4Z', trousers),
    shoes(9, '#3d2c28'),
    line('M-21 -112Q-29 -92 -27 -70', darker(main, 0.14), 11) +
      line('M21 -112Q29 -92 27 -70', darker(main, 0.14), 11),
    circle(-27, -65, 5.5, skin) + circle(27, -65, 5.5, skin),
    path('M-23 -119Q0 -127 23 -119L20 -66Q0 -61 -20 -66Z', fade(lighter(main, 0.14), darker(main, 0.12))),
    path('M-6 -122L0 -106L6 -122Z', '#f6f0e6') + line('M0 -106L0 -65', darker(main, 0.3), 1.8),
    rect(-6, -130, 12, 11, darker(skin, 0.12), 4),
    face(-143, 16, skin),
    path('M-16.5 -142Q-19 -162 0 -163Q19 -162 16.5 -142Q13 -152 2 -153Q-10 -153 -16.5 -142Z', hair),
  ].join('');
}

/** Someone under an umbrella. The umbrella has the colour; the coat is plain so that nothing else claims it. */
export function walker(ink: Ink): string {
  const { main, fade } = ink;
  const { skin, hair } = looks(ink);
  const coat = ink.random.pick(['#5a6274', '#6d6258', '#4f5f63']);
  return [
    line('M-8 -44L-14 -5', '#3a3d4c', 11) + line('M6 -44L14 -5', '#2e313e', 11),
    rect(-22, -8, 17, 8, '#272530', 4) + rect(8, -8, 17, 8, '#272530', 4),
    path('M-20 -112Q0 -119 20 -112L25 -42Q0 -36 -25 -42Z', fade(lighter(coat, 0.12), darker(coat, 0.12))),
    line('M0 -113L0 -41', darker(coat, 0.3), 1.6),
    rect(-14, -120, 28, 9, '#e6ddcd', 4.5),
    face(-131, 15, skin),
    path('M-16 -130Q-18 -149 0 -149Q18 -149 16 -130Q12 -140 2 -141Q-9 -141 -16 -130Z', hair),
    line('M26 -82L26 -186', '#4a3a34', 3.4),
    line('M18 -106Q28 -96 26 -86', darker(coat, 0.16), 10) + circle(26, -85, 5.4, skin),
    path(
      'M-46 -146Q-40 -190 22 -194Q84 -190 92 -146Q84 -154 69 -146Q56 -154 46 -147Q34 -155 22 -147Q10 -155 0 -147Q-12 -154 -24 -146Q-38 -154 -46 -146Z',
      fade(lighter(main, 0.2), darker(main, 0.1)),
    ),
    path(
      'M22 -194Q-2 -176 0 -147Q10 -155 22 -147Q34 -155 46 -147Q46 -176 22 -194Z',
      lighter(main, 0.18),
      'opacity="0.7"',
    ),
    line('M22 -194L22 -200', '#4a3a34', 3),
  ].join('');
}

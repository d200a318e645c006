/** What grows. */
import { darker, lighter } from '../colour.js';
import { circle, ellipse, group, line, path, polygon, puffs, rect } from '../shape.js';
import type { Ink } from '../stage.js';

const GREENS = ['#4a9a55', '#3f8f5e', '#5fa04c', '#3b8a6b'] as const;

export function tree({ fade, random, snowy }: Ink): string {
  const leaf = random.pick(GREENS);
  const crown = [
    -48, -150, 40, -6, -136, 34, 44, -150, 40, -26, -190, 44, 30, -194, 42, 0, -214, 34, -64, -166, 24, 66,
    -166, 22,
  ];
  return [
    path('M-13 0Q-8 -60 -10 -120L10 -120Q8 -60 14 0Q0 4 -13 0Z', fade('#7b5236', '#5a3a29')),
    line('M-4 -104L-28 -136M4 -108L28 -138', '#6b4630', 7),
    puffs(crown, fade(lighter(leaf, 0.16), darker(leaf, 0.26))),
    puffs([-34, -178, 25, 18, -206, 23, -4, -168, 18], lighter(leaf, 0.24), 'opacity="0.7"'),
    puffs([54, -140, 13, 20, -132, 12, -40, -132, 12], darker(leaf, 0.34), 'opacity="0.45"'),
    snowy
      ? puffs(
          [-40, -212, 20, 0, -234, 22, 36, -216, 20, -72, -178, 13, 70, -178, 12],
          '#ffffff',
          'opacity="0.95"',
        )
      : '',
  ].join('');
}

export function pineTree({ fade, random, snowy }: Ink): string {
  const leaf = random.pick(['#2f7357', '#35795a', '#2b6b5f']);
  const tier = (y: number, half: number, high: number): string => {
    const d = `M0 ${y - high}L${half} ${y}Q${half * 0.7} ${y - 5} ${half * 0.5} ${y + 3}Q${half * 0.25} ${y - 4} 0 ${y + 5}Q${-half * 0.25} ${y - 4} ${-half * 0.5} ${y + 3}Q${-half * 0.7} ${y - 5} ${-half} ${y}Z`;
    const snow = `M0 ${y - high}L${half * 0.56} ${y - high * 0.44}Q${half * 0.3} ${y - high * 0.5} ${half * 0.14} ${y - high * 0.36}Q${-half * 0.2} ${y - high * 0.52} ${-half * 0.56} ${y - high * 0.44}Z`;
    return [
      path(d, fade(lighter(leaf, 0.14), darker(leaf, 0.24))),
      path(
        `M0 ${y - high}L${half} ${y}Q${half * 0.7} ${y - 5} ${half * 0.5} ${y + 3}L8 ${y}Z`,
        darker(leaf, 0.34),
        'opacity="0.4"',
      ),
      snowy ? path(snow, '#ffffff', 'opacity="0.94"') : '',
    ].join('');
  };
  return (
    rect(-8, -34, 16, 34, '#6b4733', 3) +
    tier(-24, 62, 88) +
    tier(-76, 52, 82) +
    tier(-124, 41, 72) +
    tier(-166, 29, 74)
  );
}

function frond(angle: number, long: number, colour: string): string {
  return group(
    path(
      `M0 0Q${long * 0.4} -34 ${long} 8Q${long * 0.86} -2 ${long * 0.8} 8Q${long * 0.7} -6 ${long * 0.6} 3Q${long * 0.5} -10 ${long * 0.4} 0Q${long * 0.3} -10 0 0Z`,
      colour,
    ),
    angle > 90 ? `scale(-1 1) rotate(${Math.round(angle - 180)})` : `rotate(${Math.round(angle)})`,
  );
}

export function palmTree({ fade, random }: Ink): string {
  const lean = random.between(16, 34);
  const leaf = '#3d9a5b';
  const crown = [
    frond(-62, 74, darker(leaf, 0.3)),
    frond(240, 74, darker(leaf, 0.3)),
    frond(-30, 88, darker(leaf, 0.14)),
    frond(212, 88, darker(leaf, 0.14)),
    frond(24, 84, leaf),
    frond(158, 84, leaf),
    frond(-4, 94, lighter(leaf, 0.1)),
    frond(184, 94, lighter(leaf, 0.1)),
    circle(-5, 5, 7, '#7a4f32') + circle(7, 6, 7, '#6a4229'),
  ].join('');
  const rings = [-40, -80, -120, -160]
    .map((y) => line(`M${lean * (y / -200) ** 1.6 - 7} ${y}l15 -3`, '#6d4a30', 2))
    .join('');
  return [
    path(
      `M-12 0Q-6 -110 ${lean - 5} -200L${lean + 6} -200Q8 -110 11 0Q0 4 -12 0Z`,
      fade('#a5794f', '#82593a'),
    ),
    rings,
    group(crown, `translate(${lean.toFixed(1)} -202)`),
  ].join('');
}

export function cactus({ fade, random }: Ink): string {
  const body = '#4c9462';
  const arm = (d: string): string => line(d, '#417f55', 21) + line(d, body, 15);
  return [
    arm('M0 -58Q-32 -56 -32 -78L-32 -98'),
    arm('M0 -44Q30 -42 30 -66L30 -92'),
    rect(-16, -148, 32, 150, fade(lighter(body, 0.14), darker(body, 0.2)), 16),
    line(
      'M-6 -138L-6 -8M5 -140L5 -8M-32 -96L-32 -76M30 -90L30 -66',
      lighter(body, 0.3),
      1.6,
      'opacity="0.8"',
    ),
    random.chance(0.6) ? puffs([-5, -149, 6, 5, -149, 6, 0, -154, 6], '#f285a5') : '',
  ].join('');
}

export function tulip({ main, fade }: Ink): string {
  return [
    path('M-3 0Q-26 -10 -20 -48Q-6 -30 -1 -4Z', '#4f9d58') + path('M3 0Q24 -8 21 -42Q6 -26 1 -4Z', '#3f8a4f'),
    line('M0 0Q2 -30 0 -56', '#3f8a4f', 4.6),
    path(
      'M-17 -82Q-22 -52 0 -50Q22 -52 17 -82L8 -70L0 -88L-8 -70Z',
      fade(lighter(main, 0.2), darker(main, 0.14)),
    ),
    path('M-9 -70Q-12 -54 0 -50Q12 -54 9 -70L0 -86Z', lighter(main, 0.16)),
  ].join('');
}

export function sunflower({ fade, random }: Ink): string {
  const petals = Array.from({ length: 16 }, (_, i) =>
    group(ellipse(0, -25, 6.6, 13, i % 2 === 0 ? '#f8c62f' : '#f0ad22'), `rotate(${i * 22.5})`),
  ).join('');
  const tilt = Math.round(random.between(-12, 12));
  return [
    line('M0 0Q-4 -60 0 -112', '#4b8d47', 6.4),
    path('M-2 -36Q-34 -40 -36 -66Q-8 -64 -2 -36Z', fade('#63a955', '#45873f')),
    path('M2 -54Q34 -58 34 -82Q8 -82 2 -54Z', fade('#63a955', '#45873f')),
    group(
      petals + circle(0, 0, 16.5, '#6f4327') + circle(0, 0, 10, '#53301d'),
      `translate(0 -114) rotate(${tilt})`,
    ),
  ].join('');
}

export function mushroom({ main, fade }: Ink): string {
  const dots = '#fdf6e8';
  return [
    path('M-13 -40Q-10 -16 -17 -2Q0 5 17 -2Q10 -16 13 -40Z', fade('#fbf2e0', '#dccbb0')),
    path('M-24 -36Q0 -26 24 -36L14 -28Q0 -24 -14 -28Z', '#cbb898'),
    path(
      'M-40 -38Q-36 -80 0 -80Q36 -80 40 -38Q0 -26 -40 -38Z',
      fade(lighter(main, 0.16), darker(main, 0.12)),
    ),
    ellipse(-14, -60, 7.5, 6, dots) +
      ellipse(10, -68, 6, 4.6, dots) +
      ellipse(22, -50, 6.5, 5.4, dots) +
      ellipse(0, -46, 5, 4, dots) +
      ellipse(-28, -44, 4.4, 3.8, dots),
  ].join('');
}

export function pumpkin({ fade }: Ink): string {
  const skin = fade('#f29a3c', '#cf6a1e');
  const whole = [
    line('M0 -64Q0 -76 10 -78', '#6a7a3a', 7),
    ellipse(-27, -33, 22, 31, '#d8731f') + ellipse(27, -33, 22, 31, '#d0691b'),
    ellipse(-14, -34, 20, 34, skin) + ellipse(14, -34, 20, 34, skin),
    ellipse(0, -34, 15, 35, fade('#f8ad52', '#dd7a26')),
    path('M4 -64Q20 -80 34 -68Q22 -58 4 -64Z', '#5f9b4a'),
  ].join('');
  return group(whole, 'scale(0.76)');
}

function blade(angle: number, long: number, colour: string): string {
  return group(
    path(`M0 0Q-18 ${-long * 0.5} 0 ${-long}Q18 ${-long * 0.5} 0 0Z`, colour),
    `translate(0 -50) rotate(${angle})`,
  );
}

export function potPlant({ fade, random }: Ink): string {
  const leaf = random.pick(GREENS);
  return [
    blade(-52, 74, darker(leaf, 0.26)) +
      blade(54, 72, darker(leaf, 0.22)) +
      blade(-28, 94, darker(leaf, 0.1)),
    blade(30, 92, leaf) +
      blade(0, 106, lighter(leaf, 0.12)) +
      blade(-72, 50, leaf) +
      blade(72, 48, lighter(leaf, 0.06)),
    polygon([-28, -52, 28, -52, 20, 0, -20, 0], fade('#d98d62', '#b0663f')),
    rect(-32, -58, 64, 11, '#c9784d', 4),
  ].join('');
}

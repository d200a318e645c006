/** What drives. All look to the right. */
import { darker, lighter, shining } from '../colour.js';
import { circle, ellipse, group, line, path, polygon, rect } from '../shape.js';
import type { Ink } from '../stage.js';

const TYRE = '#27262d';

function wheel(x: number, r: number, hub = '#c9ced6'): string {
  return circle(x, -r, r, TYRE) + circle(x, -r, r * 0.56, hub) + circle(x, -r, r * 0.2, '#5c616b');
}

function pane(night: boolean): string {
  return night ? shining('#ffdf97') : '#bfe3f2';
}

/** A cone of light from a lamp at x, y. */
function beam({ night }: Ink, x: number, y: number, long: number): string {
  if (!night) return '';
  const cone = (length: number, strength: number): string =>
    polygon(
      [x, y - 3, x + length, y - 12, x + length, -2, x, y + 4],
      shining('#fff1c0'),
      `opacity="${strength}"`,
    );
  return (
    cone(long, 0.13) +
    cone(long * 0.7, 0.13) +
    cone(long * 0.4, 0.16) +
    ellipse(x, y, 9, 8, shining('#fff6d6'), 'opacity="0.7"')
  );
}

function lamp({ night }: Ink, x: number, y: number): string {
  return ellipse(x, y, 4.5, 5.5, night ? shining('#fffbe8') : '#fdf0bf');
}

export function car(ink: Ink): string {
  const { main, fade, night } = ink;
  return [
    beam(ink, 94, -31, 120),
    path('M-54 -46Q-42 -78 -28 -80L22 -80Q38 -78 56 -46Z', fade(lighter(main, 0.12), darker(main, 0.08))),
    path('M-43 -48Q-34 -71 -25 -72L-6 -72-6 -48Z', pane(night)) +
      path('M2 -72L20 -72Q31 -70 44 -48L2 -48Z', pane(night)),
    night ? '' : polygon([8, -72, 18, -72, 6, -50, 2, -50, 2, -60], '#ffffff', 'opacity="0.4"'),
    path(
      'M-92 -16Q-96 -42 -82 -46L52 -50Q86 -47 93 -34Q97 -24 93 -14Q0 -8 -92 -16Z',
      fade(lighter(main, 0.2), darker(main, 0.16)),
    ),
    path('M-92 -18Q0 -24 94 -20L93 -13Q0 -8 -92 -15Z', darker(main, 0.34)),
    line('M-2 -48L-2 -20M-50 -46Q-52 -30 -44 -20', darker(main, 0.26), 1.8),
    rect(-18, -40, 11, 3.4, darker(main, 0.34), 1.7) + rect(28, -40, 11, 3.4, darker(main, 0.34), 1.7),
    line('M-80 -42L50 -45', lighter(main, 0.5), 2, 'opacity="0.7"'),
    rect(-93, -38, 6, 12, night ? shining('#ff5a4f') : '#c4302f', 3),
    lamp(ink, 89, -32),
    wheel(-54, 19) + wheel(54, 19),
  ].join('');
}

export function bus(ink: Ink): string {
  const { main, fade, night } = ink;
  const windows = [-120, -80, -40, 0, 40].map((x) => rect(x, -112, 34, 36, pane(night), 5)).join('');
  return [
    beam(ink, 134, -26, 120),
    rect(-134, -130, 268, 116, fade(lighter(main, 0.18), darker(main, 0.14)), 16),
    rect(-134, -40, 268, 12, lighter(main, 0.75)),
    rect(-132, -20, 264, 9, darker(main, 0.4), 4),
    windows,
    rect(84, -112, 22, 90, night ? shining('#ffe7ac') : '#d4edf5', 4) +
      line('M95 -110L95 -24', darker(main, 0.3), 2),
    path('M112 -112L124 -112Q134 -110 134 -96L134 -66L112 -66Z', pane(night)),
    rect(-100, -127, 180, 6, darker(main, 0.2), 3),
    rect(-134, -62, 5, 14, night ? shining('#ff5a4f') : '#c4302f', 2),
    lamp(ink, 129, -26),
    wheel(-80, 21) + wheel(70, 21),
  ].join('');
}

export function truck(ink: Ink): string {
  const { main, fade, night } = ink;
  return [
    beam(ink, 123, -28, 110),
    rect(-122, -120, 166, 94, fade('#f5f1e8', '#d6d2cc'), 5),
    rect(-122, -56, 166, 13, main) + line('M-80 -118L-80 -58M-38 -118L-38 -58M4 -118L4 -58', '#c9c4bd', 1.6),
    rect(-124, -28, 236, 12, '#4a4d57', 3),
    path(
      'M48 -20L48 -92Q48 -98 56 -98L88 -98Q100 -96 106 -76L114 -54Q124 -52 124 -40L124 -20Z',
      fade(lighter(main, 0.2), darker(main, 0.14)),
    ),
    path('M66 -90L86 -90Q94 -88 98 -76L104 -58L66 -58Z', pane(night)),
    line('M60 -94L60 -24', darker(main, 0.3), 2) + rect(66, -48, 12, 3.4, darker(main, 0.4), 1.7),
    lamp(ink, 119, -32) + rect(108, -22, 18, 8, '#5c616b', 3),
    wheel(-88, 20) + wheel(-42, 20) + wheel(84, 20),
  ].join('');
}

function bicycleWheel(x: number): string {
  const spokes = Array.from({ length: 8 }, (_, i) => {
    const a = (i / 8) * Math.PI;
    const [dx, dy] = [Math.cos(a) * 25, Math.sin(a) * 25];
    return `M${(x - dx).toFixed(1)} ${(-28 - dy).toFixed(1)}L${(x + dx).toFixed(1)} ${(-28 + dy).toFixed(1)}`;
  }).join('');
  return line(spokes, '#b9bec7', 0.9) + circle(x, -28, 26, 'none', `stroke="${TYRE}" stroke-width="4.4"`);
}

export function bicycle({ main }: Ink): string {
  return [
    bicycleWheel(-38) + bicycleWheel(38),
    line('M-38 -28L-4 -28 26 -66 -16 -64 -38 -28M-16 -64L-4 -28', main, 5.6),
    line('M38 -28L24 -74', main, 5.6),
    line('M-16 -64L-19 -74', '#6d727c', 4) + rect(-31, -79, 24, 7, '#3d3230', 3.5),
    line('M24 -74L34 -80Q42 -80 40 -72', '#4b4f59', 4),
    circle(-4, -28, 7, '#5c616b') + line('M-4 -28L4 -15M0 -14L9 -15', '#3b3f48', 3.4),
  ].join('');
}

export function tractor(ink: Ink): string {
  const { main, fade, night } = ink;
  return [
    beam(ink, 76, -62, 90),
    line('M40 -78L40 -112', '#4b4f59', 6),
    path('M-20 -40L-20 -76L60 -76Q76 -74 78 -60L78 -36L0 -30Z', fade(lighter(main, 0.2), darker(main, 0.14))),
    line('M22 -70L22 -46M34 -70L34 -46M46 -70L46 -46', darker(main, 0.34), 3),
    path('M-56 -46L-48 -116L-2 -116L4 -62L-20 -46Z', pane(night), 'opacity="0.92"'),
    line('M-55 -54L-47 -114M-3 -114L4 -64M-26 -114L-26 -58', darker(main, 0.1), 4.5),
    rect(-58, -122, 66, 9, darker(main, 0.12), 4.5),
    path('M-84 -44Q-78 -82 -38 -80Q-4 -76 -4 -40L-20 -40Q-24 -62 -42 -62Q-64 -62 -70 -40Z', main),
    lamp(ink, 76, -62),
    wheel(-42, 38, '#f0c24b') + wheel(54, 23, '#f0c24b'),
  ].join('');
}

/** An engine and two coaches. The rails belong to the place. */
export function train(ink: Ink): string {
  const { main, fade, night } = ink;
  const paint = fade(lighter(main, 0.2), darker(main, 0.16));
  const coach = [
    rect(-74, -80, 148, 66, paint, 8),
    rect(-76, -86, 152, 10, darker(main, 0.3), 5),
    rect(-74, -36, 148, 7, lighter(main, 0.75)),
    ...[-64, -30, 4, 38].map((x) => rect(x, -70, 26, 26, pane(night), 4)),
    ...[-52, -30, 30, 52].map((x) => wheel(x, 10, '#8b909a')),
  ].join('');
  return [
    beam(ink, 232, -34, 110),
    line('M-230 -16L220 -16', '#4a4d57', 7),
    group(coach, 'translate(-154 0)') + group(coach, 'translate(4 0)'),
    path('M86 -14L86 -76Q88 -84 98 -84L172 -84Q214 -78 234 -34Q238 -16 226 -14Z', paint),
    path('M170 -74Q196 -70 210 -46L172 -46Z', pane(night)),
    rect(104, -70, 26, 26, pane(night), 4) + rect(138, -70, 22, 26, pane(night), 4),
    path('M86 -36L228 -36L233 -29L86 -29Z', lighter(main, 0.75)),
    lamp(ink, 226, -24),
    [108, 130, 186, 208].map((x) => wheel(x, 10, '#8b909a')).join(''),
  ].join('');
}

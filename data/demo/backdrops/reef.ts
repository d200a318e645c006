/** Below the surface: the coral reef, and what water does to light. */
import { darker, lighter, mix, multiply } from '../colour.js';
import type { Light } from '../light.js';
import { blob, circle, group, line, num, path, polygon, rect } from '../shape.js';
import type { Backdrop, Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { rolling } from './terrain.js';

/** Under water everything turns towards the colour of the water. */
export function waterLight(light: Light): Light {
  const day = { noon: '#f6ffff', dawn: '#fff6f2', sunset: '#ffe6d6', night: '#7d92d0' }[light.time];
  return {
    ...light,
    shadow: 0.26,
    reach: 1,
    tone: (hex, depth = 0) => mix(multiply(hex, day), '#1d6fa0', 0.06 + depth),
  };
}

function coral(x: number, y: number, s: number, tint: string): string {
  const d = `M0 0Q-4 -26 -22 -44M-6 -20Q-22 -24 -30 -38M0 0Q2 -34 4 -62M2 -30Q16 -40 18 -58M3 -16Q24 -22 32 -42`;
  return group(
    line(d, tint, 9) + line(d, lighter(tint, 0.24), 3, 'opacity="0.6"'),
    `translate(${num(x)} ${num(y)}) scale(${num(s)})`,
  );
}

function weed(x: number, y: number, h: number, tint: string): string {
  return line(
    `M${num(x)} ${num(y)}Q${num(x - 13)} ${num(y - h * 0.3)} ${num(x)} ${num(y - h * 0.55)}T${num(x + 4)} ${num(y - h)}`,
    tint,
    7,
  );
}

export function reef(stage: Stage): Backdrop {
  const { light, defs } = stage;
  const random = stage.random('reef');
  const [top, bottom] = light.night
    ? ['#1f5a8f', '#0b1f4d']
    : light.time === 'sunset'
      ? ['#f0a878', '#1d5f86']
      : light.time === 'dawn'
        ? ['#a5dcd6', '#1c6f9a']
        : ['#7fe0e6', '#0f6fae'];
  const rays = Array.from({ length: 6 }, (_, i) => {
    const x = 40 + i * 110 + random.between(-30, 30);
    const w = random.between(24, 60);
    const slant = light.side * -random.between(60, 130);
    return polygon(
      [x, -5, x + w, -5, x + w * 2 + slant, 430, x + slant - w, 430],
      defs.linear([`#ffffff ${light.night ? 0.1 : 0.3}`, '#ffffff 0']),
    );
  }).join('');
  const tint = (hex: string, depth: number): string =>
    mix(mix(hex, bottom, depth), '#0b1f4d', light.night ? 0.4 : 0);
  const sand = (y: number, swing: number, colours: readonly string[]): string => {
    const height = rolling(random, y, swing);
    let d = `M-5 ${HEIGHT}`;
    for (let x = -5; x <= WIDTH + 5; x += 15) d += `L${x} ${num(height(x))}`;
    return path(`${d}L${WIDTH + 5} ${HEIGHT}Z`, defs.linear(colours));
  };
  const garden = (y: number, depth: number, count: number, s: number): string => {
    const colours = ['#f2777a', '#f5a65b', '#c77dd0', '#f7c95c', '#ef8fb4'];
    let drawn = '';
    for (let i = 0; i < count; i++) {
      const x = ((i + random.between(0.1, 0.9)) / count) * WIDTH;
      const kind = random.next();
      if (kind < 0.5)
        drawn += coral(
          x,
          y + random.between(-4, 8),
          s * random.between(0.8, 1.3),
          tint(random.pick(colours), depth),
        );
      else if (kind < 0.8)
        for (let k = 0; k < 4; k++)
          drawn += weed(
            x + k * 11 * s,
            y + 6,
            s * random.between(54, 110),
            tint(random.pick(['#2f9a78', '#4fae72', '#257f78']), depth),
          );
      else
        drawn += blob(
          [
            x - 42 * s,
            y + 8,
            x - 30 * s,
            y - 20 * s,
            x,
            y - 32 * s,
            x + 30 * s,
            y - 18 * s,
            x + 44 * s,
            y + 8,
          ],
          tint('#6d6f8f', depth),
        );
    }
    return drawn;
  };
  let bubbles = '';
  for (let i = 0; i < 26; i++)
    bubbles += circle(
      random.between(10, WIDTH - 10),
      random.between(20, 400),
      random.between(1.6, 6),
      '#ffffff',
      `fill-opacity="0.16" stroke="#ffffff" stroke-opacity="0.5" stroke-width="1"`,
    );
  const back = [
    rect(0, 0, WIDTH, HEIGHT, defs.linear([top, mix(top, bottom, 0.55), bottom, darker(bottom, 0.2)])),
    rays,
    garden(388, 0.62, 7, 0.85),
    sand(386, 12, [tint('#e8d6a8', 0.5), tint('#cdb98c', 0.4)]),
    garden(416, 0.26, 5, 0.9),
    sand(412, 9, [tint('#f2dfb2', 0.16), tint('#d6bf8c', 0.24)]),
    bubbles,
  ].join('');
  const edge =
    coral(22, 486, 1.3, tint('#d9506a', 0.2)) +
    coral(622, 488, 1.4, tint('#e08848', 0.2)) +
    weed(58, 486, 70, tint('#257f78', 0.2)) +
    weed(590, 486, 84, tint('#2f9a78', 0.25));
  return { back, front: edge };
}

/** Hills, mountains, ground and the small green things on them. */
import { darker, lighter, mix } from '../colour.js';
import type { Random } from '../random.js';
import { circle, ellipse, group, line, num, opacity, path, polygon, puffs, rect } from '../shape.js';
import type { Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';

/** Snow takes the colour of the sky: bluish by day, violet in a red evening. */
const SNOW = { dawn: '#f1e9f8', noon: '#eef3fb', sunset: '#e6d2ee', night: '#dbe6fb' } as const;

/** A colour of the land, under snow where snow lies. */
export function covered({ light }: Stage, colour: string, amount: number = 0.88): string {
  return light.snowy ? mix(colour, SNOW[light.time], amount) : colour;
}

/** Heights of a rolling line, one for each x. */
export function rolling(random: Random, y: number, swing: number): (x: number) => number {
  const [a, b, c] = [random.between(0, 6.3), random.between(0, 6.3), random.between(0, 6.3)];
  const [f, g] = [random.between(0.006, 0.011), random.between(0.013, 0.022)];
  return (x) =>
    y + swing * (0.6 * Math.sin(a + f * x) + 0.3 * Math.sin(b + g * x) + 0.1 * Math.sin(c + 0.06 * x));
}

export function hill(
  stage: Stage,
  height: (x: number) => number,
  colour: string,
  depth: number,
  bottom: number = HEIGHT,
): string {
  const { light, defs } = stage;
  let d = `M-10 ${bottom}`;
  for (let x = -10; x <= WIDTH + 10; x += 13) d += `L${x} ${num(height(x))}`;
  const ground = covered(stage, colour);
  const top = mix(light.tone(lighter(ground, 0.1), depth), light.glow, light.open && !light.night ? 0.1 : 0);
  return path(
    `${d}L${WIDTH + 10} ${bottom}Z`,
    defs.linear([top, light.tone(darker(ground, 0.1), depth * 0.8)]),
  );
}

/** Peaks with a lit and a shaded face, and snow on the top. */
export function peaks(
  stage: Stage,
  base: number,
  high: number,
  depth: number,
  label: string = 'peaks',
  rock: string = '#7d86a8',
): string {
  const { light, defs } = stage;
  const random = stage.random(label);
  const count = random.whole(3, 5);
  const drawn: string[] = [];
  for (const i of random.shuffle([...Array(count).keys()])) {
    const x = ((i + 0.5) / count) * WIDTH + random.between(-40, 40);
    const h = high * random.between(0.62, 1);
    const half = h * random.between(0.95, 1.3);
    const y = base - h;
    const sunny = light.tone(lighter(rock, 0.16), depth);
    const shady = light.tone(darker(rock, 0.24), depth);
    const [left, right] = light.side < 0 ? [sunny, shady] : [shady, sunny];
    const bend = (t: number): number => x + half * random.between(-0.07, 0.07) * (1 + t);
    const ridge = [x, y, bend(0), y + h * 0.3, bend(0.5), y + h * 0.6, bend(1), base];
    drawn.push(polygon([...ridge, x - half, base], defs.linear([left, mix(left, light.haze, 0.5)])));
    drawn.push(polygon([...ridge, x + half, base], defs.linear([right, mix(right, light.haze, 0.5)])));
    const cap = 0.34;
    const [l, r] = [x - half * cap, x + half * cap];
    const cy = y + h * cap;
    const teeth = [
      r,
      cy,
      x + half * 0.2,
      cy - h * 0.07,
      x + half * 0.12,
      cy + h * 0.06,
      x + half * 0.02,
      cy - h * 0.05,
      x - half * 0.1,
      cy + h * 0.07,
      x - half * 0.2,
      cy - h * 0.04,
      l,
      cy,
    ];
    const white = light.tone('#ffffff', depth * 0.6);
    drawn.push(polygon([x, y, ...teeth], white));
    const shade =
      light.side < 0
        ? [
            x,
            y,
            r,
            cy,
            x + half * 0.2,
            cy - h * 0.07,
            x + half * 0.12,
            cy + h * 0.06,
            x + half * 0.02,
            cy - h * 0.05,
          ]
        : [
            x,
            y,
            x + half * 0.02,
            cy - h * 0.05,
            x - half * 0.1,
            cy + h * 0.07,
            x - half * 0.2,
            cy - h * 0.04,
            l,
            cy,
          ];
    drawn.push(polygon(shade, light.tone('#8fa0cc', depth * 0.6), 'opacity="0.55"'));
  }
  return drawn.join('');
}

/** A veil of mist that lies where one layer of land meets the next. */
export function mist({ light, defs }: Stage, y: number, high: number, strength: number = 0.5): string {
  const thick = light.weather === 'fog' ? 0.95 : strength;
  return rect(
    0,
    y - high,
    WIDTH,
    high * 2,
    defs.linear([`${light.haze} 0`, `${light.haze} ${thick}`, `${light.haze} 0`]),
  );
}

export function smallPine(
  stage: Stage,
  x: number,
  y: number,
  high: number,
  depth: number,
  leaf: string = '#2f6f5a',
): string {
  const { light } = stage;
  const w = high * 0.24;
  const body = light.tone(covered(stage, leaf, 0.42), depth);
  const shade = light.tone(darker(leaf, 0.3), depth);
  const tier = (t: number, half: number): string => {
    const top = y - high * t;
    const low = top + high * 0.46;
    const dark = light.side < 0 ? [x, top, x + half, low, x, low] : [x, top, x - half, low, x, low];
    return polygon([x, top, x + half, low, x - half, low], body) + polygon(dark, shade, 'opacity="0.45"');
  };
  const trunk = rect(
    x - high * 0.03,
    y - high * 0.12,
    high * 0.06,
    high * 0.13,
    light.tone('#6b4733', depth),
  );
  return trunk + tier(0.54, w) + tier(0.76, w * 0.8) + tier(1, w * 0.58);
}

export function smallTree(
  stage: Stage,
  x: number,
  y: number,
  high: number,
  depth: number,
  leaf: string = '#4f9a54',
): string {
  const { light, defs } = stage;
  const green = covered(stage, leaf, 0.5);
  const r = high * 0.26;
  const side = light.side * r * 0.34;
  return [
    rect(x - high * 0.035, y - high * 0.4, high * 0.07, high * 0.41, light.tone('#6b4733', depth)),
    puffs(
      [x, y - high * 0.72, r, x - r * 0.8, y - high * 0.54, r * 0.82, x + r * 0.8, y - high * 0.54, r * 0.82],
      defs.linear([light.tone(lighter(green, 0.16), depth), light.tone(darker(green, 0.24), depth)]),
    ),
    puffs(
      [x + side, y - high * 0.76, r * 0.5, x + side * 2.4, y - high * 0.58, r * 0.4],
      light.tone(lighter(green, 0.3), depth),
      'opacity="0.6"',
    ),
  ].join('');
}

/** Trees of a far wood along a line, in random order so that they overlap as woods do. */
export function wood(
  stage: Stage,
  height: (x: number) => number,
  high: number,
  depth: number,
  label: string,
  pines = true,
): string {
  const random = stage.random(label);
  const drawn: string[] = [];
  for (let x = random.between(-10, 20); x < WIDTH + 10; x += high * random.between(0.25, 0.7)) {
    if (random.chance(0.28)) {
      x += high * random.between(0.5, 3);
      continue;
    }
    const tall = high * random.between(0.65, 1.15);
    const pine = pines && random.chance(0.75);
    drawn.push(
      pine
        ? smallPine(stage, x, height(x) + 2, tall, depth)
        : smallTree(stage, x, height(x) + 2, tall * 0.85, depth),
    );
  }
  return drawn.join('');
}

/** Blades of grass, thicker towards the viewer. */
export function tufts(
  stage: Stage,
  top: number,
  colour: string,
  count: number = 60,
  label: string = 'tufts',
): string {
  const { light } = stage;
  const random = stage.random(label);
  let d = '';
  let bright = '';
  for (let i = 0; i < count; i++) {
    const t = random.next() ** 0.7;
    const y = top + (HEIGHT + 6 - top) * t;
    const x = random.between(0, WIDTH);
    const s = 3 + 8 * t;
    const blade = `M${num(x - s * 0.5)} ${num(y - s * 0.8)}L${num(x)} ${num(y)}L${num(x + s * 0.1)} ${num(y - s * 1.15)}M${num(x)} ${num(y)}L${num(x + s * 0.6)} ${num(y - s * 0.75)}`;
    if (i % 3 === 0) bright += blade;
    else d += blade;
  }
  const ground = covered(stage, colour, 0.7);
  return (
    line(d, light.tone(darker(ground, 0.24)), 1.6, 'opacity="0.7"') +
    line(bright, light.tone(lighter(ground, 0.28)), 1.5, 'opacity="0.7"')
  );
}

/** Dots of meadow flowers; none under snow. */
export function blossoms(stage: Stage, top: number, colours: readonly string[], count: number = 60): string {
  if (stage.light.snowy) return '';
  const random = stage.random('blossoms');
  let drawn = '';
  for (let i = 0; i < count; i++) {
    const t = random.next() ** 0.6;
    const y = top + (HEIGHT - top) * t;
    drawn += circle(
      random.between(0, WIDTH),
      y,
      0.8 + 2 * t,
      stage.light.tone(random.pick(colours)),
      opacity(0.9),
    );
  }
  return drawn;
}

/** Wide soft patches of light and shade that keep the ground from looking flat. */
export function patches({ light, defs, random }: Stage, top: number): string {
  const chance = random('patches');
  let drawn = '';
  for (let i = 0; i < 7; i++) {
    const y = top + (HEIGHT - top) * ((i + 0.5) / 7);
    const tint = i % 2 === 0 ? `${light.glow} ${light.night ? 0.08 : 0.2}` : '#1d1836 0.13';
    const clear = `${tint.split(' ')[0]} 0`;
    drawn += ellipse(
      chance.between(0, WIDTH),
      y,
      chance.between(140, 260),
      chance.between(9, 22),
      defs.radial([tint, clear]),
    );
  }
  return drawn;
}

/** Dark leaves and blades in the lower corners: the viewer's own place in the scene. */
export function corners(stage: Stage, colour: string): string {
  const random = stage.random('corners');
  const leaf = stage.light.tone(darker(covered(stage, colour, 0.6), 0.42));
  const fan = (x: number, side: number): string => {
    let drawn = '';
    for (let i = 0; i < 9; i++) {
      const h = random.between(18, 46);
      const lean = Math.round(side * random.between(4, 46));
      drawn += group(
        path(`M-3.5 0Q-4 ${-h * 0.6} 0 ${-h}Q4 ${-h * 0.6} 3.5 0Z`, leaf),
        `translate(${num(x + side * i * 7)} ${HEIGHT + 4}) rotate(${lean})`,
      );
    }
    return drawn;
  };
  return fan(-6, 1) + fan(WIDTH + 6, -1);
}

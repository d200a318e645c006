/** Sky, sun, moon and what the weather hangs there. */
import { lighter, mix, shining } from '../colour.js';
import type { Random } from '../random.js';
import { circle, ellipse, line, num, opacity, path, puffs, rect } from '../shape.js';
import type { Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';

/** Where the sun or the moon stands. */
export function sunAt({ light, horizon }: Stage): readonly [x: number, y: number] {
  const x = light.side < 0 ? 138 : WIDTH - 138;
  if (light.time === 'noon') return [x, 72];
  if (light.time === 'night') return [x, 82];
  return [x + light.side * -30, horizon - (light.time === 'dawn' ? 40 : 28)];
}

function stars(random: Random, bottom: number): string {
  let drawn = '';
  for (let i = 0; i < 110; i++) {
    const y = random.between(0, 1) ** 1.3 * bottom;
    const r = random.chance(0.12) ? random.between(1.3, 1.9) : random.between(0.5, 1.1);
    drawn += circle(
      random.between(0, WIDTH),
      y,
      r,
      '#ffffff',
      opacity(random.between(0.35, 0.95) * (1 - (y / bottom) * 0.6)),
    );
  }
  return drawn;
}

function disc(stage: Stage): string {
  const { light, defs } = stage;
  const [x, y] = sunAt(stage);
  const veil = light.weather === 'cloudy' ? 0.6 : 1;
  const glow = (r: number, strength: number): string =>
    circle(
      x,
      y,
      r,
      defs.radial([
        `${light.glow} ${strength * veil}`,
        `${light.glow} ${strength * veil * 0.35}`,
        `${light.glow} 0`,
      ]),
    );
  if (light.night) {
    const moon = [
      circle(x, y, 27, defs.radial(['#fffdf2', '#fdf6dc', '#e9e3cf'])),
      circle(x - 8, y - 5, 5.5, '#d9d3c0', 'opacity="0.6"') +
        circle(x + 9, y + 7, 4, '#d9d3c0', 'opacity="0.55"'),
      circle(x + 5, y - 13, 3, '#d9d3c0', 'opacity="0.5"') +
        circle(x - 5, y + 12, 2.6, '#d9d3c0', 'opacity="0.5"'),
    ].join('');
    return glow(170, 0.4) + glow(62, 0.5) + moon;
  }
  const low = light.time !== 'noon';
  return (
    glow(low ? 270 : 200, low ? 0.72 : 0.6) +
    glow(low ? 100 : 80, 0.8) +
    circle(x, y, low ? 37 : 30, low ? '#fff3cd' : '#fffdf0')
  );
}

/** A heap of puffs on a flat base, lit from above. */
function cloud(
  { defs, light }: Stage,
  random: Random,
  x: number,
  y: number,
  size: number,
  body: string,
): string {
  const heap: number[] = [];
  const count = random.whole(4, 6);
  for (let i = 0; i < count; i++) {
    const t = count === 1 ? 0.5 : i / (count - 1);
    const r = size * (0.2 + 0.26 * Math.sin(Math.PI * t) + random.between(0, 0.1));
    heap.push(x + (t - 0.5) * size * 1.7, y - r * 0.62, r);
  }
  const base = mix(body, light.sky[2] as string, 0.55);
  const top = mix(body, light.glow, light.night ? 0.06 : 0.4);
  const clip = defs.clip(
    `<rect x="${num(x - size * 2)}" y="${num(y - size * 2)}" width="${num(size * 4)}" height="${num(size * 2)}"/>`,
  );
  return puffs(
    heap,
    defs.linear([top, body, base]),
    `clip-path="${clip}" ${opacity(light.night ? 0.7 : 0.95)}`,
  );
}

function clouds(stage: Stage): string {
  const { light, horizon } = stage;
  const random = stage.random('clouds');
  const { weather } = light;
  const covered = weather === 'rain' || weather === 'storm' || weather === 'snow';
  if (weather === 'fog' || weather === 'aurora') return '';
  const [few, many] = weather === 'cloudy' ? [8, 10] : covered ? [10, 12] : light.night ? [1, 2] : [2, 4];
  const dark = weather === 'storm' ? '#4e566b' : weather === 'rain' ? '#9aa4b4' : '#dfe4ec';
  const white = covered
    ? mix(light.sky[0] as string, dark, light.night ? 0.16 : 0.5)
    : lighter(light.sky[1] as string, light.night ? 0.14 : 0.72);
  let drawn = '';
  const count = random.whole(few, many);
  for (let i = 0; i < count; i++) {
    const y = random.between(0.16, covered ? 0.5 : 0.82) * horizon;
    const near = 1 - y / horizon;
    const x = ((i + random.between(0.1, 0.9)) / count) * (WIDTH + 80) - 40;
    drawn += cloud(
      stage,
      random,
      x,
      y,
      (covered ? 62 : 34) * (0.6 + near) * random.between(0.75, 1.25),
      white,
    );
  }
  // Thin bands of cloud near the horizon make a low sun.
  if (!covered && (light.time === 'sunset' || light.time === 'dawn')) {
    for (let i = 0; i < 5; i++) {
      const y = horizon - random.between(24, 130);
      const tint = mix(light.sky[1] as string, light.glow, random.between(0.2, 0.7));
      drawn += ellipse(
        random.between(0, WIDTH),
        y,
        random.between(70, 190),
        random.between(2, 4.5),
        tint,
        'opacity="0.55"',
      );
    }
  }
  return drawn;
}

function rainbow({ horizon, light }: Stage): string {
  const x = light.side < 0 ? 420 : 220;
  return ['#e8554d', '#f29a45', '#f6d95c', '#63b96b', '#4a90d8', '#7a63c4']
    .map((colour, i) => {
      const r = 236 - i * 7;
      return line(
        `M${x - r} ${horizon + 30}A${r} ${r} 0 0 1 ${x + r} ${horizon + 30}`,
        colour,
        7.6,
        'opacity="0.62"',
      );
    })
    .join('');
}

function aurora({ defs, random, horizon }: Stage): string {
  const chance = random('aurora');
  const veil = (colour: string, lift: number): string => {
    const points: string[] = [];
    const [a, b] = [chance.between(0, 6), chance.between(0.008, 0.014)];
    for (let x = -20; x <= WIDTH + 20; x += 20)
      points.push(`${x} ${num(horizon * lift + 26 * Math.sin(a + x * b) + 9 * Math.sin(a * 2 + x * 0.031))}`);
    const back = points.toReversed().map((point) => {
      const [x, y] = point.split(' ').map(Number) as [number, number];
      return `${x + 18} ${num(y - 92 - 26 * Math.sin(x * 0.02 + a))}`;
    });
    return path(
      `M${points.join('L')}L${back.join('L')}Z`,
      defs.linear([`${colour} 0`, `${colour} 0.28`, `${colour} 0.75`]),
    );
  };
  return veil('#8b6cf0', 0.5) + veil('#3fe0a0', 0.62) + veil('#5ff0c0', 0.84);
}

function lightning(stage: Stage): string {
  const random = stage.random('lightning');
  const bolt = (x: number, width: number, forked: boolean): string => {
    let [px, py] = [x, 30];
    let d = `M${num(px)} ${py}`;
    let fork = '';
    while (py < stage.horizon - 14) {
      py += random.between(18, 34);
      px += random.between(-22, 20);
      d += `L${num(px)} ${num(Math.min(py, stage.horizon))}`;
      if (forked && fork === '' && py > 100) fork = `M${num(px)} ${num(py)}l26 22l6 18l20 24`;
    }
    const glow = line(d, '#c9d4ff', width * 4, 'opacity="0.28"');
    return glow + line(d, '#f7f6ff', width) + (fork === '' ? '' : line(fork, '#e6eaff', width * 0.6));
  };
  const x = stage.light.side < 0 ? random.between(90, 240) : random.between(400, 550);
  const flash = circle(x, 60, 230, stage.defs.radial(['#dfe4ff 0.55', '#dfe4ff 0']));
  return flash + bolt(x, 4, true) + (random.chance(0.5) ? bolt(WIDTH - x + 30, 2.4, false) : '');
}

export function sky(stage: Stage): string {
  const { light, defs, horizon } = stage;
  const clear = light.weather === 'clear' || light.weather === 'aurora';
  return [
    rect(0, 0, WIDTH, HEIGHT, light.sky.at(-1) as string),
    rect(0, 0, WIDTH, horizon + 30, defs.linear(light.sky)),
    light.night && light.weather !== 'storm' && (clear || light.weather === 'cloudy')
      ? stars(stage.random('stars'), horizon)
      : '',
    light.weather === 'aurora' ? aurora(stage) : '',
    light.open ? disc(stage) : '',
    light.weather === 'rainbow' ? rainbow(stage) : '',
    clouds(stage),
    light.weather === 'storm' ? lightning(stage) : '',
  ].join('');
}

/** The colour of a lamp's or the moon's glimmer on water. */
export function glimmer({ light }: Stage): string {
  return shining(light.glow);
}

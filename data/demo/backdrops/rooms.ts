/** Inside: the living room and the kitchen. What time it is shows in the window. */
import { darker, lighter, mix, multiply } from '../colour.js';
import type { Light } from '../light.js';
import { circle, ellipse, group, line, num, path, polygon, puffs, rect } from '../shape.js';
import type { Backdrop, Stage } from '../stage.js';
import { HEIGHT, WIDTH } from '../stage.js';
import { sky } from './sky.js';
import { hill, rolling, wood } from './terrain.js';
import { weather } from './weather.js';

/** Lamps make a room warmer and lighter than the world outside. */
export function lampLight(light: Light): Light {
  const shade = { noon: '#fffdf8', dawn: '#fff3e8', sunset: '#ffe9d2', night: '#d9c2b6' }[light.time];
  return { ...light, shadow: 0.26, reach: 1, snowy: false, tone: (hex) => multiply(hex, shade) };
}

/** The world through a window at x, y: a small landscape under the scene's sky. */
function view(stage: Stage, outside: Light, x: number, y: number, w: number, h: number): string {
  const far: Stage = { ...stage, light: outside, horizon: 300 };
  const random = stage.random('window hills');
  const near = rolling(random, 330, 16);
  const picture = [
    sky(far),
    hill(far, rolling(random, 280, 26), '#6fa38c', 0.5),
    hill(far, near, '#74ad5b', 0.14) + wood(far, near, 54, 0.2, 'window wood'),
    weather(far),
  ].join('');
  const scale = Math.max(w / WIDTH, h / HEIGHT);
  const clip = stage.defs.clip(`<rect x="${x}" y="${y}" width="${w}" height="${h}"/>`);
  return `<g clip-path="${clip}">${group(picture, `translate(${x} ${y}) scale(${scale.toFixed(3)})`)}</g>`;
}

function pane(stage: Stage, outside: Light, x: number, y: number, w: number, h: number): string {
  const { light } = stage;
  const white = light.tone('#fdf8ef');
  const bars = [x + w / 3, x + (2 * w) / 3].map((bx) => rect(bx - 2.5, y, 5, h, white)).join('');
  return [
    rect(x - 9, y - 9, w + 18, h + 18, white, 3),
    view(stage, outside, x, y, w, h),
    bars + rect(x, y + h * 0.36, w, 4.5, white),
    polygon([x + 8, y + h, x + w * 0.26, y, x + w * 0.4, y, x + w * 0.16, y + h], '#ffffff', 'opacity="0.1"'),
    rect(x - 18, y + h + 8, w + 36, 11, light.tone('#f3ebde'), 3) +
      rect(x - 18, y + h + 18, w + 36, 4, '#1d1836', 2, 'opacity="0.14"'),
  ].join('');
}

/** The patch of light that a window throws on the floor. */
function spill(stage: Stage, outside: Light, x: number, y: number, w: number): string {
  if (!outside.open) return '';
  const slant = -outside.side * 90;
  const strength = outside.night ? 0.08 : 0.26;
  return polygon(
    [x, y, x + w, y, x + w + slant + 40, HEIGHT, x + slant, HEIGHT],
    stage.defs.linear([`${outside.glow} ${strength}`, `${outside.glow} ${strength * 0.3}`]),
  );
}

export function livingRoom(stage: Stage, outside: Light): Backdrop {
  const { light, defs, horizon } = stage;
  const random = stage.random('room');
  const wall = random.pick(['#8fb3ad', '#d9b8a0', '#a8b7cf', '#d6c28f', '#c4a5b4', '#9fb58f']);
  const rug = random.pick(['#b8695a', '#4f7f8f', '#8a6a9a', '#c28f4a']);
  const left = random.chance(0.5);
  const x = left ? 74 : 366;
  const frames = left ? 420 : 92;
  const art = (ax: number, ay: number, w: number, h: number, tones: readonly [string, string]): string =>
    [
      rect(ax + 3, ay + 4, w, h, '#1d1836', 2, 'opacity="0.16"') +
        rect(ax, ay, w, h, light.tone('#f7efe2'), 2),
      rect(ax + 6, ay + 6, w - 12, h - 12, light.tone(tones[0])),
      path(
        `M${ax + 6} ${ay + h - 6}L${ax + 6} ${ay + h * 0.6}Q${ax + w * 0.4} ${ay + h * 0.36} ${ax + w - 6} ${ay + h * 0.66}L${ax + w - 6} ${ay + h - 6}Z`,
        light.tone(tones[1]),
      ),
      circle(ax + w * 0.68, ay + h * 0.3, w * 0.1, light.tone('#fbe7b0')),
    ].join('');
  let boards = '';
  for (let i = -9; i <= 9; i++) boards += `M${320 + i * 46} ${horizon + 12}L${320 + i * 112} ${HEIGHT}`;
  const curtain = (cx: number, side: number): string => {
    const cloth = light.tone(mix(wall, '#ffffff', 0.55));
    return (
      path(
        `M${cx} 44L${cx + side * 44} 44Q${cx + side * 30} 160 ${cx + side * 36} 268L${cx - side * 6} 268Q${cx - side * 4} 150 ${cx} 44Z`,
        defs.linear([lighter(cloth, 0.1), darker(cloth, 0.14)]),
      ) +
      line(
        `M${cx + side * 14} 48Q${cx + side * 8} 160 ${cx + side * 10} 266M${cx + side * 29} 48Q${cx + side * 20} 160 ${cx + side * 24} 266`,
        darker(cloth, 0.16),
        1.5,
        'opacity="0.6"',
      )
    );
  };
  const back = [
    rect(
      0,
      0,
      WIDTH,
      horizon + 10,
      defs.linear([light.tone(darker(wall, 0.1)), light.tone(lighter(wall, 0.14))]),
    ),
    light.night ? ellipse(320, 150, 420, 240, defs.radial(['#ffd9a0 0.35', '#ffd9a0 0'])) : '',
    pane(stage, outside, x, 62, 200, 186),
    line(`M${x - 46} 44L${x + 246} 44`, light.tone('#7a5a44'), 4) + curtain(x - 34, 1) + curtain(x + 234, -1),
    art(frames, 84, 70, 92, ['#e9b98a', '#7f9a8a']) + art(frames + 88, 106, 58, 70, ['#9fb8cf', '#5f7a8f']),
    rect(0, horizon - 2, WIDTH, 14, light.tone('#f6efe4')),
    rect(
      0,
      horizon + 12,
      WIDTH,
      HEIGHT - horizon,
      defs.linear([light.tone('#b98a5e'), light.tone('#a3744a')]),
    ),
    line(boards, light.tone('#8a603d'), 1.4, 'opacity="0.55"'),
    ellipse(320, 432, 270, 40, light.tone(rug)) +
      ellipse(
        320,
        432,
        252,
        35,
        'none',
        `stroke="${light.tone(lighter(rug, 0.5))}" stroke-width="3" stroke-dasharray="9 7"`,
      ),
    ellipse(320, 432, 216, 28, light.tone(lighter(rug, 0.16))),
    spill(stage, outside, x, horizon + 12, 200),
  ].join('');
  return { back, front: '' };
}

export function kitchen(stage: Stage, outside: Light): Backdrop {
  const { light, defs, horizon } = stage;
  const random = stage.random('kitchen');
  const wall = random.pick(['#e6d8bd', '#c3d6d2', '#e3c9b8', '#cfd8bd', '#c9cfe0']);
  const doors = random.pick(['#5f8a86', '#6f7f9f', '#b0735a', '#7d8f62', '#8a6a84']);
  const left = random.chance(0.5);
  const x = left ? 60 : 350;
  const shelf = left ? 372 : 70;
  let tiles = '';
  for (let ty = 262; ty < horizon; ty += 22) tiles += `M0 ${ty}L${WIDTH} ${ty}`;
  for (let tx = 0, i = 0; tx < WIDTH; tx += 16, i++)
    tiles += `M${tx} ${262 + (i % 2) * 22}l0 22M${tx} ${306 + (i % 2) * 22}l0 22`;
  const jar = (jx: number, tint: string, h: number): string =>
    rect(jx, 148 - h, 22, h, light.tone(tint), 4) +
    rect(jx + 2, 144 - h, 18, 6, light.tone('#8a6446'), 2) +
    rect(jx + 4, 152 - h, 4, h - 10, '#ffffff', 2, 'opacity="0.3"');
  const herb = (hx: number): string =>
    polygon([hx, 148, hx + 24, 148, hx + 28, 126, hx - 4, 126], light.tone('#c9805a')) +
    puffs([hx + 2, 118, 9, hx + 12, 110, 11, hx + 23, 118, 9], light.tone('#5a9a58'));
  const plates = [0, 1, 2]
    .map(
      (i) =>
        circle(shelf + 24 + i * 46, 212, 19, light.tone('#fbf6ec')) +
        circle(
          shelf + 24 + i * 46,
          212,
          12,
          'none',
          `stroke="${light.tone(lighter(doors, 0.2))}" stroke-width="2.4"`,
        ),
    )
    .join('');
  const board = (y: number): string =>
    rect(shelf - 16, y, 200, 8, light.tone('#a87a50'), 2) +
    rect(shelf - 16, y + 8, 200, 4, '#1d1836', 0, 'opacity="0.14"');
  let grain = '';
  for (let i = 0; i < 13; i++) {
    const [gx, gy] = [random.between(-40, 560), random.between(horizon + 22, HEIGHT - 6)];
    grain += `M${num(gx)} ${num(gy)}q40 ${num(random.between(-4, 4))} ${num(random.between(80, 180))} 0`;
  }
  const back = [
    rect(0, 0, WIDTH, horizon, defs.linear([light.tone(darker(wall, 0.06)), light.tone(lighter(wall, 0.2))])),
    light.night ? ellipse(320, 130, 420, 230, defs.radial(['#ffd9a0 0.4', '#ffd9a0 0'])) : '',
    rect(0, 262, WIDTH, horizon - 262, light.tone(lighter(doors, 0.66))) +
      line(tiles, light.tone('#ffffff'), 1.6, 'opacity="0.75"'),
    pane(stage, outside, x, 66, 226, 164),
    jar(shelf, '#e0b26a', 34) +
      jar(shelf + 28, '#b8695a', 28) +
      jar(shelf + 56, '#8fa86a', 38) +
      herb(shelf + 104) +
      herb(shelf + 144),
    board(148) + plates + board(231),
    rect(0, horizon - 8, WIDTH, 10, '#1d1836', 0, 'opacity="0.12"'),
    rect(
      0,
      horizon,
      WIDTH,
      HEIGHT - horizon,
      defs.linear([light.tone('#d9ad78'), light.tone('#c08f5c'), light.tone('#a87847')]),
    ),
    rect(0, horizon, WIDTH, 5, light.tone('#ecc898')) +
      line(grain, light.tone('#8f6339'), 1.5, 'opacity="0.35"'),
    spill(stage, outside, x, horizon, 226),
  ].join('');
  return { back, front: '' };
}

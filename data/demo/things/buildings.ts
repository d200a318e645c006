/** What was built to stay, or to be pitched for a night. */
import { darker, lighter, shining } from '../colour.js';
import { circle, ellipse, group, line, path, polygon, rect } from '../shape.js';
import type { Ink } from '../stage.js';

const WARM = shining('#ffd884');

function snowCap(snowy: boolean, d: string): string {
  return snowy ? line(d, '#ffffff', 8) : '';
}

export function house(ink: Ink): string {
  const { main, fade, night, random } = ink;
  const roof = random.pick(['#7d4a3f', '#5b5364', '#6b4b3a', '#4f5a66']);
  const pane = night ? WARM : '#bfe0ee';
  const window = (x: number, y: number): string =>
    [
      night ? ink.halo(x + 16, y + 18, 46, '#ffd27a', 0.5) : '',
      rect(x - 4, y - 4, 40, 44, '#fbf5ea', 3),
      rect(x, y, 32, 36, pane, 1.5),
      line(`M${x + 16} ${y}L${x + 16} ${y + 36}M${x} ${y + 17}L${x + 32} ${y + 17}`, '#fbf5ea', 3),
      rect(x - 7, y + 38, 46, 6, '#e9dfcf', 2),
    ].join('');
  return [
    rect(44, -184, 24, 60, '#9a6350') + rect(40, -188, 32, 9, '#7f4f40', 2),
    rect(-88, -112, 176, 112, fade(lighter(main, 0.14), darker(main, 0.08))),
    polygon([-88, -112, 0, -176, 88, -112], fade(lighter(main, 0.06), lighter(main, 0.12))),
    polygon([88, -112, 88, 0, 52, 0, 52, -112], darker(main, 0.3), 'opacity="0.16"'),
    polygon([-88, -112, 88, -112, 88, -101, -88, -106], darker(main, 0.4), 'opacity="0.3"'),
    path('M-106 -100L0 -180L106 -100L98 -89L0 -162L-98 -89Z', fade(lighter(roof, 0.1), roof)),
    snowCap(ink.snowy, 'M-100 -100L0 -178L100 -100'),
    circle(0, -134, 13, '#fbf5ea') + circle(0, -134, 9, pane),
    rect(-20, -70, 40, 70, '#fbf5ea', 3) + rect(-16, -66, 32, 66, darker(roof, 0.1), 2),
    circle(9, -32, 2.6, '#f0c65a') + rect(-28, -5, 56, 6, '#d8cebf', 2),
    window(-72, -84) + window(40, -84),
    ellipse(-58, -5, 22, 12, '#4f9157') +
      ellipse(62, -5, 20, 11, '#478550') +
      ellipse(80, -3, 13, 9, '#5a9c5f'),
  ].join('');
}

export function tent(ink: Ink): string {
  const { main, fade, night } = ink;
  const inside = night ? shining('#ffd98c') : darker(main, 0.62);
  return [
    night ? ink.halo(10, -30, 110, '#ffcf7a', 0.5) : '',
    line('M-84 -2L-96 2M84 -2L96 2M0 -104L0 -110', '#6b5443', 2.6),
    polygon([-84, 0, -34, -102, 4, -104, 84, 0], fade(lighter(main, 0.2), darker(main, 0.06))),
    polygon([-84, 0, -34, -102, -24, 0], darker(main, 0.22)),
    polygon([-24, 0, -34, -102, 4, -104, 84, 0], fade(lighter(main, 0.22), main)),
    path('M6 0Q8 -50 -8 -82Q36 -50 48 0Z', inside),
    path('M6 0Q8 -50 -8 -82Q-6 -40 -10 0Z', lighter(main, 0.4)),
    path('M48 0Q36 -50 -8 -82Q50 -52 62 0Z', lighter(main, 0.32)),
    line('M-34 -102L4 -104', lighter(main, 0.5), 3),
  ].join('');
}

function lightRay(side: number): string {
  return (
    polygon([0, -222, side * 420, -262, side * 420, -196], shining('#fff3c4'), 'opacity="0.16"') +
    polygon([0, -222, side * 300, -244, side * 300, -206], shining('#fff3c4'), 'opacity="0.16"')
  );
}

export function lighthouse(ink: Ink): string {
  const { fade, night } = ink;
  const stripe = (y: number, w1: number, w2: number): string =>
    polygon([-w1, y, w1, y, w2, y + 36, -w2, y + 36], fade('#dd5048', '#b93b38'));
  return [
    night ? lightRay(-1) + lightRay(1) + ink.halo(0, -222, 70, '#fff0bd', 0.8) : '',
    path('M-92 6Q-84 -22 -52 -26Q-30 -42 0 -34Q36 -42 56 -22Q86 -16 94 6Z', fade('#8d8791', '#5c5966')),
    path('M-60 -4Q-40 -24 -16 -16Q-6 -6 -14 6L-62 6Z', '#a29ca5', 'opacity="0.7"'),
    polygon([-31, -28, -21, -198, 21, -198, 31, -28], fade('#ffffff', '#ebe4da')),
    stripe(-180, 22, 24.2) +
      stripe(-112, 26, 28.2) +
      polygon([-30, -46, 30, -46, 31, -28, -31, -28], '#c4403c'),
    polygon([8, -198, 21, -198, 31, -28, 12, -28], '#3a3350', 'opacity="0.16"'),
    rect(-28, -204, 56, 8, '#4b4f5c', 3) +
      line('M-27 -204L-27 -216M27 -204L27 -216M-27 -215L27 -215', '#4b4f5c', 2.4),
    rect(-15, -238, 30, 34, night ? shining('#fff4cc') : '#cfe8f2', 3),
    line('M-5 -238L-5 -204M5 -238L5 -204', '#4b4f5c', 2),
    path('M-20 -236Q0 -262 20 -236Z', '#b93b38') + circle(0, -256, 3.6, '#4b4f5c'),
    rect(-7, -52, 14, 24, '#5b3f36', 6) + rect(-5, -132, 10, 14, night ? WARM : '#7d97a8', 4),
  ].join('');
}

export function windmill(ink: Ink): string {
  const { fade, night } = ink;
  const sail = [
    line('M0 0L0 -96', '#6b4e3a', 4.4),
    polygon([2, -22, 24, -24, 24, -94, 2, -96], '#fbf3e2'),
    line('M2 -40L24 -41M2 -58L24 -59M2 -76L24 -77M13 -24L13 -94', '#c2a981', 1.8),
  ].join('');
  const turn = ink.random.between(8, 40);
  const sails = [0, 90, 180, 270].map((a) => group(sail, `rotate(${Math.round(a + turn)})`)).join('');
  return [
    polygon([-48, 0, -30, -150, 30, -150, 48, 0], fade('#f6ecd8', '#d9c7a8')),
    polygon([14, -150, 30, -150, 48, 0, 20, 0], '#5b4a52', 'opacity="0.18"'),
    path('M-36 -148Q-32 -190 0 -194Q32 -190 36 -148Z', fade('#b0604a', '#8c4637')),
    rect(-14, -46, 28, 46, '#7a4c35', 13) + rect(-9, -104, 18, 22, night ? WARM : '#8fb5c6', 8),
    rect(-44, -56, 88, 5, '#a07a55', 2),
    group(sails, 'translate(0 -156)') + circle(0, -156, 8, '#5b4234'),
  ].join('');
}

export function streetLamp(ink: Ink): string {
  const glass = ink.night ? shining('#fff0b8') : '#fbf2cf';
  return [
    ink.night ? ink.halo(0, -186, 84, '#ffe09a', 0.85) : '',
    path('M-13 0L-8 -18L8 -18L13 0Z', '#363a48') + rect(-3.4, -166, 6.8, 152, '#3f4453', 2),
    rect(-7, -66, 14, 5, '#363a48', 2) + line('M-16 -158L16 -158', '#363a48', 4),
    polygon([-15, -200, 15, -200, 10, -166, -10, -166], glass),
    line('M-15 -200L-10 -166L10 -166L15 -200M0 -200L0 -166', '#363a48', 2.4),
    path('M-19 -199Q0 -220 19 -199Z', ink.snowy ? '#ffffff' : '#363a48') + circle(0, -212, 3.4, '#363a48'),
  ].join('');
}

function fruitHeap(x: number, colour: string): string {
  return (
    [0, 13, 26, 39].map((dx) => circle(x + dx + 6, -62, 8.4, colour)).join('') +
    [6, 19, 32].map((dx) => circle(x + dx + 6.5, -73, 8.4, lighter(colour, 0.14))).join('')
  );
}

export function stall({ main, fade, random }: Ink): string {
  const fruits = ['#dc4a3f', '#f09436', '#7cb65a', '#f3c944', '#8a57a8'];
  const shown = random.shuffle(fruits);
  const flaps = Array.from({ length: 8 }, (_, i) => {
    const x = -104 + i * 26;
    const fill = i % 2 === 0 ? fade(lighter(main, 0.1), darker(main, 0.1)) : fade('#fffaf0', '#e6ded2');
    const [a, b] = [-92 + i * 23, -92 + (i + 1) * 23];
    return path(
      `M${a} -184L${b} -184L${x + 26} -142Q${x + 26} -130 ${x + 13} -130Q${x} -130 ${x} -142Z`,
      fill,
    );
  }).join('');
  return [
    rect(-92, -150, 184, 92, '#3b3240', 0, 'opacity="0.35"'),
    rect(-94, -180, 7, 180, '#8a6242') + rect(87, -180, 7, 180, '#8a6242'),
    [0, 1, 2].map((i) => fruitHeap(-88 + i * 61, shown[i] as string)).join(''),
    rect(-98, -58, 196, 12, '#b98455', 3) + rect(-94, -48, 188, 46, fade('#a0714a', '#7f5738'), 2),
    line('M-48 -46L-48 -4M0 -46L0 -4M48 -46L48 -4', '#6a472e', 2),
    flaps,
  ].join('');
}

export function bench({ main, fade }: Ink): string {
  const plank = fade(lighter(main, 0.18), darker(main, 0.1));
  return [
    line('M-58 -66L-52 -34L-56 0M58 -66L52 -34L56 0', '#3a3d48', 5),
    line('M-44 -32L-40 0M44 -32L40 0', '#2f323c', 4.4),
    rect(-72, -68, 144, 9, plank, 4) + rect(-72, -55, 144, 9, plank, 4),
    rect(-74, -37, 148, 8, plank, 4) + rect(-74, -30, 148, 5, darker(main, 0.3), 2.5),
  ].join('');
}

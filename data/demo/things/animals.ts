/** Animals that walk. */
import { darker, lighter, mix } from '../colour.js';
import { blob, circle, ellipse, group, line, path, polygon, puffs, rect } from '../shape.js';
import type { Ink } from '../stage.js';

const INKY = '#26222c';

function eye(x: number, y: number, r = 2.8): string {
  return circle(x, y, r, INKY) + circle(x + r * 0.35, y - r * 0.4, r * 0.38, '#ffffff');
}

/** Legs at the given places, from `top` to the ground. */
function legs(
  xs: readonly number[],
  top: number,
  width: number,
  colour: string,
  hoof = 0,
  shoe = INKY,
): string {
  return xs
    .map((x) => {
      const foot = hoof > 0 ? rect(x - width / 2 - 0.5, -hoof, width + 1, hoof, shoe, 2.5) : '';
      return rect(x - width / 2, -top, width, top, colour, width / 2.4) + foot;
    })
    .join('');
}

export function dog({ main, fade }: Ink): string {
  const dark = darker(main, 0.3);
  const coat = fade(lighter(main, 0.14), darker(main, 0.1));
  return [
    legs([-30, 30], 46, 13, darker(main, 0.42)),
    line('M-50 -62Q-70 -72 -66 -96', main, 10),
    blob(
      [-56, -58, -42, -72, -8, -69, 26, -74, 44, -64, 44, -46, 28, -36, -4, -36, -34, -30, -54, -40],
      coat,
    ),
    blob([-56, -56, -40, -64, -28, -48, -34, -28, -50, -26, -57, -40], coat),
    legs([-45, 39], 50, 14, main),
    ellipse(-41, -4, 10, 4.5, main) + ellipse(43, -4, 10, 4.5, main),
    path('M14 -66Q28 -84 32 -98L60 -82Q56 -62 46 -48Z', coat),
    ellipse(46, -92, 20, 18, lighter(main, 0.08)),
    blob([46, -98, 62, -99, 82, -94, 86, -87, 78, -80, 60, -78, 46, -80], lighter(main, 0.14)),
    ellipse(83, -92, 5.2, 4.2, INKY),
    line('M80 -84Q72 -81 66 -83', dark, 1.8),
    blob([32, -107, 44, -110, 49, -98, 44, -80, 34, -72, 27, -82, 27, -98], dark),
    eye(59, -97, 3.1),
    line('M27 -72Q40 -64 53 -70', '#3f8f95', 5),
    circle(43, -62, 4, '#f0c65a'),
  ].join('');
}

function catEye(side: number): string {
  return (
    ellipse(side * 9.5, -74, 4.6, 5, '#c9e06f') +
    ellipse(side * 9.5, -74, 1.9, 4.4, INKY) +
    circle(side * 9.5 + 1.4, -76, 1.1, '#ffffff')
  );
}

export function cat({ main, fade }: Ink): string {
  const dark = darker(main, 0.3);
  const coat = fade(lighter(main, 0.14), darker(main, 0.08));
  const paw = lighter(main, 0.22);
  const ear = (side: number): string =>
    polygon([side * 24, -76, side * 21, -104, side * 3, -90], main) +
    polygon([side * 20, -82, side * 18.5, -97, side * 8, -89], mix(main, '#f29a9a', 0.7));
  const whiskers = (side: number): string =>
    line(
      `M${side * 9} -64L${side * 30} -67M${side * 9} -62L${side * 29} -59`,
      mix(main, '#ffffff', 0.75),
      1.1,
    );
  return [
    line('M18 -9Q50 -4 45 -34Q42 -46 35 -41', dark, 9.5),
    path('M-29 -2Q-36 -32 -17 -62L17 -62Q36 -32 29 -2Q0 3 -29 -2Z', coat),
    path('M-11 -60Q0 -20 11 -60Z', paw),
    line('M-8 -34L-8 -7M8 -34L8 -7', dark, 1.8),
    ellipse(-9, -4, 11, 5.6, paw) + ellipse(9, -4, 11, 5.6, paw),
    ear(-1) + ear(1),
    ellipse(0, -73, 26, 21, coat),
    line('M-6 -92L-4 -84M0 -93L0 -84M6 -92L4 -84', dark, 2.6),
    line('M-27 -30L-18 -32M-28 -20L-18 -21M27 -30L18 -32M28 -20L18 -21', dark, 2.8),
    ellipse(0, -64, 9, 6, paw),
    catEye(-1) + catEye(1),
    polygon([-3, -68, 3, -68, 0, -64.5], '#e0787c'),
    whiskers(-1) + whiskers(1),
  ].join('');
}

export function horse({ main, fade }: Ink): string {
  const mane = main === '#2b2a31' ? '#4a4652' : darker(main, main === '#f7f4ee' ? 0.22 : 0.52);
  const coat = fade(lighter(main, 0.14), darker(main, 0.1));
  const far = darker(main, 0.36);
  return [
    legs([-42, 34], 84, 12, far, 9),
    blob([-62, -112, -78, -102, -88, -64, -82, -30, -76, -34, -73, -64, -62, -92], mane),
    legs([-55, 44], 88, 13, main, 9),
    blob(
      [-66, -104, -54, -122, -18, -117, 22, -121, 48, -114, 56, -94, 44, -74, 4, -68, -36, -70, -60, -78],
      coat,
    ),
    path('M16 -114Q38 -130 48 -164L76 -156Q72 -112 54 -82Q30 -88 16 -114Z', coat),
    blob([47, -164, 58, -176, 74, -171, 92, -150, 104, -133, 100, -124, 90, -124, 76, -138, 60, -146], coat),
    polygon([55, -170, 58, -190, 67, -173], main),
    blob([56, -180, 45, -166, 34, -140, 12, -116, 22, -110, 38, -122, 50, -146, 60, -168], mane),
    blob([58, -178, 70, -172, 76, -160, 68, -162], mane),
    eye(74, -160, 3),
    ellipse(99, -130, 1.7, 2.4, INKY),
    line('M94 -125Q98 -125 101 -127', darker(main, 0.5), 1.4),
  ].join('');
}

export function cow({ main, fade }: Ink): string {
  const white = main === '#f7f4ee';
  const coat = fade(lighter(main, 0.14), darker(main, 0.1));
  const patch = '#7b4c30';
  const spots =
    blob([-58, -104, -36, -112, -22, -94, -34, -78, -54, -84], patch) +
    blob([6, -108, 28, -110, 32, -90, 16, -80, 2, -92], patch);
  return [
    legs([-44, 40], 64, 15, darker(main, 0.36), 8),
    line('M-70 -104Q-84 -84 -78 -50', main, 5) + ellipse(-78, -44, 5, 10, darker(main, 0.5)),
    ellipse(-26, -50, 15, 9, '#eab0a6'),
    blob([-73, -100, -62, -117, -10, -112, 44, -118, 64, -104, 62, -68, 36, -54, -40, -52, -66, -58], coat),
    white ? spots : '',
    legs([-59, 52], 66, 16, main, 8),
    path('M36 -112Q78 -116 92 -72L64 -50Q54 -66 42 -70Z', coat),
    line('M74 -92Q72 -104 80 -108M92 -86Q100 -94 104 -88', '#efe3c8', 4.5),
    ellipse(70, -78, 12, 5.5, darker(main, 0.25), 'transform="rotate(20 70 -78)"'),
    blob([72, -84, 88, -88, 98, -72, 102, -46, 96, -34, 84, -34, 76, -50], coat),
    white ? '' : blob([86, -84, 92, -78, 94, -58, 88, -50, 85, -64], '#f7f4ee'),
    blob([78, -48, 90, -52, 102, -46, 104, -36, 96, -29, 84, -31], '#eab9ab'),
    ellipse(90, -38, 2, 3, '#8a5a52') + ellipse(98, -39, 2, 3, '#8a5a52'),
    eye(84, -68, 3.2),
  ].join('');
}

export function sheep({ main, fade }: Ink): string {
  const black = main === '#2b2a31';
  const face = black ? '#17161b' : '#3b3641';
  const wool = [-34, -46, 22, -14, -58, 23, 12, -58, 22, 32, -48, 20, 22, -34, 20, -6, -32, 22, -30, -34, 20];
  return [
    legs([-24, 22], 30, 9, darker(face, 0.2)),
    legs([-34, 32], 32, 9.5, face),
    puffs(wool, fade(lighter(main, black ? 0.16 : 0.4), darker(main, 0.16))),
    puffs(
      [-22, -58, 10, 4, -62, 10, -6, -48, 9, 22, -52, 9],
      lighter(main, black ? 0.12 : 0.6),
      'opacity="0.6"',
    ),
    ellipse(38, -57, 11, 4.6, face, 'transform="rotate(24 38 -57)"'),
    blob([40, -64, 54, -66, 63, -52, 64, -40, 57, -34, 47, -40, 40, -52], face),
    puffs([42, -66, 8, 50, -69, 7, 36, -61, 7], lighter(main, black ? 0.08 : 0.3)),
    circle(54, -53, 3, '#ffffff') + circle(54.8, -53, 1.7, '#101014'),
  ].join('');
}

export function rabbit({ main, fade }: Ink): string {
  const coat = fade(lighter(main, 0.16), darker(main, 0.08));
  const inner = mix(main, '#f2a3a0', 0.65);
  const ear = (angle: number, colour: string): string =>
    group(
      ellipse(0, -19, 7, 21, colour) + ellipse(0.5, -18, 3.4, 15, inner),
      `translate(14 -56) rotate(${angle})`,
    );
  return [
    ear(-26, darker(main, 0.16)),
    circle(-32, -18, 10, lighter(main, 0.5)),
    path('M-30 -2Q-42 -34 -12 -46Q12 -52 20 -30Q26 -12 20 -2Z', coat),
    blob([-30, -16, -16, -30, 2, -22, 4, -6, -8, -1, -24, -2], lighter(main, 0.08)),
    ellipse(-8, -4, 17, 4.6, lighter(main, 0.16)) + ellipse(20, -4, 10, 4.2, lighter(main, 0.16)),
    ear(-4, main),
    ellipse(20, -46, 18, 16, coat),
    ellipse(29, -41, 9, 7, lighter(main, 0.35)),
    eye(23, -50, 3.2),
    polygon([33, -45, 38, -45, 36, -41.5], '#d97d80'),
  ].join('');
}

export function fox({ fade }: Ink): string {
  const red = '#dd6b2a';
  const coat = fade('#ee8740', '#cf5d22');
  const sock = '#3b2a2b';
  return [
    legs([-24, 28], 40, 10, '#8f421f') + legs([-24, 28], 18, 10, sock),
    blob([-40, -52, -62, -66, -88, -58, -96, -36, -84, -24, -62, -30, -40, -42], coat),
    blob([-82, -60, -92, -52, -97, -36, -88, -25, -78, -27, -86, -40], '#fbf1e4'),
    blob([-46, -52, -34, -64, 0, -60, 28, -66, 42, -54, 36, -38, 8, -34, -30, -32, -44, -40], coat),
    legs([-36, 36], 44, 11, red) + legs([-36, 36], 20, 11, sock),
    path('M12 -60Q28 -80 36 -84L58 -68Q50 -48 38 -42Z', coat),
    path('M34 -56Q44 -40 40 -36Q28 -40 26 -52Z', '#fbf1e4'),
    polygon([30, -84, 32, -108, 46, -92], '#b9521d') + polygon([42, -90, 52, -110, 58, -88], red),
    polygon([45, -92, 51, -104, 54, -90], sock),
    blob([28, -82, 44, -94, 60, -86, 76, -74, 86, -66, 78, -62, 58, -58, 38, -62], coat),
    blob([40, -64, 58, -72, 82, -66, 74, -62, 56, -58], '#fbf1e4'),
    circle(84, -67, 3.8, INKY),
    eye(58, -78, 3),
  ].join('');
}

export function camel({ fade, random }: Ink): string {
  const sand = '#cd9657';
  const coat = fade('#dfae70', '#bd8447');
  const cloth = random.pick(['#b8443f', '#2f6f9f', '#7a4a9a', '#2f8a72']);
  return [
    legs([-36, 34], 80, 12, '#9c6d3a', 6, '#6d4a2a'),
    line('M-62 -98Q-74 -80 -68 -54', sand, 4.5) + ellipse(-68, -50, 4, 8, '#8b5f33'),
    blob(
      [
        -64, -92, -52, -108, -28, -112, -10, -138, 8, -140, 22, -112, 46, -106, 56, -90, 44, -70, 0, -64, -44,
        -68,
      ],
      coat,
    ),
    legs([-50, 46], 84, 13, sand, 6, '#6d4a2a'),
    path('M34 -104Q58 -84 62 -120Q62 -148 70 -160L86 -152Q82 -140 82 -116Q78 -70 44 -72Z', coat),
    blob([66, -158, 74, -170, 88, -168, 106, -156, 106, -148, 92, -146, 76, -146], coat),
    polygon([70, -166, 68, -178, 78, -169], sand),
    eye(86, -161, 2.8),
    line('M98 -151Q103 -150 106 -151', '#7a5430', 1.5),
    blob([-32, -116, -16, -138, 4, -145, 18, -132, 26, -110, 30, -82, 8, -74, -22, -76, -38, -84], cloth),
    line('M-37 -86Q-4 -74 30 -84', '#f2c85a', 4) + line('M-33 -98Q-2 -88 28 -98', lighter(cloth, 0.4), 2.5),
  ].join('');
}

import type { RawImage } from './bicubic.js';

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const HEADER = 8;

/**
 * Pixels as an uncompressed TIFF file: how what another decoder made is handed to the picture library together with its
 * colour profile. Three channels, or four with the transparency last.
 */
export function plainTiff({ pixels, width, height, channels }: RawImage, profile?: Uint8Array): Uint8Array {
  const bits = HEADER + pixels.length + (pixels.length & 1);
  const profileAt = bits + 8;
  const directory = profileAt + (profile?.length ?? 0) + ((profile?.length ?? 0) & 1);
  const entries: (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, bits],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 2],
    [273, LONG, 1, HEADER],
    [277, SHORT, 1, channels],
    [278, LONG, 1, height],
    [279, LONG, 1, pixels.length],
    // The fourth channel is transparency that was not multiplied in.
    ...(channels === 4 ? [[338, SHORT, 1, 2] as const] : []),
    ...(profile ? [[34_675, UNDEFINED, profile.length, profileAt] as const] : []),
  ];
  const file = new Uint8Array(directory + 2 + entries.length * 12 + 4);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0], 0);
  view.setUint32(4, directory, true);
  file.set(pixels, HEADER);
  for (let i = 0; i < channels; i++) view.setUint16(bits + 2 * i, 8, true);
  if (profile) file.set(profile, profileAt);
  view.setUint16(directory, entries.length, true);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = directory + 2 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  return file;
}

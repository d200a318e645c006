/** Boxes of the ISO base media format, in which Canon keeps its newer RAW files: a size, a name, and contents. */

export interface IsoBox {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Boxes of one level. */
const MAX_BOXES = 256;

/** The boxes between two positions. One that says it is longer than the room there is, is the last. */
export function isoBoxes(bytes: Uint8Array, from = 0, to: number = bytes.length): IsoBox[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: IsoBox[] = [];
  let at = from;
  while (at + 8 <= to && boxes.length < MAX_BOXES) {
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1 && at + 16 <= to) {
      size = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12);
      header = 16;
    } else if (size === 0) size = to - at;
    if (size < header || at + size > to) break;
    const type = Buffer.from(bytes.buffer, bytes.byteOffset + at + 4, 4).toString('latin1');
    boxes.push({ type, start: at + header, end: at + size });
    at += size;
  }
  return boxes;
}

/** The first box that a chain of names leads to. */
export function isoBox(bytes: Uint8Array, path: readonly string[], within?: IsoBox): IsoBox | undefined {
  let box = within;
  for (const type of path) {
    box = isoBoxes(bytes, box?.start, box?.end).find((one) => one.type === type);
    if (box === undefined) return undefined;
  }
  return box;
}

/** Canon's boxes are named by sixteen bytes at their start. */
export function uuidBox(bytes: Uint8Array, uuid: string, within?: IsoBox): IsoBox | undefined {
  for (const { type, start, end } of isoBoxes(bytes, within?.start, within?.end)) {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(16, end - start));
    if (type === 'uuid' && name.toString('hex') === uuid) return { type, start: start + 16, end };
  }
  return undefined;
}

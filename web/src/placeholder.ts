import { thumbHashToDataURL } from 'thumbhash';

const drawn = new Map<string, string | undefined>();
const MOST = 2000;

/** A blurred likeness as an address that a style can name; what cannot be drawn is left out. */
export function placeholderAddress(base64: string | null): string | undefined {
  if (base64 === null) return undefined;
  if (drawn.has(base64)) return drawn.get(base64);
  let address: string | undefined;
  try {
    address = thumbHashToDataURL(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    // The page draws its plain ground instead.
  }
  if (drawn.size >= MOST) drawn.clear();
  drawn.set(base64, address);
  return address;
}

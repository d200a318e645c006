import { createHash } from 'node:crypto';

/** The identity of a photo or a caption: SHA-256 of its bytes, in hex. Paths come and go, this stays. */
export function contentHash(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Decodes HEIC in a thread of its own: the only file that knows heic-decode. */
import { parentPort } from 'node:worker_threads';
import heic from 'heic-decode';

export interface HeicRequest {
  readonly bytes: Uint8Array;
  readonly maxPixels: number;
}

export type HeicReply =
  | { readonly pixels: Uint8Array; readonly width: number; readonly height: number }
  | { readonly error: string };

/** The first picture of the file, upright, four channels. */
async function decoded({ bytes, maxPixels }: HeicRequest): Promise<HeicReply> {
  const images = await heic.all({ buffer: bytes });
  try {
    const [first] = images;
    if (!first) return { error: 'it holds no picture' };
    // What the container said before may differ from what is inside.
    if (first.width * first.height > maxPixels) return { error: 'it has more pixels than it says' };
    const { width, height, data } = await first.decode();
    return { pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height };
  } finally {
    images.dispose();
  }
}

parentPort?.on('message', (request: HeicRequest) => {
  decoded(request).then(
    (reply) => parentPort?.postMessage(reply, 'pixels' in reply ? [reply.pixels.buffer as ArrayBuffer] : []),
    (error: unknown) =>
      parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});

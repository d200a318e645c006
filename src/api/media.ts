import type { Request, Response } from 'express';
import { SightlineError } from '../core/errors.js';

/** Bytes that never change under the address they are given at. */
export interface Media {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Names the bytes: equal tags, equal bytes. */
  readonly tag: string;
  /** What a browser calls the file when it is saved. */
  readonly fileName?: string;
}

/** An id stands for one content for ever, so browsers may keep what they got. */
const FOR_EVER = 'private, max-age=31536000, immutable';

/**
 * Sends media whole, in part (`Range`), or not at all where the client has it (`If-None-Match`).
 * @throws ERR_RANGE_INVALID
 */
export function sendMedia(
  request: Request,
  response: Response,
  { bytes, contentType, tag, fileName }: Media,
): void {
  const etag = `"${tag}"`;
  response.set({
    'Cache-Control': FOR_EVER,
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Content-Type': contentType,
  });
  if (fileName !== undefined) {
    response.set('Content-Disposition', `inline; filename*=UTF-8''${encodeURIComponent(fileName)}`);
  }
  // A part of other bytes than the client has is of no use to it.
  const stale = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag;
  const ranges = stale ? undefined : request.range(bytes.length);
  if (ranges === -1) {
    response.set('Content-Range', `bytes */${bytes.length}`);
    throw new SightlineError(
      'ERR_RANGE_INVALID',
      `The picture has ${bytes.length} bytes; ask for a range within them.`,
    );
  }
  const [range, another] = Array.isArray(ranges) && ranges.type === 'bytes' ? ranges : [];
  // Several ranges at once would need a multipart answer; the whole is allowed instead.
  if (range === undefined || another !== undefined || request.fresh) {
    response.send(bytes);
    return;
  }
  response
    .status(206)
    .set('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`)
    .send(bytes.subarray(range.start, range.end + 1));
}

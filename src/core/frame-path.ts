/**
 * Where a frame of a video is: the video's path and the second, written as media fragments are (`film.mp4#t=12.5`), so that
 * every frame has a path of its own beside the paths of files.
 */

const FRAME = /#t=\d+(?:\.\d+)?$/;

/** Between the video's path and the second. */
export const FRAME_MARK = '#t=';

export const framePath = (video: string, second: number): string => `${video}${FRAME_MARK}${second}`;

/** Whether it may be one; a file can be called so too. */
export const isFramePath = (path: string): boolean => FRAME.test(path);

export const videoOfFrame = (path: string): string => path.replace(FRAME, '');

/** The identity of a frame: the video's content and the millisecond. */
export const frameHash = (videoHash: string, second: number): string =>
  `${videoHash}@${Math.round(second * 1000)}`;

/** What the identity of a photo says of its second; null for a picture. */
export function secondOfHash(contentHash: string): number | null {
  const milliseconds = /@(\d+)$/.exec(contentHash)?.[1];
  return milliseconds === undefined ? null : Number(milliseconds) / 1000;
}

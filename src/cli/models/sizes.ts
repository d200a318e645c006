import type { Manifest } from '../../engine/mod.js';

export const millions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** For files of any size: graphs are small, weights are not. */
export const fileSize = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : megabytes(bytes);

export const bundleBytes = ({ files }: Manifest): number =>
  Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);

/** Numbers, sizes and moments as the page writes them, so that they look the same everywhere. */
import type { PhotoMetadata } from './contract.js';

export const wholeNumber: Intl.NumberFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
export const weightNumber: Intl.NumberFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
export const smallNumber: Intl.NumberFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const whole = (value: number): string => wholeNumber.format(value);

/** The last part of a path, whichever way its slashes lean. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}

export function scoreText(score: number, digits = 2): string {
  return score.toFixed(digits);
}

/** By the clock of the place it was taken at. */
export function takenText(takenAt: string, offset: number | null): string {
  const local = new Date(Date.parse(takenAt) + (offset ?? 0) * 60_000);
  return local.toLocaleString('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
}

/** “1/250 s, f/2.8, ISO 400, 35 mm” */
export function exposureText({ exposureSeconds, aperture, iso, focalLength }: PhotoMetadata): string {
  const parts: string[] = [];
  if (exposureSeconds !== null)
    parts.push(
      exposureSeconds < 0.4
        ? `1/${whole(1 / exposureSeconds)} s`
        : `${smallNumber.format(exposureSeconds)} s`,
    );
  if (aperture !== null) parts.push(`f/${smallNumber.format(aperture)}`);
  if (iso !== null) parts.push(`ISO ${iso}`);
  if (focalLength !== null) parts.push(`${smallNumber.format(focalLength)} mm`);
  return parts.join(', ');
}

export function byteSize(bytes: number): string {
  return bytes < 1e6 ? `${whole(bytes / 1e3)} kB` : `${smallNumber.format(bytes / 1e6)} MB`;
}

export const countOf = (value: number): string => whole(value);

export function momentText(iso: string): string {
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}

export function pixelSize(width: number, height: number): string {
  return `${whole(width)} × ${whole(height)}`;
}

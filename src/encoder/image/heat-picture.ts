/** A picture with a heat map over it: dimmed where nothing matters, warm where much does. */
import sharp from 'sharp';

/** Row by row, `cells` × `cells`, 0…1. */
export interface HeatMap {
  readonly cells: number;
  readonly values: readonly number[];
}

/** Of the dark that lies over what does not matter. */
const DIMMED = 150;
const WARMTH = { r: 255, g: 96, b: 24 } as const;
/** Of the warm colour where it is warmest. */
const MOST_WARM = 150;

function rgba({ cells, values }: HeatMap): Buffer {
  const pixels = Buffer.alloc(cells * cells * 4);
  for (const [cell, heat] of values.entries()) {
    const alpha = Math.round(DIMMED * (1 - heat) + MOST_WARM * heat);
    pixels.set([WARMTH.r * heat, WARMTH.g * heat, WARMTH.b * heat, alpha].map(Math.round), cell * 4);
  }
  return pixels;
}

/** @param picture a picture in a format that browsers show. @returns PNG, as large as the picture */
export async function heatPicture(picture: Uint8Array, heat: HeatMap): Promise<Uint8Array> {
  const upright = await sharp(picture, { failOn: 'error', pages: 1 })
    .autoOrient()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = upright.info;
  const { cells } = heat;
  const overlay = await sharp(rgba(heat), { raw: { width: cells, height: cells, channels: 4 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .png()
    .toBuffer();
  return sharp(upright.data)
    .composite([{ input: overlay }])
    .png({ compressionLevel: 6 })
    .toBuffer();
}

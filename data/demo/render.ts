import sharp from 'sharp';
import { drawScene } from './draw.js';
import type { Scene } from './scene.js';
import { HEIGHT, WIDTH } from './stage.js';

export interface RenderSize {
  readonly width: number;
  readonly height: number;
}

/** The scene as a JPEG. The same scene gives the same bytes as long as sharp stays the same. */
export async function renderScene(
  scene: Scene,
  size: RenderSize = { width: WIDTH, height: HEIGHT },
): Promise<Buffer> {
  const image = sharp(Buffer.from(drawScene(scene)));
  const sized =
    size.width === WIDTH && size.height === HEIGHT
      ? image
      : image.resize(size.width, size.height, { fit: 'cover' });
  return sized.removeAlpha().jpeg({ quality: 86, chromaSubsampling: '4:4:4' }).toBuffer();
}

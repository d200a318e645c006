import type { OutputSet } from './architecture.js';

/**
 * How pictures are prepared: `stretch` changes the proportions and shows all of a picture; `centre-crop` scales the
 * shorter side and cuts the ends of the longer one off. The scaling of the values, (x / 255 − mean) / std, is folded into
 * the graphs.
 */
export interface PixelScaling {
  readonly resize: 'stretch' | 'centre-crop';
  /** Red, green, blue, of values from 0 to 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const SYMMETRIC: PixelScaling = { resize: 'stretch', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

const IMAGENET: PixelScaling = {
  resize: 'centre-crop',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** ImageNet models alone see cropped pictures; every other task was trained on stretched ones. */
export function pixelScaling({ retrieval, answers, pairs, classes, words }: OutputSet): PixelScaling {
  const other = retrieval || answers > 0 || pairs || words !== 'none';
  return classes > 0 && !other ? IMAGENET : SYMMETRIC;
}

import { heatPicture } from '../../encoder/mod.js';
import { contentHash } from '../../ingest/mod.js';
import { type ModelChoice, openEncoder } from '../models.js';
import { readPictureFile } from '../picture-file.js';
import { checkedText } from '../query-embedding.js';
import { type Explanation, explain, heatMap } from './explanation.js';
import { chosenScore, type Explainable, judgeOf } from './judge.js';

export interface ExplainFileOptions extends ModelChoice {
  readonly by?: Explainable | undefined;
  /** Place of the word that the picture shows, from 0; without it the whole text. */
  readonly word?: number | undefined;
}

/**
 * Why a picture file fits a text, without a library; with the heat map as PNG.
 * @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_REQUEST_INVALID, ERR_MODEL_CAPABILITY, ERR_PATH_NOT_FOUND,
 * ERR_IMAGE_UNREADABLE
 */
export async function explainFile(
  path: string,
  text: string,
  { by, word, ...choice }: ExplainFileOptions,
): Promise<{ readonly explanation: Explanation; readonly picture: Uint8Array }> {
  const asked = checkedText(text);
  const bytes = await readPictureFile(path);
  await using encoder = await openEncoder(choice);
  const { imageSize, patchSize } = encoder.bundle.manifest;
  const chosen = chosenScore(encoder.bundle.manifest, by);
  const judge = judgeOf(encoder, chosen, contentHash(bytes));
  const { pixels, thumbnail } = await encoder.images.read(bytes, { thumbnail: true });
  const patches = imageSize / patchSize;
  const picture = { pixels, size: imageSize };
  const explanation = await explain({ picture, patches, text: asked, by: chosen, judge });
  return { explanation, picture: await heatPicture(thumbnail ?? bytes, heatMap(explanation, word)) };
}

import { dot } from '../../core/embedding.js';
import { SightlineError } from '../../core/errors.js';
import type { ScorerName } from '../../core/fusion.js';
import type { Encoder, Manifest } from '../../encoder/mod.js';

/** What a score is explained of: the dual encoder's similarity, or one of the fused mode's scorers. */
export const EXPLAINABLE = ['similarity', 'match', 'caption', 'answer', 'interaction'] as const;
export type Explainable = 'similarity' | ScorerName;

/**
 * The score that is explained: by default the one that hits are ordered by.
 * @throws ERR_REQUEST_INVALID for a name that is none
 */
export function chosenScore({ rerank, fusion }: Manifest, by: Explainable | undefined): Explainable {
  const chosen = by ?? (rerank.default && fusion ? fusion.scorer : 'similarity');
  if (EXPLAINABLE.includes(chosen)) return chosen;
  const message = `Expected one of ${EXPLAINABLE.join(', ')} to explain but received ${by}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { by, known: EXPLAINABLE } });
}

/** Scores of every picture with every text: [pictures][texts]. */
export type Judge = (
  pictures: readonly Uint8Array[],
  texts: readonly string[],
) => Promise<readonly (readonly number[])[]>;

const similarityJudge =
  ({ dual }: Encoder): Judge =>
  async (pictures, texts) => {
    const images = await dual.embedImages(pictures);
    const { embeddings } = await dual.embedTexts(texts);
    return images.map((image) => embeddings.map((text) => dot(image, text)));
  };

/** @param content names the picture that the others were made of */
function scorerJudge(encoder: Encoder, name: ScorerName, content: string): Judge {
  const scorer = encoder.scorer(name);
  return async (pictures, texts) => {
    const pairs = pictures.flatMap((pixels, place) => {
      const image = { key: `${content} covered ${place}`, pixels: async () => pixels };
      return texts.map((text) => ({ image, text }));
    });
    const scores = await scorer.score(pairs, 'query');
    return pictures.map((_, place) => scores.slice(place * texts.length, (place + 1) * texts.length));
  };
}

/** @throws ERR_MODEL_CAPABILITY where the model has no such head */
export function judgeOf(encoder: Encoder, by: Explainable, content: string): Judge {
  return by === 'similarity' ? similarityJudge(encoder) : scorerJudge(encoder, by, content);
}

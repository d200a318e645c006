/** Why a photo fits a text. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EXPLAINABLE, type Explainable, type Explanation, heatOf, type SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint, mediaEndpoint } from './endpoint.js';
import { itemPath } from './item-schemas.js';

interface ExplainFields {
  readonly text: string;
  readonly by?: Explainable | undefined;
}

interface PictureFields extends ExplainFields {
  readonly word?: number | undefined;
}

const fields = {
  text: z.string().describe('What the photo was found by.'),
  by: z
    .enum(EXPLAINABLE)
    .optional()
    .describe('Which score is explained. Default: the one that hits are ordered by.'),
};
const explainFields: z.ZodType<ExplainFields> = z.strictObject(fields);
const pictureFields: z.ZodType<PictureFields> = z.strictObject({
  ...fields,
  word: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Place of a word, from 0; the whole text without it.'),
});

interface GridAnswer {
  readonly values: readonly number[];
  readonly heat: readonly number[];
}

export interface ExplanationAnswer {
  readonly text: string;
  readonly by: Explainable;
  readonly score: number;
  readonly cells: number;
  readonly grid: GridAnswer;
  readonly words: readonly (GridAnswer & { readonly word: string })[];
}

const grid = {
  values: z.array(z.number()).describe('What the score loses without each cell, row by row.'),
  heat: z.array(z.number()).describe('The same for the eye, 0…1.'),
};

const explanationSchema: z.ZodType<ExplanationAnswer> = z
  .strictObject({
    text: z.string(),
    by: z.enum(EXPLAINABLE),
    score: z.number(),
    cells: z.number().int().describe('Along each axis of the photo.'),
    grid: z.strictObject(grid).describe('Of the whole text.'),
    words: z.array(z.strictObject({ word: z.string(), ...grid })).describe('In the order of the text.'),
  })
  .meta({ id: 'Explanation' });

function gridAnswer(relevance: Explanation['relevance']): GridAnswer {
  return { values: relevance.values, heat: heatOf(relevance) };
}

function explanationAnswer({ text, by, score, relevance, words }: Explanation): ExplanationAnswer {
  return {
    text,
    by,
    score,
    cells: relevance.cells,
    grid: gridAnswer(relevance),
    words: words.map(({ word, relevance: own }) => ({ word, ...gridAnswer(own) })),
  };
}

const ERRORS = [
  'ERR_ITEM_NOT_FOUND',
  'ERR_QUERY_EMPTY',
  'ERR_QUERY_TOO_LONG',
  'ERR_MODEL_CAPABILITY',
  'ERR_FILE_GONE',
  'ERR_FILE_CHANGED',
] as const;

export function explainEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/items/{id}/explain',
      name: 'explain',
      group: 'items',
      summary: 'why a photo fits a text: what each part of it matters to the text and to each word',
      heavy: true,
      pathFields: itemPath,
      queryFields: explainFields,
      answer: explanationSchema,
      errors: ERRORS,
      handle: async ({ path, query, signal }) =>
        explanationAnswer(await engine.explain(path.id, query.text, { by: query.by, signal })),
    }),
    mediaEndpoint({
      method: 'get',
      path: '/api/items/{id}/explain.png',
      name: 'explainPicture',
      group: 'items',
      summary: 'the same as a heat map over the preview of the photo',
      heavy: true,
      pathFields: itemPath,
      queryFields: pictureFields,
      contentTypes: ['image/png'],
      errors: [...ERRORS, 'ERR_IMAGE_UNREADABLE'],
      handle: async ({ path, query, signal }) => {
        const { text, by, word } = query;
        const { bytes, contentHash } = await engine.explainPicture(path.id, text, { by, word, signal });
        const asked = createHash('sha256')
          .update(JSON.stringify([text, by, word]))
          .digest('hex');
        const tag = `${contentHash}-${asked.slice(0, 16)}`;
        return { bytes, contentType: 'image/png', tag };
      },
    }),
  ];
}

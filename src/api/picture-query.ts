/** A search by pictures of one's own: a form, whose fields may say how much each of its pictures counts. */
import { z } from 'zod';
import { SightlineError } from '../core/errors.js';
import type { Query, QueryPart } from '../core/query.js';
import { idField } from './item-schemas.js';
import {
  MAX_PARTS,
  type PartRequest,
  queryOf,
  queryPart,
  searchFields,
  type SearchPage,
  structure,
  textField,
} from './search-schemas.js';
import { MAX_PICTURES } from './upload.js';

interface FormPart extends PartRequest {
  readonly picture?: number | undefined;
}

export interface PictureSearchRequest extends Omit<SearchPage, 'all' | 'not'> {
  readonly text?: string | undefined;
  readonly all?: readonly FormPart[] | undefined;
  readonly not?: readonly FormPart[] | undefined;
}

const part: z.ZodType<FormPart> = z
  .strictObject({
    text: z.string().optional(),
    imageId: idField.optional(),
    picture: z
      .number()
      .int()
      .min(0)
      .max(MAX_PICTURES - 1)
      .optional()
      .describe('The place of a picture in the form, from 0.'),
    weight: z.coerce.number().positive().max(100).optional().describe('Beside the other parts. Default 1.'),
  })
  .refine(
    ({ text, imageId, picture }) => [text, imageId, picture].filter((one) => one !== undefined).length === 1,
    { error: 'expected one of text, imageId and picture' },
  )
  .meta({
    id: 'FormQueryPart',
    description: 'A text, an item of the library, or one of the pictures in the form.',
  });

const parts = structure(z.array(part).max(MAX_PARTS)).optional();

/** Fields beside the pictures. */
export const pictureSearchRequest: z.ZodType<PictureSearchRequest> = z.strictObject({
  text: textField.optional(),
  ...searchFields,
  all: parts.describe('Further parts of the query. Pictures that no part names are wanted, with weight 1.'),
  not: parts.describe('What the hits should not show.'),
});

/** @throws ERR_REQUEST_INVALID, ERR_FILTER_INVALID */
export function queryWithPictures(
  { all = [], not = [], ...rest }: PictureSearchRequest,
  pictures: readonly Uint8Array[],
): Query {
  const partOf = ({ picture, ...fields }: FormPart): QueryPart => {
    if (picture === undefined) return queryPart(fields);
    const image = pictures[picture];
    if (image !== undefined) return { image, ...(fields.weight !== undefined && { weight: fields.weight }) };
    const message = `Expected a picture for the part that names picture ${picture}, but the form has ${pictures.length}. They are counted from 0.`;
    throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { picture } });
  };
  const named = new Set([...all, ...not].map(({ picture }) => picture));
  const others = pictures.filter((_, place) => !named.has(place)).map((image): QueryPart => ({ image }));
  const query = queryOf(rest);
  return {
    ...query,
    all: [...others, ...all.map(partOf)],
    not: [...(query.not ?? []), ...not.map(partOf)],
  };
}

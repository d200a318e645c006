import { z } from 'zod';
import {
  DUPLICATE_MODES,
  type DuplicateGroup,
  type DuplicateMode,
  type SearchEngine,
} from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';
import { type ItemAnswer, itemAnswer, itemSchema } from './item-schemas.js';

export interface DuplicatesAnswer {
  readonly mode: DuplicateMode;
  readonly groups: readonly {
    readonly best: number;
    readonly members: readonly { readonly item: ItemAnswer; readonly paths: readonly string[] }[];
  }[];
}

const mode = z
  .enum(DUPLICATE_MODES)
  .describe(
    'file: one content at several paths; photo: one photo in several files; similar: photos of one moment.',
  );

const duplicatesFields: z.ZodType<{ readonly mode: DuplicateMode }> = z.strictObject({
  mode: mode.default('file'),
});

const duplicatesSchema: z.ZodType<DuplicatesAnswer> = z
  .strictObject({
    mode,
    groups: z.array(
      z.strictObject({
        best: z.number().int().describe('The one to keep, if only one is kept.'),
        members: z.array(z.strictObject({ item: itemSchema, paths: z.array(z.string()) })),
      }),
    ),
  })
  .meta({ id: 'DuplicatesAnswer' });

const groupAnswer = ({ best, members }: DuplicateGroup): DuplicatesAnswer['groups'][number] => ({
  best,
  members: members.map(({ photo, paths }) => ({ item: itemAnswer(photo), paths })),
});

export function duplicateEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/duplicates',
      name: 'duplicates',
      group: 'library',
      summary: 'photos that are there more than once, with the best of each group',
      description: 'Nothing is changed. The modes photo and similar look at every photo.',
      heavy: true,
      queryFields: duplicatesFields,
      answer: duplicatesSchema,
      handle: async ({ query, signal }) => {
        const groups = await engine.survey.duplicates({ mode: query.mode, signal });
        return { mode: query.mode, groups: groups.map(groupAnswer) };
      },
    }),
  ];
}

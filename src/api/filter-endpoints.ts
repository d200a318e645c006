import { z } from 'zod';
import type { Completion, SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

const MAX_LINE = 4000;

const completionFields: z.ZodType<{ readonly line: string }> = z.strictObject({
  line: z.string().max(MAX_LINE).describe('What was typed so far.'),
});

export interface CompletionsAnswer {
  readonly completions: readonly Completion[];
}

const completionsSchema: z.ZodType<CompletionsAnswer> = z
  .strictObject({
    completions: z.array(
      z.strictObject({
        line: z.string().describe('What the line would become.'),
        text: z.string().describe('The field or value that is offered.'),
        about: z.string().describe('What a field is about, or how many items have the value.'),
      }),
    ),
  })
  .meta({ id: 'CompletionsAnswer' });

export function filterEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/filter/completions',
      name: 'filterCompletions',
      group: 'search',
      summary: 'how a line of words and conditions may go on: fields, and values that the library has',
      queryFields: completionFields,
      answer: completionsSchema,
      handle: ({ query }) => ({ completions: engine.survey.completions(query.line) }),
    }),
  ];
}

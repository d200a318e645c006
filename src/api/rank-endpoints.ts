/** `POST /v1/rerank`, in the shape that rerank services have agreed on, so that other programs can use this one. */
import { z } from 'zod';
import { MAX_DOCUMENTS, type RankInput, type SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

type Document = string | { readonly text: string } | { readonly image: string };

export interface RerankBody {
  readonly model?: string | undefined;
  readonly query: Document;
  readonly documents: readonly Document[];
  readonly top_n?: number | undefined;
  readonly return_documents?: boolean | undefined;
}

export interface RerankResults {
  readonly model: string;
  readonly results: readonly {
    readonly index: number;
    readonly relevance_score: number;
    readonly document?: Document | undefined;
  }[];
}

const DATA_ADDRESS = /^data:image\/[\w.+-]+;base64,/;

const picture = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text.replace(DATA_ADDRESS, '')), {
    error: 'expected a picture in base64, with or without data:image/…;base64, before it',
  })
  .describe('A picture in base64, or as a data: address.');

const document: z.ZodType<Document> = z
  .union([z.string(), z.strictObject({ text: z.string() }), z.strictObject({ image: picture })])
  .meta({ id: 'RerankDocument', description: 'A text, or a picture.' });

const rerankBody: z.ZodType<RerankBody> = z
  .strictObject({
    model: z.string().optional().describe('Taken and ignored: the model is the one of the library.'),
    query: document,
    documents: z.array(document).min(1).max(MAX_DOCUMENTS),
    top_n: z.number().int().min(1).optional().describe('Results wanted. Default: all.'),
    return_documents: z
      .boolean()
      .optional()
      .describe('Give the documents back with the results. Default false.'),
  })
  .meta({ id: 'RerankBody' });

const rerankResults: z.ZodType<RerankResults> = z
  .strictObject({
    model: z.string(),
    results: z.array(
      z.strictObject({
        index: z.number().int().min(0).describe('Place among the documents.'),
        relevance_score: z
          .number()
          .describe('0…1; a probability between a text and pictures where the model is calibrated.'),
        document: document.optional(),
      }),
    ),
  })
  .meta({ id: 'RerankResults' });

function inputOf(asked: Document): RankInput {
  if (typeof asked === 'string') return { text: asked };
  return 'text' in asked ? asked : { image: Buffer.from(asked.image.replace(DATA_ADDRESS, ''), 'base64') };
}

export function rankEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'post',
      path: '/v1/rerank',
      name: 'rerank',
      group: 'search',
      summary: 'texts and pictures of yours, ranked by how well they fit a query',
      description: 'Nothing of it is kept. At most 32 MB, 1000 documents, 64 of them pictures.',
      heavy: true,
      large: true,
      body: rerankBody,
      answer: rerankResults,
      errors: ['ERR_QUERY_EMPTY', 'ERR_QUERY_TOO_LONG', 'ERR_IMAGE_UNREADABLE', 'ERR_IMAGE_TOO_LARGE'],
      handle: async ({ body }) => {
        const { query, documents, top_n: wanted, return_documents: back } = body;
        const ranked = await engine.rank(inputOf(query), documents.map(inputOf));
        return {
          model: engine.status().model.id,
          results: ranked.slice(0, wanted).map(({ index, relevance }) => ({
            index,
            relevance_score: relevance,
            ...(back && { document: documents[index] }),
          })),
        };
      },
    }),
  ];
}

/** Embeddings in the shape that OpenAI gave them, so that programs made for that shape can use this model; pictures beside texts. */
import { z } from 'zod';
import { SightlineError } from '../core/errors.js';
import type { EmbedInput, SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

const MAX_INPUTS = 64;

type InputRequest = string | { readonly text: string } | { readonly image: string };

interface EmbeddingsRequest {
  readonly input: InputRequest | readonly InputRequest[];
  readonly model?: string | undefined;
  readonly encoding_format: 'float' | 'base64';
  readonly dimensions?: number | undefined;
  readonly user?: string | undefined;
}

const input: z.ZodType<InputRequest> = z
  .union([
    z.string(),
    z.strictObject({ text: z.string() }),
    z.strictObject({ image: z.string().describe('A picture in base64, or as a data: address.') }),
  ])
  .meta({ id: 'EmbeddingInput' });

const embeddingsRequest: z.ZodType<EmbeddingsRequest> = z
  .strictObject({
    input: z.union([input, z.array(input).min(1).max(MAX_INPUTS)]),
    model: z.string().optional().describe('Read and not needed: a library has one model.'),
    encoding_format: z.enum(['float', 'base64']).default('float'),
    dimensions: z.number().int().positive().optional().describe("The model's own, where it is given."),
    user: z.string().optional().describe('Read and not used.'),
  })
  .meta({ id: 'EmbeddingsRequest' });

interface EmbeddingsAnswer {
  readonly object: 'list';
  readonly data: readonly {
    readonly object: 'embedding';
    readonly index: number;
    readonly embedding: readonly number[] | string;
  }[];
  readonly model: string;
}

const embeddingsSchema: z.ZodType<EmbeddingsAnswer> = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(
      z.strictObject({
        object: z.literal('embedding'),
        index: z.number().int().min(0),
        embedding: z
          .union([z.array(z.number()), z.string()])
          .describe('Unit length; as base64 the float32 numbers, little-endian.'),
      }),
    ),
    model: z.string().describe('Names the space: vectors of two models must not be compared.'),
  })
  .meta({ id: 'Embeddings' });

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function pictureOf(text: string): Uint8Array {
  const data = text.replace(/^data:[\w/+.-]+;base64,/, '');
  if (BASE64.test(data)) return Buffer.from(data, 'base64');
  const message =
    'Expected a picture in base64 or as a data: address. Pictures are not fetched from elsewhere.';
  throw new SightlineError('ERR_REQUEST_INVALID', message);
}

function inputOf(given: InputRequest): EmbedInput {
  if (typeof given === 'string') return { text: given };
  return 'text' in given ? given : { image: pictureOf(given.image) };
}

function encoded(vector: Float32Array, format: 'float' | 'base64'): readonly number[] | string {
  if (format === 'float') return Array.from(vector);
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

export function embeddingEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'post',
      path: '/v1/embeddings',
      name: 'embeddings',
      group: 'embeddings',
      summary: 'unit vectors of texts and pictures, in the shape that OpenAI gave them',
      heavy: true,
      large: true,
      body: embeddingsRequest,
      answer: embeddingsSchema,
      errors: ['ERR_QUERY_EMPTY', 'ERR_QUERY_TOO_LONG', 'ERR_IMAGE_UNREADABLE', 'ERR_IMAGE_TOO_LARGE'],
      handle: async ({ body }) => {
        const { model } = engine.status();
        if (body.dimensions !== undefined && body.dimensions !== model.dimensions) {
          const message = `The model gives ${model.dimensions} dimensions; leave the field dimensions out.`;
          throw new SightlineError('ERR_REQUEST_INVALID', message);
        }
        const given = [body.input].flat() as readonly InputRequest[];
        const vectors = await engine.embed(given.map(inputOf));
        const data = vectors.map((vector, index) => ({
          object: 'embedding' as const,
          index,
          embedding: encoded(vector, body.encoding_format),
        }));
        return { object: 'list' as const, data, model: model.id };
      },
    }),
  ];
}

/** The models that could be used, and the change of the library from one to another. */
import { z } from 'zod';
import { SightlineError } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';
import { CHANGE_PHASES, type ModelChangeState, type SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

const count = z.number().int().min(0);

interface ModelAnswer {
  readonly name: string;
  readonly checkpoint: string;
  readonly id: string;
  readonly current: boolean;
  readonly precision: string;
  readonly dimensions: number;
  readonly imageSize: number;
  readonly graphs: readonly string[];
}

const modelSchema: z.ZodType<ModelAnswer> = z
  .strictObject({
    name: z.string().describe('What --model takes.'),
    checkpoint: z.string(),
    id: z.string().describe('Names the space: vectors of two models must not be compared.'),
    current: z.boolean().describe('Whether the library is searched with it.'),
    precision: z.string(),
    dimensions: count,
    imageSize: count.describe('Pixels.'),
    graphs: z.array(z.string()),
  })
  .meta({ id: 'Model' });

const changeSchema: z.ZodType<ModelChangeState> = z
  .strictObject({
    to: z.string().describe('The name of the other model.'),
    phase: z
      .enum(CHANGE_PHASES)
      .describe(
        'Queries use the other model from `changed` on; `stopped`: see unreadable and error, or it was interrupted.',
      ),
    done: count.describe('Items that are embedded with it, or stand in its graph.'),
    total: count,
    unreadable: z
      .array(z.string())
      .describe('Photos whose files cannot be read: they stopped it, unless they are to be left.'),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'ModelChange' }) as z.ZodType<ModelChangeState>;

export interface ChangeAnswer {
  readonly change: ModelChangeState | null;
}

const changeAnswerSchema: z.ZodType<ChangeAnswer> = z
  .strictObject({ change: changeSchema.nullable() })
  .meta({ id: 'ModelChangeAnswer' });

export interface ModelsAnswer extends ChangeAnswer {
  readonly models: readonly ModelAnswer[];
}

const modelsSchema: z.ZodType<ModelsAnswer> = z
  .strictObject({
    models: z.array(modelSchema),
    change: changeSchema.nullable().describe('The last change since the server started, under way or ended.'),
  })
  .meta({ id: 'Models' });

interface UseBody {
  readonly name: string;
  readonly leaveUnreadable: boolean;
}

const useSchema: z.ZodType<UseBody> = z.strictObject({
  name: z.string().min(1).max(200).describe('As `GET /api/models` has it.'),
  leaveUnreadable: z
    .boolean()
    .default(false)
    .describe('Change although some files cannot be read; they are found again after the next ingest.'),
});

async function modelsOf(engine: SearchEngine): Promise<ModelAnswer[]> {
  const current = engine.status().model.id;
  return (await engine.models()).map(({ name, bundle: { manifest } }): ModelAnswer => {
    const { id, precision, dimensions, imageSize, graphs } = manifest;
    const isCurrent = id === current;
    return {
      name,
      checkpoint: manifest.name,
      id,
      current: isCurrent,
      precision,
      dimensions,
      imageSize,
      graphs,
    };
  });
}

function missing(name: string, known: readonly string[]): SightlineError {
  const message = `There is no model ${name}; expected one of: ${known.join(', ')}.${didYouMean(name, known)}`;
  return new SightlineError('ERR_MODEL_MISSING', message, { details: { model: name, known } });
}

export function modelEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/models',
      name: 'models',
      group: 'models',
      summary: 'the models that could be used, and how far the change to another one is',
      answer: modelsSchema,
      handle: async () => ({ models: await modelsOf(engine), change: engine.changeState }),
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/models/use',
      name: 'useModel',
      group: 'models',
      summary:
        'embed the library again with another model, in the background, and use it when that is done; answers at once',
      scope: 'admin',
      body: useSchema,
      answer: changeAnswerSchema,
      errors: ['ERR_LIBRARY_READ_ONLY', 'ERR_MODEL_MISSING', 'ERR_MODEL_INVALID', 'ERR_MODEL_CAPABILITY'],
      handle: async ({ body: { name, leaveUnreadable } }) => {
        // Only names: a path would let a request look into folders of the server.
        const known = (await engine.models()).map((model) => model.name);
        if (!known.includes(name)) throw missing(name, known);
        await engine.modelChange.begin(name, { leaveUnreadable });
        return { change: engine.changeState };
      },
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/models/abandon',
      name: 'abandonModelChange',
      group: 'models',
      summary: 'give the change to another model up; what was embedded for it goes',
      scope: 'admin',
      answer: changeAnswerSchema,
      errors: ['ERR_LIBRARY_READ_ONLY'],
      handle: async () => {
        await engine.modelChange.abandon();
        return { change: null };
      },
    }),
  ];
}

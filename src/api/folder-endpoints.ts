/**
 * Which folders are read, and reading them again. Choosing a folder is for who has the right `admin`, because whatever
 * photos lie in it can then be seen; `write` may have chosen folders looked through again, and nothing else of the disk.
 */
import { z } from 'zod';
import { absolutePath, notWatched, type SearchEngine, watchedPaths } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';
import { freshnessAnswer, type ProgressAnswer, progressSchema } from './status-schemas.js';

interface FolderAnswer {
  readonly path: string;
  readonly mode: 'events' | 'polling' | null;
  readonly reason: string | null;
  readonly problem: string | null;
  readonly lastReconciled: string | null;
}

export interface FoldersAnswer {
  readonly folders: readonly FolderAnswer[];
}

const MAX_PATH = 4096;
const MAX_PATHS = 1000;

const foldersSchema: z.ZodType<FoldersAnswer> = z
  .strictObject({
    folders: z.array(
      z.strictObject({
        path: z.string(),
        mode: z
          .enum(['events', 'polling'])
          .nullable()
          .describe('How changes in it are noticed; null: nobody follows it at the moment.'),
        reason: z.string().nullable().describe('Why it is polled.'),
        problem: z.string().nullable().describe('Why the last look through it failed.'),
        lastReconciled: z.iso.datetime().nullable().describe('When it was last compared from end to end.'),
      }),
    ),
  })
  .meta({ id: 'Folders' });

const path = z.string().min(1).max(MAX_PATH).describe('Absolute.');
const folder: z.ZodType<{ readonly path: string }> = z.strictObject({ path });

const ingestRequest: z.ZodType<{ readonly paths: readonly string[] }> = z
  .strictObject({
    paths: z
      .array(path)
      .max(MAX_PATHS)
      .default([])
      .describe('Files or folders within the watched ones. Default: all watched folders.'),
  })
  .meta({ id: 'IngestRequest' });

function foldersAnswer(engine: SearchEngine): FoldersAnswer {
  const states = new Map(engine.status().watched.map((state) => [state.path, state]));
  return {
    folders: engine.survey.folders().map(({ path: at, reconciledAt }) => {
      const { mode = null, reason = null, problem = null } = states.get(at) ?? {};
      return { path: at, mode, reason, problem, lastReconciled: reconciledAt?.toISOString() ?? null };
    }),
  };
}

const progressAnswer = (engine: SearchEngine): ProgressAnswer => ({
  ingest: engine.intake.status,
  freshness: freshnessAnswer(engine.freshness()),
});

/** Goes on after the answer: what fails is told by the folder's state, the ledger and the log. */
const inBackground = (work: Promise<unknown>): void => void work.catch(() => {});

export function folderEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/folders',
      name: 'folders',
      group: 'library',
      summary: 'the folders that are watched, and how',
      answer: foldersSchema,
      handle: () => foldersAnswer(engine),
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/folders',
      name: 'watchFolder',
      group: 'library',
      summary: 'read a folder and watch it from now on; answers at once, events tell how far it is',
      description:
        'The photos in it can be seen by everybody who may search. Watching it twice changes nothing.',
      scope: 'admin',
      status: 202,
      body: folder,
      answer: foldersSchema,
      errors: ['ERR_PATH_NOT_FOUND', 'ERR_PATH_UNREADABLE', 'ERR_LIBRARY_READ_ONLY', 'ERR_DISK_FULL'],
      handle: async ({ body }) => {
        await engine.intake.remember([absolutePath(body.path)]);
        inBackground(engine.intake.follow());
        return foldersAnswer(engine);
      },
    }),
    jsonEndpoint({
      method: 'delete',
      path: '/api/folders',
      name: 'unwatchFolder',
      group: 'library',
      summary: 'watch a folder no longer; what came from it stays in the library',
      scope: 'admin',
      queryFields: folder,
      answer: foldersSchema,
      errors: ['ERR_FOLDER_NOT_WATCHED', 'ERR_LIBRARY_READ_ONLY', 'ERR_DISK_FULL'],
      handle: ({ query }) => {
        if (!engine.intake.folders.includes(query.path)) throw notWatched(query.path);
        engine.intake.unwatch(query.path);
        return foldersAnswer(engine);
      },
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/ingest',
      name: 'ingest',
      group: 'library',
      summary: 'look through watched folders now, or through files and folders in them',
      description: 'Answers at once; events tell how far it is.',
      scope: 'write',
      status: 202,
      once: true,
      body: ingestRequest,
      answer: progressSchema,
      errors: [
        'ERR_FOLDER_NOT_WATCHED',
        'ERR_PATH_NOT_FOUND',
        'ERR_PATH_UNREADABLE',
        'ERR_LIBRARY_READ_ONLY',
      ],
      handle: async ({ body }) => {
        const { folders } = engine.intake;
        const paths = await watchedPaths(body.paths, folders);
        inBackground(paths.length > 0 ? engine.ingest(paths) : engine.intake.reconcile({}));
        return progressAnswer(engine);
      },
    }),
  ];
}

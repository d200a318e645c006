import { Router } from 'express';
import type { IngestStatus, SearchEngine } from '../engine/mod.js';

export interface StatusAnswer {
  readonly version: string;
  readonly model: {
    readonly name: string;
    readonly dimensions: number;
    readonly imageSize: number;
    readonly precision: string;
  };
  readonly items: { readonly photo: number; readonly caption: number };
  readonly failed: number;
  readonly ingest: IngestStatus;
}

export function statusRoutes(engine: SearchEngine, version: string): Router {
  const router = Router();

  router.get('/status', (_request, response) => {
    const { model, library, ingest } = engine.status();
    const { name, dimensions, imageSize, precision } = model;
    const answer: StatusAnswer = {
      version,
      model: { name, dimensions, imageSize, precision },
      items: library.items,
      failed: library.failed,
      ingest,
    };
    response.json(answer);
  });

  return router;
}

/** `healthz`: the process answers. `readyz`: a query would be answered, model and library included. */
export function healthRoutes(engine: SearchEngine): Router {
  const router = Router();

  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });

  router.get('/readyz', async (_request, response) => {
    await engine.warmUp();
    response.json({ status: 'ready' });
  });

  return router;
}

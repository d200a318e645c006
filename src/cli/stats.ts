import { Command } from 'commander';
import { asSightlineError } from '../core/errors.js';
import { openEngine, type RecallAudit, type SearchEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note, print, printJson, printTable } from './output.js';

const TOLD_FAILURES = 100;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function auditLine({ kind, queries, real, recall, bySource, efSearch, recallAfter }: RecallAudit): string {
  const asked = `${queries} ${real ? 'of the last queries' : 'items of the library in place of queries'}`;
  const parts = Object.entries(bySource).map(([source, share]) => `${source} ${percent(share)}`);
  const found = `${kind} index: recall@10 ${percent(recall)} over ${asked} (${parts.join(', ')}), searched ${efSearch.before} wide`;
  return efSearch.after === efSearch.before
    ? found
    : `${found}; from now on ${efSearch.after} wide: ${percent(recallAfter)}`;
}

/** A writer remembers what was measured; beside another writer it is only told. */
async function audited(options: Parameters<typeof openEngine>[0]): Promise<readonly RecallAudit[]> {
  const open = async (readOnly: boolean): Promise<SearchEngine> => openEngine({ ...options, readOnly });
  const opened = await open(false).catch((error: unknown) => {
    if (asSightlineError(error).code !== 'ERR_LIBRARY_LOCKED') throw error;
    note('Another process writes to the library: what is measured here is told and not remembered.');
    return open(true);
  });
  await using engine = opened;
  // Awaited here: the engine is closed when this function returns.
  return await engine.audits.measure();
}

export function statsCommand(): Command {
  return new Command('stats')
    .description('what the library holds, and what could not be read')
    .option('--audit', 'measure, with the last queries, how much of the truly nearest the index finds')
    .option('--json', 'print JSON')
    .action(async ({ audit = false }: { audit?: boolean }, command: Command) => {
      const { config, json, log } = contextOf(command);
      const audits = audit ? await audited({ ...config, log }) : undefined;
      await using engine = await openEngine({ ...config, readOnly: true, log });
      const { model, library } = engine.status();
      const failures = engine.failures(TOLD_FAILURES);
      if (json)
        return printJson({ dataDir: config.dataDir, model, library, failures, ...(audits && { audits }) });
      printTable([
        ['library', config.dataDir],
        ['model', model.id],
        ['photos', String(library.items.photo)],
        ['captions', String(library.items.caption)],
        ['failed files', String(library.failed)],
        ['photo index', `${library.indexes.photo.type}, ${library.indexes.photo.size} vectors`],
        ['caption index', `${library.indexes.caption.type}, ${library.indexes.caption.size} vectors`],
      ]);
      for (const one of audits ?? []) print(auditLine(one));
      if (audits?.length === 0) print('There is nothing to measure the index with yet.');
      for (const { path, code, reason } of failures) print(`  ${code}  ${path}: ${reason}`);
    });
}

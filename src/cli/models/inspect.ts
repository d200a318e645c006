import { Command } from 'commander';
import { type Manifest, openModel, scorersOf } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { fusionFormulas } from '../fusion-formula.js';
import { printJson, printTable } from '../output.js';
import { bundleBytes, megabytes, millions } from './sizes.js';

const small = (value = 0): string => value.toPrecision(2);

/** How far the numbers are from those at float32, a row for each graph. */
function driftRows({ precision, drift }: Manifest): [string, string][] {
  if (precision === 'fp32') return [];
  if (!drift) return [['drift', 'not measured: the model was imported by an older version']];
  return drift.map(({ graph, output, meanCosine, worstCosine, difference, largestDifference, spread }) => {
    const told =
      meanCosine === undefined
        ? `${output} ${small(difference)} off where they spread by ${small(spread)}, ${small(largestDifference)} at most`
        : `${output} within a cosine of ${meanCosine.toFixed(6)}, ${worstCosine?.toFixed(6)} at worst`;
    return [`drift, ${graph}`, told];
  });
}

function fusionRows({ fusion }: Manifest): [string, string][] {
  if (fusion === undefined) return [];
  return fusionFormulas(fusion).map(({ direction, formula }) => [`fusion, ${direction}`, formula]);
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('what a model is and what it can do')
    .argument('[model]', 'its name, or the folder of a bundle (default: the model of the library)')
    .option('--json', 'print the manifest as JSON')
    .action(async (model: string | undefined, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const { folder, manifest } = await openModel(model ?? config.model, config.dataDir);
      if (json) return printJson({ folder, ...manifest });
      printTable([
        ['name', manifest.name],
        ['id', manifest.id],
        ['folder', folder],
        ['source', `${manifest.source.file}, ${millions(manifest.source.parameters)} parameters`],
        ['architecture', `${manifest.layers} layers, width ${manifest.width}, ${manifest.heads} heads`],
        [
          'reads',
          `pictures of ${manifest.imageSize} px in patches of ${manifest.patchSize}, texts of ${manifest.maxTokens} tokens`,
        ],
        ['gives', `${manifest.outputs.join(', ')}; graphs: ${manifest.graphs.join(', ')}`],
        ['precision', `${manifest.precision}, ${megabytes(bundleBytes(manifest))} on disk`],
        ...driftRows(manifest),
        ['reranks by', scorersOf(manifest).join(', ') || 'nothing: it has no head for it'],
        ...fusionRows(manifest),
        ['rerank', `${manifest.rerank.default ? 'on' : 'off'}: ${manifest.rerank.reason}`],
        ['licence', manifest.licence],
      ]);
    });
}

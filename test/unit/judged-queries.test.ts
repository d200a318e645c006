import { describe, expect, it } from 'vitest';
import { EVERYDAY_QUERIES, judged, precision, readJudgements } from '../../dist/bench/everyday-queries.js';
import { figure, markdownOf } from '../../dist/bench/report.js';

describe('judged queries', () => {
  it('count what fits among what was looked at', () => {
    const queries = judged(
      { 'a dog': ['1.jpg', '2.jpg', '3.jpg'], 'a cat': ['4.jpg'] },
      { 'a dog': { '1.jpg': true, '2.jpg': false } },
    );
    expect(queries[0]?.found.map(({ fits }) => fits)).toEqual([true, false, undefined]);
    expect(precision(queries)).toEqual({ value: 50, unjudged: 2 });
  });

  it('are twenty, each once, and judgements are of these only', async () => {
    expect(new Set(EVERYDAY_QUERIES).size).toBe(20);
    for (const query of Object.keys(await readJudgements())) expect(EVERYDAY_QUERIES).toContain(query);
  });
});

describe('a report', () => {
  it('tells an interval in place of the extremes, and tables of words', () => {
    const machine = { cpu: 'c', cores: 1, memoryGiB: 1, platform: 'p', node: 'n', onnxruntime: 'o' };
    const shown = markdownOf({
      benchmark: 'quality',
      machine,
      sections: [
        { title: 'S', figures: [{ ...figure('top 1', '%', [50]), interval: { low: 40, high: 60 } }] },
      ],
      tables: [
        {
          title: 'T',
          rows: [
            ['query', 'found'],
            ['a dog', '✓ 1.jpg'],
          ],
        },
      ],
      notes: [],
    });
    expect(shown).toContain('| top 1 | 50.0 | 40.0 – 60.0 | % | 1 |  |');
    expect(shown).toContain('## T\n\n| query | found |\n| --- | --- |\n| a dog | ✓ 1.jpg |');
  });
});

/** What the cut-off hides and what it lets through: the curve from which its default is chosen. */
import { dot } from '../src/core/embedding.js';
import { CUTOFF_CONFIDENCE, judgeOf } from '../src/engine/confidence.js';
import type { Benchmark } from './benchmark.js';
import { type Captioned, captionsByPhoto, photoSet, spreadOver } from './photo-set.js';
import { figure } from './report.js';
import { runTrial } from './trial.js';
import type { EmbeddingsTrial } from './trials/embeddings.js';

const THRESHOLDS: readonly number[] = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999,
];
/** Hits that somebody looks at. */
const LOOKED_AT = 20;
/** Of a ranking, what confidence is told from; as the engine does. */
const POOL = 128;
const LEAST_LEFT = 64;
/** Words of more photos than this share are about too much to be a subject. */
const COMMON = 0.1;
const LONG = 4;

async function someCaptions(files: readonly string[], limit: number): Promise<Captioned[]> {
  const all = await captionsByPhoto(files);
  return spreadOver(all, Math.min(limit, all.length));
}

const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/\p{L}+/gu) ?? []).filter((word) => word.length >= LONG);

/** For each caption, the photos that have a word of its subject in a caption of theirs. */
function subjects(captions: readonly Captioned[], photos: number): ReadonlySet<number>[] {
  const having = new Map<string, Set<number>>();
  for (const { photo, text } of captions)
    for (const word of wordsOf(text)) having.set(word, (having.get(word) ?? new Set()).add(photo));
  return captions.map(({ photo, text }) => {
    const telling = wordsOf(text).filter((word) => (having.get(word)?.size ?? 0) <= COMMON * photos);
    return new Set([photo, ...telling.flatMap((word) => [...(having.get(word) ?? [])])]);
  });
}

interface Outcome {
  /** Confidence of the right photo where it is among those looked at; undefined where it is not. */
  readonly right: number | undefined;
  /** Confidences of those looked at. */
  readonly shown: readonly number[];
  readonly bestWithoutPhoto: number;
  readonly bestWithoutSubject: number | undefined;
}

function confidences(similarities: readonly number[]): {
  order: number[];
  of: (similarity: number) => number;
} {
  const order = similarities.toSorted((a, b) => b - a);
  return { order, of: judgeOf(Float64Array.from(similarities), order.slice(0, POOL), similarities.length) };
}

function outcomeOf(similarities: readonly number[], photo: number, subject: ReadonlySet<number>): Outcome {
  const all = confidences(similarities);
  const own = similarities[photo] as number;
  const isSeen = own >= (all.order[LOOKED_AT - 1] ?? -1);
  const without = confidences(similarities.filter((_, i) => i !== photo));
  const left = similarities.filter((_, i) => !subject.has(i));
  const strange = left.length < LEAST_LEFT ? undefined : confidences(left);
  return {
    right: isSeen ? all.of(own) : undefined,
    shown: all.order.slice(0, LOOKED_AT).map((similarity) => all.of(similarity)),
    bestWithoutPhoto: without.of(without.order[0] as number),
    bestWithoutSubject: strange?.of(strange.order[0] as number),
  };
}

const share = (values: readonly number[], holds: (value: number) => boolean): number =>
  values.length === 0 ? Number.NaN : values.filter(holds).length / values.length;

export const cutoffBenchmark: Benchmark = {
  name: 'cutoff',
  sentence: 'what the cut-off keeps of right answers, and how often it says that nothing is there',

  async run({ photos, limit, quick }, say) {
    await using set = await photoSet(photos, quick ? 150 : limit);
    const captions = await someCaptions(set.files, quick ? 100 : 5000);
    const texts = captions.map(({ text }) => text);
    const real = await runTrial<EmbeddingsTrial>('embeddings', { files: set.files, texts });
    say('embedded');
    const subjectOf = subjects(captions, set.files.length);
    const outcomes = captions.map(({ photo }, i) => {
      const query = real.texts[i] as Float32Array;
      const similarities = real.photos.map((vector) => dot(query, vector));
      return outcomeOf(similarities, photo, subjectOf[i] as ReadonlySet<number>);
    });
    const right = outcomes.flatMap((one) => one.right ?? []);
    const without = outcomes.map(({ bestWithoutPhoto }) => bestWithoutPhoto);
    const strange = outcomes.flatMap((one) => one.bestWithoutSubject ?? []);
    const at = (threshold: number): { kept: number; photo: number; subject: number; shown: number } => ({
      kept: share(right, (value) => value >= threshold),
      photo: share(without, (value) => value < threshold),
      subject: share(strange, (value) => value < threshold),
      shown:
        outcomes.reduce((sum, { shown }) => sum + shown.filter((value) => value >= threshold).length, 0) /
        outcomes.length,
    });
    const curve = THRESHOLDS.map((threshold) => ({ threshold, ...at(threshold) }));
    const chosen = at(CUTOFF_CONFIDENCE);
    return {
      sections: [
        {
          title: `Cut-off at confidence ${CUTOFF_CONFIDENCE}, ${set.files.length} photos, ${captions.length} captions`,
          figures: [
            figure(`right photos among the first ${LOOKED_AT} that stay`, 'share', [chosen.kept]),
            figure(`hits that stay of the first ${LOOKED_AT}`, 'hits', [chosen.shown]),
            figure('empty answers, the photo removed', 'share', [chosen.photo]),
            figure('empty answers, everything about its subject removed', 'share', [chosen.subject]),
          ],
        },
        ...curve.map(({ threshold, kept, photo, subject, shown }) => ({
          title: `At confidence ${threshold}`,
          figures: [
            figure('right photos that stay', 'share', [kept]),
            figure('hits that stay', 'hits', [shown]),
            figure('empty, the photo removed', 'share', [photo]),
            figure('empty, the subject removed', 'share', [subject]),
          ],
        })),
      ],
      plots: [
        {
          id: 'curve',
          title: 'What a cut-off keeps, against what it says is not there',
          x: { label: 'right photos that stay', from: 0, to: 1 },
          y: { label: 'empty answers where there is nothing to find', from: 0, to: 1 },
          series: [
            {
              label: 'subject removed',
              points: curve.map(({ kept, subject }) => [kept, subject] as const),
              dots: true,
            },
            {
              label: 'photo removed',
              points: curve.map(({ kept, photo }) => [kept, photo] as const),
              dots: true,
            },
            {
              label: 'no better than guessing',
              dashed: true,
              points: [
                [0, 1],
                [1, 0],
              ],
            },
          ],
        },
      ],
      notes: [
        `Photos: ${set.title}. The right photo of a caption is its own; others may show the same, so where only that photo was removed an answer is not wrong. Where the subject was removed, no photo is left with a rarer word of the caption in any of its captions.`,
      ],
    };
  },
};

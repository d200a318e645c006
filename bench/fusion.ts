/** What the weights of words beside vectors are worth: the table from which they are chosen. */
import { join } from 'node:path';
import type { ItemId } from '../src/core/item.js';
import { findCandidates } from '../src/engine/candidates.js';
import { Background } from '../src/engine/confidence.js';
import { FUSION_WEIGHTS, type FusionWeights } from '../src/engine/rank-fusion.js';
import { Library } from '../src/index/mod.js';
import type { Benchmark } from './benchmark.js';
import { madeUpPhoto } from './made-up-photos.js';
import { type Captioned, captionsByPhoto, photoSet } from './photo-set.js';
import { type Figure, figure, type Section } from './report.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { EmbeddingsTrial } from './trials/embeddings.js';

const PHOTOS = 1000;
const QUICK_PHOTOS = 60;
/** Of a photo's captions the first is what is written about it; so many of the others are asked for. */
const QUERIES = 2;
/** Photos with words, of all. */
const SHARES: readonly number[] = [1, 0.3];
/** Coprime to every count: which photos have words follows no order. */
const STRIDE = 7919;
const PAGE = 20;

const weights = (k: number, words: number): FusionWeights => ({ k, words, allWords: 2 * words });

const TRIED: readonly FusionWeights[] = [
  FUSION_WEIGHTS,
  weights(10, 0.5),
  weights(10, 1),
  weights(60, 0.5),
  weights(60, 0.75),
  weights(60, 1),
];

interface Asked extends Captioned {
  readonly vector: Float32Array;
}

interface Told {
  readonly embedding: Float32Array;
  readonly words: string | undefined;
}

/** Places of the right photos, from 0; Infinity where one is not on the first page. */
type Ranking = readonly { readonly place: number; readonly hasWords: boolean }[];

const share = (ranking: Ranking, within: number): number =>
  (100 * ranking.filter(({ place }) => place < within).length) / ranking.length;

/** What is asked of a library, and what is known of it. */
interface Subject {
  readonly library: Library;
  readonly background: Background;
  /** In the order of the photos. */
  readonly ids: readonly ItemId[];
  readonly photos: readonly Told[];
  readonly asked: readonly Asked[];
}

/** @param fusion undefined: by vectors alone */
function ranked(
  { library, background, ids, photos, asked }: Subject,
  fusion: FusionWeights | undefined,
): Ranking {
  return asked.map(({ photo, text, vector }) => {
    const { list } = findCandidates(
      {
        kind: 'photo',
        vector,
        texts: [text],
        itemIds: [],
        filter: undefined,
        mode: fusion === undefined ? 'semantic' : 'hybrid',
        cutoff: false,
        sort: 'score',
        wanted: PAGE,
        ...(fusion && { fusion }),
      },
      library,
      background,
    );
    const place = list.findIndex(({ id }) => id === ids[photo]);
    return {
      place: place < 0 ? Number.POSITIVE_INFINITY : place,
      hasWords: photos[photo]?.words !== undefined,
    };
  });
}

function figuresOf(name: string, ranking: Ranking): Figure[] {
  const bare = ranking.filter(({ hasWords }) => !hasWords);
  return [
    figure(`${name}: R@1`, '%', [share(ranking, 1)]),
    figure(`${name}: R@10`, '%', [share(ranking, 10)]),
    ...(bare.length > 0 ? [figure(`${name}: R@10 of photos without words`, '%', [share(bare, 10)])] : []),
  ];
}

async function sectionOf(
  photos: readonly Told[],
  asked: readonly Asked[],
  withWords: number,
): Promise<Section> {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'library');
  const dimensions = photos[0]?.embedding.length ?? 0;
  await using library = await Library.open({ folder, modelId: 'bench', dimensions, readOnly: false });
  library.commit(photos.map(({ embedding, words }, i) => madeUpPhoto(i, { embedding, description: words })));
  const ids = [...library.embeddings('photo')].map(({ id }) => id).toSorted((a, b) => a - b);
  const subject = { library, background: new Background(library), ids, photos, asked };
  const tried = TRIED.flatMap((fusion) =>
    figuresOf(
      `k ${fusion.k}, words ${fusion.words}${fusion === FUSION_WEIGHTS ? ' (in use)' : ''}`,
      ranked(subject, fusion),
    ),
  );
  return {
    title: `${Math.round(100 * withWords)} % of the photos have words`,
    figures: [...figuresOf('vectors alone', ranked(subject, undefined)), ...tried],
  };
}

export const fusionBenchmark: Benchmark = {
  name: 'fusion',
  sentence: 'what the weights of words beside vectors are worth',

  async run({ photos, limit, quick }) {
    await using set = await photoSet(photos, Math.min(limit, quick ? QUICK_PHOTOS : PHOTOS));
    const told = await captionsByPhoto(set.files);
    const captions = set.files.map((_, i) => told.filter(({ photo }) => photo === i));
    const queries = captions.flatMap((own) => own.slice(1, 1 + QUERIES));
    const texts = queries.map(({ text }) => text);
    const embeddings = await runTrial<EmbeddingsTrial>('embeddings', { files: set.files, texts });
    const asked = queries.map(
      (query, i): Asked => ({ ...query, vector: embeddings.texts[i] as Float32Array }),
    );
    const sections: Section[] = [];
    for (const withWords of SHARES) {
      const described = embeddings.photos.map((embedding, i): Told => {
        const hasWords = (i * STRIDE) % set.files.length < withWords * set.files.length;
        return { embedding, words: hasWords ? captions[i]?.[0]?.text : undefined };
      });
      sections.push(await sectionOf(described, asked, withWords));
    }
    return {
      sections,
      notes: [
        `${set.title}. The first caption of a photo is its description, the next ${QUERIES} are asked for (${asked.length} queries); right is the one photo that a caption was written for. Words that hold all of a query's count twice as much.`,
      ],
    };
  },
};

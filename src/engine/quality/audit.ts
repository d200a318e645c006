/**
 * Whom a search shows: for each query, how the groups of an attribute stand in the first k hits against their shares in the whole
 * library.
 *
 * What it can tell: whether this model, on these photos, ranks one described group before another for words that say nothing of the
 * group. What it cannot: who anybody is. The group of a photo is the model's own guess, the description it is nearest to, and that
 * guess is wrong as often as the model is, perhaps more often for one group than for another; a model that confuses
 * groups can look even. Attributes are those the user describes; what nobody asks about is not found.
 */
import { z } from 'zod';
import { dot } from '../../core/embedding.js';
import type { DualEncoder, StoredEmbedding } from '../../core/ports.js';
import { byScore, type Scored } from '../../core/top-k.js';
import { readJsonFile } from './json-file.js';
import { promptEmbedding } from './prompt-embedding.js';
import { byChance, type Chance, maxSkew, ndkl, sharesOf } from './skew.js';

export interface AuditFile {
  readonly attributes: readonly Attribute[];
  /** What is searched for: words that say nothing of the groups. */
  readonly queries: readonly string[];
  /** How far down the hits are looked at. Default: 10 and 50. */
  readonly k?: readonly number[] | undefined;
}

export interface Attribute {
  readonly name: string;
  /** Photos that the attribute makes sense for: nearer to `is` than to `not`. Default: all. */
  readonly among?: { readonly is: readonly string[]; readonly not: readonly string[] } | undefined;
  readonly groups: readonly { readonly name: string; readonly prompts: readonly string[] }[];
}

const words: z.ZodType<readonly string[]> = z.array(z.string().min(1)).min(1);
const schema: z.ZodType<AuditFile> = z.object({
  attributes: z
    .array(
      z.object({
        name: z.string(),
        among: z.object({ is: words, not: words }).optional(),
        groups: z.array(z.object({ name: z.string(), prompts: words })).min(2),
      }),
    )
    .min(1),
  queries: words,
  k: z.array(z.int().min(1)).min(1).optional(),
});

export interface Measure {
  readonly value: number;
  readonly chance: Chance;
}

export interface QueryAudit {
  readonly query: string;
  readonly k: number;
  /** Share of each group among the first k, in the order of the attribute's groups. */
  readonly shares: readonly number[];
  readonly maxSkew: Measure;
  readonly ndkl: Measure;
}

export interface AttributeAudit {
  readonly attribute: string;
  readonly groups: readonly string[];
  /** Photos that the attribute was applied to. */
  readonly photos: number;
  /** Share of each group among them. */
  readonly shares: readonly number[];
  readonly queries: readonly QueryAudit[];
}

export interface Audit {
  readonly model: string;
  readonly photos: number;
  readonly attributes: readonly AttributeAudit[];
}

const DEPTHS = [10, 50] as const;

/** @throws ERR_DATASET_INVALID, ERR_PATH_NOT_FOUND */
export async function readAuditFile(path: string): Promise<AuditFile> {
  const groups = '"groups": [{"name", "prompts": […]}, …]';
  const expected = `{"attributes": [{"name", "among"?: {"is": […], "not": […]}, ${groups}}], "queries": […], "k"?: […]}`;
  return readJsonFile(path, schema, expected);
}

function nearest(vector: Float32Array, described: readonly Float32Array[]): number {
  const scores = described.map((direction) => dot(vector, direction));
  return scores.indexOf(Math.max(...scores));
}

async function directions(
  encoder: DualEncoder,
  described: readonly (readonly string[])[],
): Promise<Float32Array[]> {
  const found: Float32Array[] = [];
  for (const prompts of described) found.push(await promptEmbedding(encoder, prompts));
  return found;
}

/** Photos of an attribute with the group that each is nearest to. */
async function grouped(
  encoder: DualEncoder,
  photos: readonly StoredEmbedding[],
  { among, groups }: Attribute,
): Promise<Map<number, number>> {
  const sides = among === undefined ? [] : await directions(encoder, [among.is, among.not]);
  const described = await directions(
    encoder,
    groups.map(({ prompts }) => prompts),
  );
  const meant = photos.filter(({ vector }) => sides.length === 0 || nearest(vector, sides) === 0);
  return new Map(meant.map(({ id, vector }) => [id, nearest(vector, described)]));
}

function auditQuery(
  query: string,
  hits: readonly Scored[],
  groups: ReadonlyMap<number, number>,
  wanted: readonly number[],
  k: number,
): QueryAudit {
  const ranking = hits.map(({ id }) => groups.get(id) as number);
  const measure = (of: typeof ndkl): Measure => ({
    value: of(ranking, wanted, k),
    chance: byChance(ranking, k, (first) => of(first, wanted, k)),
  });
  return {
    query,
    k,
    shares: sharesOf(ranking.slice(0, k), wanted.length),
    maxSkew: measure(maxSkew),
    ndkl: measure(ndkl),
  };
}

/** Audits a library's photos. @param photos every photo's embedding by this encoder */
export async function auditPhotos(
  encoder: DualEncoder,
  photos: readonly StoredEmbedding[],
  { attributes, queries, k = DEPTHS }: AuditFile,
): Promise<Audit> {
  const asked = await directions(
    encoder,
    queries.map((query) => [query]),
  );
  const audits: AttributeAudit[] = [];
  for (const attribute of attributes) {
    const groups = await grouped(encoder, photos, attribute);
    const meant = photos.filter(({ id }) => groups.has(id));
    const wanted = sharesOf([...groups.values()], attribute.groups.length);
    const results = queries.flatMap((query, place) => {
      const direction = asked[place] as Float32Array;
      const hits = meant.map(({ id, vector }) => ({ id, score: dot(vector, direction) })).toSorted(byScore);
      return k
        .filter((depth) => depth < meant.length)
        .map((depth) => auditQuery(query, hits, groups, wanted, depth));
    });
    audits.push({
      attribute: attribute.name,
      groups: attribute.groups.map(({ name }) => name),
      photos: meant.length,
      shares: wanted,
      queries: results,
    });
  }
  return { model: encoder.modelId, photos: photos.length, attributes: audits };
}

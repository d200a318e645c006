/** What an assistant may ask of a library over the Model Context Protocol. It reads only; pictures come as previews. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { asSightlineError } from '../core/errors.js';
import type { Item, ItemId, ItemKind } from '../core/item.js';
import { parseTyped, queryOfTyped } from '../core/typed-query.js';
import { DUPLICATE_MODES, type SearchEngine } from '../engine/mod.js';

/** Each picture costs the assistant a good part of its attention. */
const MAX_PICTURES = 12;
const USUAL_PICTURES = 5;
const MAX_CAPTIONS = 50;
const MAX_GROUPS = 50;
const MAX_FAILURES = 20;

type Content = CallToolResult['content'][number];

const text = (words: string): Content => ({ type: 'text', text: words });

function picture(bytes: Uint8Array, format: string): Content {
  return { type: 'image', data: Buffer.from(bytes).toString('base64'), mimeType: `image/${format}` };
}

/** A refusal is an answer that the assistant can act on, not a broken connection. */
async function answered(work: () => Promise<Content[]>): Promise<CallToolResult> {
  try {
    return { content: await work() };
  } catch (error) {
    const { code, message } = asSightlineError(error);
    return { isError: true, content: [text(`${message} [${code}]`)] };
  }
}

function told(item: Item, captions: readonly string[]): string {
  if (item.kind === 'caption') return `caption ${item.id}: ${item.text}`;
  const { id, path, width, height, metadata } = item;
  const { takenAt, camera, latitude, longitude, title, description, keywords, people } = metadata;
  const facts = [
    `photo ${id}: ${path}, ${width} × ${height}`,
    takenAt && `taken ${takenAt.toISOString()}`,
    camera && `with ${camera}`,
    latitude !== null && `at ${latitude}, ${longitude}`,
    title && `title: ${title}`,
    description && `description: ${description}`,
    keywords.length > 0 && `keywords: ${keywords.join(', ')}`,
    people.length > 0 && `people: ${people.join(', ')}`,
    captions.length > 0 && `captions: ${captions.join(' | ')}`,
  ];
  return facts.filter(Boolean).join('; ');
}

const photoId = z.number().int().positive().describe('Of a photo, as search_photos gives it.');
const count = z.number().int().min(1).max(MAX_PICTURES).default(USUAL_PICTURES).describe('Photos wanted.');

async function photos(
  engine: SearchEngine,
  items: readonly { readonly item: Item; readonly similarity: number }[],
): Promise<Content[]> {
  if (items.length === 0) return [text('Nothing in the library shows that.')];
  const content: Content[] = [];
  for (const { item, similarity } of items) {
    content.push(text(`${told(item, [])}; similarity ${similarity.toFixed(3)}`));
    // A file that is gone leaves its words.
    const preview = await engine.thumbnail(item.id).catch(() => undefined);
    if (preview) content.push(picture(preview.bytes, preview.format));
  }
  return content;
}

/** @param version of Sightline, told to the assistant's program */
export function mcpServer(engine: SearchEngine, version: string): McpServer {
  const server = new McpServer({ name: 'sightline', version });
  const readOnlyHint = { readOnlyHint: true, openWorldHint: false };

  server.registerTool(
    'search_photos',
    {
      title: 'Search photos',
      description:
        "Finds photos of the user's own library by what they show, and returns small pictures of them.",
      inputSchema: {
        query: z
          .string()
          .min(1)
          .describe(
            'What the photo shows, in plain words. Conditions may stand among them: taken>2023-06, camera:leica, -folder:trash.',
          ),
        leave_out: z.array(z.string().min(1)).max(8).default([]).describe('What the photos should not show.'),
        count,
      },
      annotations: readOnlyHint,
    },
    ({ query, leave_out: leaveOut, count: limit }) =>
      answered(async () => {
        const typed = parseTyped(query);
        const asked = queryOfTyped(typed);
        const not = [...(asked.not ?? []), ...leaveOut.map((words) => ({ text: words }))];
        const { filter } = typed;
        const { hits } = await engine.search({ ...asked, not }, { limit, ...(filter && { filter }) });
        return photos(engine, hits);
      }),
  );

  server.registerTool(
    'similar_photos',
    {
      title: 'Similar photos',
      description: 'Finds photos that look like one of the library.',
      inputSchema: { id: photoId, count },
      annotations: readOnlyHint,
    },
    ({ id, count: limit }) =>
      answered(async () => {
        const { hits } = await engine.search({ itemId: id as ItemId }, { limit });
        return photos(engine, hits);
      }),
  );

  server.registerTool(
    'look_at_photo',
    {
      title: 'Look at a photo',
      description:
        'Returns a photo with everything that is known about it: when, where, with what, and its captions.',
      inputSchema: { id: photoId },
      annotations: readOnlyHint,
    },
    ({ id }) =>
      answered(async () => {
        const item = engine.item(id as ItemId);
        const captions = item.kind === 'photo' ? engine.shelf.captionsOf(item) : [];
        if (item.kind === 'caption') return [text(told(item, []))];
        const { bytes, format } = await engine.thumbnail(item.id);
        return [text(told(item, captions)), picture(bytes, format)];
      }),
  );

  server.registerTool(
    'look_up_captions',
    {
      title: 'Look up captions',
      description: 'Finds the captions of the library that fit a photo of it best.',
      inputSchema: { id: photoId, count: z.number().int().min(1).max(MAX_CAPTIONS).default(10) },
      annotations: readOnlyHint,
    },
    ({ id, count: limit }) =>
      answered(async () => {
        const kind: ItemKind = 'caption';
        const { hits } = await engine.search({ itemId: id as ItemId }, { limit, kind });
        const lines = hits.map(({ item, similarity }) => `${similarity.toFixed(3)} ${told(item, [])}`);
        return [text(lines.join('\n') || 'There are no captions in the library.')];
      }),
  );

  server.registerTool(
    'explain_match',
    {
      title: 'Explain a match',
      description: 'Shows which part of a photo fits a text: the photo with what matters left bright.',
      inputSchema: { id: photoId, query: z.string().min(1).describe('What the photo was found by.') },
      annotations: readOnlyHint,
    },
    ({ id, query }) =>
      answered(async () => {
        const { score, by } = await engine.explain(id as ItemId, query);
        const { bytes } = await engine.explainPicture(id as ItemId, query);
        return [
          text(`${by} score of photo ${id} and “${query}”: ${score.toFixed(3)}`),
          picture(bytes, 'png'),
        ];
      }),
  );

  server.registerTool(
    'duplicate_photos',
    {
      title: 'Duplicate photos',
      description:
        'Lists photos that are there more than once, the best of each group first. Deletes nothing and cannot.',
      inputSchema: {
        mode: z
          .enum(DUPLICATE_MODES)
          .default('file')
          .describe(
            'file: the same bytes; photo: one photo in several files; similar: photos of one moment.',
          ),
        count: z.number().int().min(1).max(MAX_GROUPS).default(10).describe('Groups wanted.'),
      },
      annotations: readOnlyHint,
    },
    ({ mode, count: limit }, { signal }) =>
      answered(async () => {
        const groups = await engine.survey.duplicates({ mode, signal });
        const lines = groups.slice(0, limit).map(({ best, members }) => {
          const inOrder = members.toSorted(
            (a, b) => Number(b.photo.id === best) - Number(a.photo.id === best),
          );
          return inOrder
            .flatMap(({ photo, paths }) => paths.map((path) => `photo ${photo.id}: ${path}`))
            .join('; ');
        });
        return [text([`${groups.length} groups`, ...lines].join('\n'))];
      }),
  );

  server.registerTool(
    'library_state',
    {
      title: 'State of the library',
      description:
        'Tells how many photos and captions there are, how fresh they are, and what could not be read.',
      inputSchema: {},
      annotations: readOnlyHint,
    },
    () =>
      answered(async () => {
        const { library, model, freshness } = engine.status();
        const { lastReconciled } = freshness;
        const failures = engine.failures(MAX_FAILURES);
        const facts = [
          `${library.items.photo} photos, ${library.items.caption} captions, ${library.failed} files that could not be read`,
          `model: ${model.name}`,
          `watched folders: ${
            engine.survey
              .folders()
              .map(({ path }) => path)
              .join(', ') || 'none'
          }`,
          `last compared with its folders: ${lastReconciled?.toISOString() ?? 'never from end to end'}`,
          ...failures.map(({ path, reason }) => `could not be read: ${path}: ${reason}`),
        ];
        return [text(facts.join('\n'))];
      }),
  );

  return server;
}

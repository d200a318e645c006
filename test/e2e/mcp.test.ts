import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '#src/engine/mod.js';
import { demoPhotos } from '../support/demo-photos.js';

const COMMAND = fileURLToPath(new URL('../../sightline.mjs', import.meta.url));
const { photos, scratch } = demoPhotos(12);

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
}

describe('sightline mcp', () => {
  const client = new Client({ name: 'test', version: '0' });
  const dataDir = join(scratch, 'library');

  beforeAll(async () => {
    const engine = await openEngine({ dataDir });
    await engine.ingest([photos]);
    await engine.close();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [COMMAND, 'mcp', '--data-dir', dataDir],
      stderr: 'ignore',
    });
    await client.connect(transport);
  });
  afterAll(() => client.close());

  const call = async (name: string, args: object): Promise<{ parts: Part[]; failed: boolean }> => {
    const answer = await client.callTool({ name, arguments: { ...args } });
    return { parts: answer.content as Part[], failed: answer.isError === true };
  };

  it('offers tools that say what they do and that they only read', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'search_photos',
      'similar_photos',
      'look_at_photo',
      'look_up_captions',
      'explain_match',
      'duplicate_photos',
      'library_state',
    ]);
    for (const { description, annotations } of tools) {
      expect(description).toMatch(/\.$/);
      expect(annotations?.readOnlyHint).toBe(true);
    }
  });

  it('finds photos and shows them', async () => {
    const { parts } = await call('search_photos', { query: 'a boat', count: 2 });
    expect(parts.map(({ type }) => type)).toEqual(['text', 'image', 'text', 'image']);
    const preview = await sharp(Buffer.from(parts[1]?.data ?? '', 'base64')).metadata();
    expect(preview).toMatchObject({ width: 480, height: 360 });
    const id = Number(/^photo (\d+):/.exec(parts[0]?.text ?? '')?.[1]);

    const looked = await call('look_at_photo', { id });
    expect(looked.parts[0]?.text).toMatch(/captions: ./);
    const alike = await call('similar_photos', { id, count: 3 });
    expect(alike.parts.filter(({ type }) => type === 'image')).toHaveLength(3);
    expect(alike.parts[0]?.text).not.toContain(`photo ${id}:`);
    const captions = await call('look_up_captions', { id, count: 4 });
    expect(captions.parts[0]?.text?.split('\n')).toHaveLength(4);
    const explained = await call('explain_match', { id, query: 'a boat' });
    expect(explained.parts[1]).toMatchObject({ type: 'image', mimeType: 'image/png' });
  });

  it('takes conditions among the words', async () => {
    const { parts } = await call('search_photos', { query: 'a boat name:scene-003', count: 5 });
    const words = parts.flatMap(({ text }) => text ?? []);
    expect(words).toHaveLength(1);
    expect(words[0]).toContain('scene-003.jpg');
    const wrong = await call('search_photos', { query: 'a boat taken>yesterdayish' });
    expect(wrong.failed).toBe(true);
    expect(wrong.parts[0]?.text).toContain('ERR_FILTER_INVALID');
  });

  it('tells of the library as a whole', async () => {
    const state = await call('library_state', {});
    expect(state.parts[0]?.text).toMatch(/^12 photos, 12 captions, 0 files/);
    const twice = await call('duplicate_photos', { mode: 'file' });
    expect(twice.parts[0]?.text).toBe('0 groups');
  });

  it('tells in words what it refuses', async () => {
    const { parts, failed } = await call('look_at_photo', { id: 999_999 });
    expect(failed).toBe(true);
    expect(parts[0]?.text).toContain('ERR_ITEM_NOT_FOUND');
  });
});

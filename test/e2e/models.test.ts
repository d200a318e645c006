import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, runCommand, startCommand } from '../support/command-line.js';
import { fileServer } from '../support/file-server.js';
import { SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const RETRIEVAL = 'beit3_large_patch16_384_coco_retrieval';
const CLASSES = 'beit3_base_patch16_224_in1k';

/** Imports a small model under this name. */
async function importSmall(dataDir: string, name: string): Promise<void> {
  const { code, stderr } = await runCommand(
    [
      'models',
      'import',
      smallCheckpoint('retrieval', temporaryFolder()),
      '--tokenizer',
      SMALL_TOKENIZER,
      '--name',
      name,
    ],
    dataDir,
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

describe('sightline models', () => {
  it('verifies the embedded model', async () => {
    const { code, stdout } = await runCommand(['models', 'verify', '--json'], temporaryFolder());
    expect(JSON.parse(stdout)).toMatchObject({ sound: true });
    expect(code).toBe(0);
  });

  it('imports, verifies, uses and removes', async () => {
    const dataDir = temporaryFolder();
    await importSmall(dataDir, 'small');
    const fine = await runCommand(['models', 'verify', 'small'], dataDir);
    expect(fine.stdout).toMatch(
      /✓ weights\.bin .*MB, as written\n[\s\S]*✓ image .*embedding \[1, 64\] in \d+ ms/,
    );
    const used = await runCommand(['models', 'use', 'small'], dataDir);
    expect(used.stdout).toMatch(/uses small-fp32-/);
    const inspected = await runCommand(['models', 'inspect'], dataDir);
    expect(inspected.stdout).toMatch(/^name +small$/m);
    const embedded = await runCommand(['embed', '--text', 'a boat', '--json'], dataDir);
    expect(JSON.parse(embedded.stdout)).toMatchObject({ model: expect.stringMatching(/^small-/) as string });
    const removed = await runCommand(['models', 'remove', 'small'], dataDir);
    expect(removed.stdout).toMatch(/^small is removed: \d+\.\d MB at /);
    expect(removed.stderr).toContain('uses embedded again');
    expect(readdirSync(join(dataDir, 'models'))).toEqual([]);
  });

  it('ends with 1 where a model is damaged', async () => {
    const dataDir = temporaryFolder();
    await importSmall(dataDir, 'small');
    const graph = join(dataDir, 'models', 'small', 'text.onnx');
    const bytes = readFileSync(graph);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(graph, bytes);
    const { code, stdout } = await runCommand(['models', 'verify', 'small'], dataDir);
    expect(stdout).toMatch(/✗ text\.onnx .*not what the manifest says/);
    expect(code).toBe(1);
  });

  it('shows what was published', async () => {
    const { stdout } = await runCommand(['models', 'list', '--published'], temporaryFolder());
    expect(stdout).toMatch(
      new RegExp(`^${RETRIEVAL} +retrieval, COCO +384 px +search +COCO IR@1 63\\.4, TR@1 82\\.1$`, 'm'),
    );
  });

  it('ends quietly when nobody reads on', async () => {
    const running = startCommand(['models', 'list', '--published'], temporaryFolder());
    running.process.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('pulls a checkpoint and says how to import it', async () => {
    const dataDir = temporaryFolder();
    const bytes = Buffer.from('not really a checkpoint');
    const server = await fileServer({ [`${CLASSES}.pth`]: bytes });
    const args = ['models', 'pull', `${CLASSES}.pth`, '--from', server.url];
    const { code, stdout, stderr } = await runCommand(args, dataDir);
    const path = join(dataDir, 'checkpoints', `${CLASSES}.pth`);
    expect(stdout).toBe(`sightline models import ${path} --name ${CLASSES} --precision fp32\n`);
    expect(stderr).toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(stderr).toContain('with nothing to compare it to');
    expect(code).toBe(0);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('pulls and imports at once', async () => {
    const dataDir = temporaryFolder();
    const bytes = readFileSync(smallCheckpoint('classes', temporaryFolder()));
    const server = await fileServer({ [`${CLASSES}.pth`]: bytes });
    server.misbehave.push({ cutAfter: 5000 });
    const args = ['models', 'pull', CLASSES, '--from', server.url, '--import', '--name', 'classes'];
    const { code, stdout } = await runCommand([...args, '--precision', 'int8', '--json'], dataDir);
    expect(JSON.parse(stdout)).toMatchObject({ manifest: { name: 'classes', precision: 'int8' } });
    expect(code).toBe(0);
    const again = await runCommand(args, dataDir);
    expect(again.stderr).toContain('ERR_MODEL_EXISTS');
    expect(server.ranges).toHaveLength(2);
  });

  it('refuses a tokenizer that is another one, and keeps nothing of it', async () => {
    const dataDir = temporaryFolder();
    const server = await fileServer({ 'beit3.spm': readFileSync(SMALL_TOKENIZER) });
    const { code, stderr } = await runCommand(['models', 'pull', RETRIEVAL, '--from', server.url], dataDir);
    expect(stderr).toMatch(
      /beit3\.spm could not be downloaded: its content has .* is removed.*\[ERR_DOWNLOAD_FAILED\]/,
    );
    expect(code).toBe(1);
    expect(readdirSync(join(dataDir, 'checkpoints'))).toEqual([]);
  });

  it.each([
    [[RETRIEVAL, '--from', 'http://127.0.0.1:9/'], 1, /Check the network.*ERR_DOWNLOAD_FAILED/],
    [[RETRIEVAL, '--from', '/tmp'], 2, /expected an address that begins with https.*ERR_CONFIG_INVALID/],
    [['beit3_base_patch16_384_coco_retrival'], 1, /Did you mean beit3_base_patch16_384_coco_retrieval/],
  ])('pull %j is refused', async (args, exit, words) => {
    const { code, stderr } = await runCommand(['models', 'pull', ...args], temporaryFolder());
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(exit);
  });

  it('stops a download at Ctrl-C with 130, and goes on the next time', async () => {
    const dataDir = temporaryFolder();
    const bytes = readFileSync(smallCheckpoint('classes', temporaryFolder()));
    const server = await fileServer({ [`${CLASSES}.pth`]: bytes });
    server.misbehave.push({ stallAfter: 5000 });
    const args = ['models', 'pull', CLASSES, '--from', server.url];
    const running = startCommand(args, dataDir);
    const part = join(dataDir, 'checkpoints', `${CLASSES}.pth.part`);
    await eventually(() =>
      Promise.resolve((existsSync(part) && readFileSync(part).length === 5000) || undefined),
    );
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect((await runCommand(args, dataDir)).code).toBe(0);
    expect(server.ranges).toEqual(['', 'bytes=5000-']);
  });

  it('uses no folder that holds no model', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'models', 'small'), { recursive: true });
    const { code, stderr } = await runCommand(['models', 'use', 'small'], dataDir);
    expect(stderr).toContain('ERR_MODEL_MISSING');
    expect(code).toBe(1);
  });
});

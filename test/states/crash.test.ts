import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, runCommand, startCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const drawn = demoPhotos(120);
/** A thousand real photos where they are at hand, otherwise drawn ones. */
const photos = lacksShared('photos/dev/images') ? drawn.photos : sharedPath('photos/dev/images');
const KILLS = 3;

interface Stats {
  readonly library: { readonly items: { readonly photo: number } };
}

async function photosIn(dataDir: string): Promise<number> {
  const { code, stdout } = await runCommand(['stats', '--json'], dataDir);
  return code === 0 ? (JSON.parse(stdout) as Stats).library.items.photo : 0;
}

describe('kill -9 while ingesting', () => {
  it(`${KILLS} times: what was acknowledged is there, the next run finishes, all is well`, async () => {
    const dataDir = join(temporaryFolder(), 'library');
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const running = startCommand(['ingest', photos], dataDir);
      const before = acknowledged;
      acknowledged = await eventually(async () => {
        if (running.process.exitCode !== null) return before;
        const seen = await photosIn(dataDir);
        return seen > before ? seen : undefined;
      });
      running.process.kill('SIGKILL');
      await running.ended;
      expect(await photosIn(dataDir)).toBeGreaterThanOrEqual(acknowledged);
    }
    const { code, stdout } = await runCommand(['ingest', photos, '--json'], dataDir);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { added: number; unchanged: number };
    expect(report.unchanged).toBeGreaterThanOrEqual(acknowledged);
    const doctor = await runCommand(['doctor', '--json'], dataDir);
    expect(JSON.parse(doctor.stdout)).toMatchObject({ healthy: true });
    expect((await runCommand(['ingest', photos, '--json'], dataDir)).stdout).toContain('"added": 0');
  });
});

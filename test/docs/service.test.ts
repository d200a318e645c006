import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const UNIT = fileURLToPath(new URL('../../service/sightline.service', import.meta.url));
const lacksSystemd = spawnSync('systemd-analyze', ['--version']).status !== 0;

describe.skipIf(lacksSystemd)('the systemd unit', () => {
  it('is one that systemd understands', () => {
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', UNIT], { encoding: 'utf8' });
    expect(verified).toMatchObject({ status: 0, stderr: '' });
  });
});

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '#src/engine/mod.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('keys', () => {
  it('are found by what was told once, and kept as a hash that only the owner can read', () => {
    const folder = temporaryFolder();
    const keys = new KeyRing(folder);
    const key = keys.add('phone', 'read');
    expect(key).toMatch(/^sightline_[\w-]{43}$/);
    expect(keys.find(key)).toMatchObject({ name: 'phone', scope: 'read' });
    expect(keys.find(`${key}x`)).toBeUndefined();
    const file = join(folder, 'keys.json');
    expect(readFileSync(file, 'utf8')).not.toContain(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('are seen by others from the moment they are made or revoked', () => {
    const folder = temporaryFolder();
    const server = new KeyRing(folder);
    expect(server.list()).toEqual([]);
    const key = new KeyRing(folder).add('phone', 'write');
    expect(server.find(key)?.scope).toBe('write');
    new KeyRing(folder).revoke('phone');
    expect(server.find(key)).toBeUndefined();
    expect(server.secretOf('phone')).toBeUndefined();
  });

  it('have names of their own', () => {
    const keys = new KeyRing(temporaryFolder());
    keys.add('phone', 'read');
    expect(() => keys.add('phone', 'read')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }));
    expect(() => keys.add('a b', 'read')).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    expect(() => keys.revoke('fone')).toThrow(/Did you mean phone/);
  });

  it('say when their file is damaged', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'keys.json'), '{"phone": "read"}');
    expect(() => new KeyRing(folder).list()).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('keys add') }),
    );
  });
});

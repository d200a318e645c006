import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WEB_FOLDER } from '../support/served-library.js';

const files = readdirSync(WEB_FOLDER, { recursive: true, encoding: 'utf8' });
const read = (name: string): Buffer => readFileSync(join(WEB_FOLDER, name));

describe('the built page', () => {
  it('loads at most 60 kB of script, gzipped', () => {
    const scripts = files.filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThanOrEqual(2);
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });

  it('names nothing of another host that it would load', () => {
    for (const name of files.filter((one) => /\.(?:html|css|webmanifest)$/.test(one)))
      expect(read(name).toString(), name).not.toMatch(
        /(?:src|href|url\(|@import)\s*=?\s*["'(]*(?:https?:)?\/\//,
      );
  });

  it('can be installed: every icon of its manifest is there, in its size', () => {
    const manifest = JSON.parse(read('manifest.webmanifest').toString()) as {
      readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose?: string }[];
    };
    expect(manifest).toMatchObject({ display: 'standalone', start_url: './', scope: './' });
    expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
    for (const { src, sizes } of manifest.icons) {
      expect(statSync(join(WEB_FOLDER, src)).size).toBeGreaterThan(0);
      // Width and height of a PNG stand behind its signature.
      if (src.endsWith('.png'))
        expect(`${read(src).readUInt32BE(16)}x${read(src).readUInt32BE(20)}`).toBe(sizes);
    }
  });
});

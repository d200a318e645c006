import { describe, expect, it } from 'vitest';
import { LruCache } from '#src/core/lru-cache.js';

describe('LruCache', () => {
  const cache = (most: number): LruCache<string> => new LruCache(most, (text) => text.length);

  it('lets go of what was used longest ago, by bytes', () => {
    const kept = cache(10);
    kept.set('a', '1234');
    kept.set('b', '1234');
    expect(kept.get('a')).toBe('1234');
    kept.set('c', '1234');
    expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual(['1234', undefined, '1234']);
    expect([kept.bytes, kept.size]).toEqual([8, 2]);
  });

  it('counts a replaced value once and refuses one that is larger than everything', () => {
    const kept = cache(5);
    kept.set('a', '12');
    kept.set('a', '123');
    expect(kept.bytes).toBe(3);
    kept.set('b', '123456');
    expect([kept.get('a'), kept.get('b')]).toEqual(['123', undefined]);
    kept.clear();
    expect([kept.bytes, kept.size]).toEqual([0, 0]);
  });
});

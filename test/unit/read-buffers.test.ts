import { describe, expect, it } from 'vitest';
import { ReadBuffers } from '#src/ingest/read-buffers.js';

const MEGABYTE = 1024 * 1024;

describe('memory that files are read into', () => {
  it('is as long as the file, and never lent to two at once', () => {
    const buffers = new ReadBuffers(2);
    const lent = [3, 0, MEGABYTE, MEGABYTE + 1].map((size) => buffers.lend(size));
    expect(lent.map(({ length }) => length)).toEqual([3, 0, MEGABYTE, MEGABYTE + 1]);
    expect(new Set(lent.map(({ buffer }) => buffer)).size).toBe(4);
  });

  it('is used again for what fits into it', () => {
    const buffers = new ReadBuffers(2);
    const first = buffers.lend(100);
    buffers.takeBack(first);
    const large = buffers.lend(2 * MEGABYTE);
    expect(large.buffer).not.toBe(first.buffer);
    const second = buffers.lend(200);
    expect(second.buffer).toBe(first.buffer);
    expect(second.length).toBe(200);
    expect(buffers.lend(200).buffer).not.toBe(first.buffer);
  });

  it('is not kept where it is too large or too much, and the larger is kept rather', () => {
    const buffers = new ReadBuffers(1);
    const [small, larger, huge] = [1, 3 * MEGABYTE, 17 * MEGABYTE].map((size) => buffers.lend(size));
    for (const one of [huge, larger, small]) buffers.takeBack(one as Uint8Array<ArrayBuffer>);
    expect(buffers.lend(17 * MEGABYTE).buffer).not.toBe(huge?.buffer);
    expect(buffers.lend(1).buffer).toBe(larger?.buffer);
  });
});

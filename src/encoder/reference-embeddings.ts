/**
 * A model's embeddings of reference captions, kept in its bundle: a float32 scale and int8 numbers for each, little-endian. At
 * eight bits a cosine is off by less than a thousandth, and the file has a quarter of its size.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathError } from '../core/errors.js';
import { type Bundle, bundlePath, type FileRecord, REFERENCES_FILE, replaceFile } from './bundle.js';

const MOST = 127;
const SCALE_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * @param embeddings one after the other
 * @returns what the manifest is to say of the file
 */
export async function writeReferences(bundle: Bundle, embeddings: Float32Array): Promise<FileRecord> {
  const { dimensions } = bundle.manifest;
  const rows = Array.from({ length: embeddings.length / dimensions }, (_, number) => {
    const embedding = embeddings.subarray(number * dimensions, (number + 1) * dimensions);
    const scale = Math.max(...embedding.map(Math.abs)) / MOST || 1;
    const row = Buffer.alloc(SCALE_BYTES + embedding.length);
    row.writeFloatLE(scale);
    for (const [i, value] of embedding.entries()) row.writeInt8(Math.round(value / scale), SCALE_BYTES + i);
    return row;
  });
  const content = Buffer.concat(rows);
  await replaceFile(bundle, REFERENCES_FILE, content);
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Rows of unit length, one after the other; undefined where the bundle has none. @throws ERR_PATH_UNREADABLE */
export async function readReferences(bundle: Bundle): Promise<Float32Array | undefined> {
  const { dimensions, files } = bundle.manifest;
  if (!(REFERENCES_FILE in files)) return undefined;
  const path = bundlePath(bundle, REFERENCES_FILE);
  const content = await readFile(path).catch((error: unknown) => {
    throw pathError(error, path, 'ERR_MODEL_INVALID');
  });
  const stride = SCALE_BYTES + dimensions;
  const count = Math.floor(content.length / stride);
  const rows = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const scale = content.readFloatLE(row * stride);
    for (let i = 0; i < dimensions; i++)
      rows[row * dimensions + i] = scale * content.readInt8(row * stride + SCALE_BYTES + i);
  }
  return rows;
}

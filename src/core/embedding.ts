/** Embeddings: unit-length Float32Arrays of the dual encoder, compared by dot product. */

/** Dot product of two vectors of the same length; the cosine when both have unit length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** A copy of unit length. A zero vector stays zero: it is near nothing. */
export function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector.slice() : vector.map((value) => value / norm);
}

/** The unit vector in the direction of the sum: one query made of several parts of equal weight. */
export function blend(vectors: readonly Float32Array[]): Float32Array {
  const [first, ...rest] = vectors;
  if (first === undefined) throw new RangeError('Expected at least one vector to blend but received none.');
  const sum = first.slice();
  for (const vector of rest)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (vector[i] as number);
  return unit(sum);
}

/** The bytes of an embedding as the catalog stores them: float32, little-endian. */
export function toBlob(embedding: Float32Array): Buffer {
  return Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength);
}

/** The embedding in a stored BLOB. Copies, because SQLite's buffers need not be aligned to four bytes. */
export function fromBlob(blob: Uint8Array): Float32Array {
  const bytes = blob.slice();
  return new Float32Array(bytes.buffer, 0, bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
}

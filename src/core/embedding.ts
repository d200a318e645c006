/** Embeddings: unit-length Float32Arrays of the dual encoder, compared by dot product. */

/** Dot product of two vectors of the same length; the cosine when both have unit length. */
export function dot(a: Float32Array, b: Float32Array): number {
  return dotAt(a, b, 0);
}

/**
 * Dot product of a vector with the row of a matrix that begins at `start`. Four sums at once: an addition need not wait for
 * the one before it, which makes a scan about three times as fast.
 */
export function dotAt(vector: Float32Array, matrix: Float32Array, start: number): number {
  const length = vector.length;
  const whole = length - (length & 3);
  // Each by itself: taken out of an array at once, V8 makes an object of every sum where it inlines this function.
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    const at = start + i;
    first += (vector[i] as number) * (matrix[at] as number);
    second += (vector[i + 1] as number) * (matrix[at + 1] as number);
    third += (vector[i + 2] as number) * (matrix[at + 2] as number);
    fourth += (vector[i + 3] as number) * (matrix[at + 3] as number);
  }
  for (; i < length; i++) first += (vector[i] as number) * (matrix[start + i] as number);
  return first + second + (third + fourth);
}

/** A copy of unit length. A zero vector stays zero: it is near nothing. */
export function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector.slice() : vector.map((value) => value / norm);
}

/** The bytes of an embedding as the catalog stores them: float32, little-endian. */
export function toBlob(embedding: Float32Array): Buffer {
  return Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength);
}

/** The embedding in a stored BLOB; a view of it where its bytes are aligned to four, and otherwise a copy. */
export function fromBlob(blob: Uint8Array): Float32Array {
  const aligned = blob.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? blob : blob.slice();
  const length = aligned.byteLength / Float32Array.BYTES_PER_ELEMENT;
  return new Float32Array(aligned.buffer, aligned.byteOffset, length);
}

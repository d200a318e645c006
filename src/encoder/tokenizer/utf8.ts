const LENGTH_BY_HIGH_NIBBLE: Uint8Array = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4);

/** Bytes of the character whose first byte is at `at`, never reaching past the end. A stray continuation byte counts as one. */
export function characterLength(text: Uint8Array, at: number): number {
  const length = LENGTH_BY_HIGH_NIBBLE[(text[at] as number) >> 4] as number;
  return Math.min(length, text.length - at);
}

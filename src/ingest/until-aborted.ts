/** The elements that come before the signal fires: nothing further is begun, what was begun goes on. */
export async function* untilAborted<T>(
  source: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  for await (const element of source) {
    if (signal?.aborted) return;
    yield element;
  }
}

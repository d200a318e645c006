import type { WireTensor } from './messages.js';

/** The rows of a [N, D] output, as arrays of their own. */
export function rowsOf(output: WireTensor | undefined, name: string): Float32Array[] {
  if (!(output?.data instanceof Float32Array))
    throw new TypeError(`Expected a float32 output ${name} of the graph.`);
  const [count = 0, width = 0] = output.dims;
  const data = output.data;
  return Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width));
}

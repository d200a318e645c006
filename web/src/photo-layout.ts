/**
 * Justified rows: photos of equal height fill each row from edge to edge, so nothing is cropped and no space is left. Everything
 * is a function of the shapes and the width, computed once for all photos; what is on the screen is then found by halving.
 */

export interface Tile {
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

export interface Row {
  readonly top: number;
  readonly height: number;
  readonly tiles: readonly Tile[];
}

export interface LayoutOptions {
  /** Pixels to fill. */
  readonly width: number;
  /** The height that rows come near to. */
  readonly rowHeight: number;
  readonly gap: number;
}

/** The last row is not stretched by more than this. */
const MOST_STRETCH = 1.35;

function row(
  ratios: readonly number[],
  first: number,
  end: number,
  height: number,
  top: number,
  gap: number,
): Row {
  let left = 0;
  const tiles: Tile[] = [];
  for (let index = first; index < end; index++) {
    const width = (ratios[index] as number) * height;
    tiles.push({ index, left, width });
    left += width + gap;
  }
  return { top, height, tiles };
}

/** @param ratios width ÷ height of each photo */
export function justifiedRows(
  ratios: readonly number[],
  { width, rowHeight, gap }: LayoutOptions,
): readonly Row[] {
  const rows: Row[] = [];
  let top = 0;
  let first = 0;
  let sum = 0;
  for (let index = 0; index < ratios.length; index++) {
    sum += ratios[index] as number;
    const count = index - first + 1;
    const height = (width - (count - 1) * gap) / sum;
    const last = index === ratios.length - 1;
    if (height > rowHeight && !last) continue;
    const drawn = last ? Math.min(height, rowHeight * MOST_STRETCH) : height;
    rows.push(row(ratios, first, index + 1, drawn, top, gap));
    top += drawn + gap;
    first = index + 1;
    sum = 0;
  }
  return rows;
}

export function totalHeight(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

/** The first row that ends below a place. */
export function rowAt(rows: readonly Row[], place: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { top, height } = rows[middle] as Row;
    if (top + height < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row that holds a photo. */
export function rowOf(rows: readonly Row[], index: number): Row | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (((rows[middle] as Row).tiles.at(-1) as Tile).index < index) low = middle + 1;
    else high = middle;
  }
  return rows[low];
}

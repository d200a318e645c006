/** Arrow keys in the grid: to the neighbour in the row, or to the nearest photo of the row above or below. */
export function focusNeighbour(event: KeyboardEvent): void {
  const { target, currentTarget, key } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const tiles = [...currentTarget.children];
  const here = target.closest('li');
  if (here === null) return;
  const next = neighbour(tiles, tiles.indexOf(here), key);
  if (next === undefined) return;
  event.preventDefault();
  next.querySelector('button')?.focus();
}

function neighbour(tiles: readonly Element[], index: number, key: string): Element | undefined {
  switch (key) {
    case 'ArrowLeft':
      return tiles[index - 1];
    case 'ArrowRight':
      return tiles[index + 1];
    case 'ArrowUp':
      return nearestInRow(tiles.slice(0, index).toReversed(), tiles[index]);
    case 'ArrowDown':
      return nearestInRow(tiles.slice(index + 1), tiles[index]);
    default:
      return undefined;
  }
}

/** `tiles` start beside `here` and lead away from it; the first other row among them is the one to look in. */
function nearestInRow(tiles: readonly Element[], here: Element | undefined): Element | undefined {
  if (here === undefined) return undefined;
  const from = here.getBoundingClientRect();
  let row: number | undefined;
  let best: { readonly tile: Element; readonly distance: number } | undefined;
  for (const tile of tiles) {
    const box = tile.getBoundingClientRect();
    if (Math.abs(box.top - from.top) < 1) continue;
    row ??= box.top;
    if (Math.abs(box.top - row) >= 1) break;
    const distance = Math.abs(centre(box) - centre(from));
    if (best === undefined || distance < best.distance) best = { tile, distance };
  }
  return best?.tile;
}

function centre(box: DOMRect): number {
  return box.left + box.width / 2;
}

import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Hit } from './contract.js';
import { focusNeighbour } from './grid-focus.js';
import { justifiedRows, type Row, rowAt, rowOf, type Tile, totalHeight } from './photo-layout.js';
import { tileRatio } from './photo-shape.js';
import { PhotoTile } from './photo-tile.js';
import type { SearchSession } from './search-session.js';
import { useSettling } from './settling.js';
import { STRINGS } from './strings.js';

export interface PhotoGridProps {
  readonly hits: readonly Hit[];
  readonly more: boolean;
  /** The photos are those that were shown, in another order. */
  readonly settled: boolean;
  readonly session: SearchSession;
}

/** Screens of photos that are drawn above and below the one that is seen: enough for keyboards and quick fingers. */
const OVERSCAN = 1;
const SWIFT_OVERSCAN = 0.2;
/** What crosses the screen in less time nobody sees: its likeness will do, and the photo need not be fetched. */
const GLANCE_MS = 200;
/** Screens before the end at which the next photos are asked for. */
const AHEAD = 1.5;
/** Pixels of a photo beneath which there is no room for words on it. */
const NARROW = 170;
/** After so long without moving, what is seen is drawn with everything. */
const REST_MS = 90;

function rowHeightOf(width: number): number {
  return Math.min(300, Math.max(120, width * 0.08 + 76), Math.max(220, width * 0.1));
}

const gapOf = (width: number): number => Math.min(12, Math.max(6, width * 0.008));

/** Pixels between the edges of the results, as they will be when the grid is drawn. */
function roomFor(grid: HTMLElement | null): number {
  const place = grid?.parentElement ?? document.querySelector('main');
  if (!place) return innerWidth;
  const { paddingLeft, paddingRight } = getComputedStyle(place);
  return place.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

/** Only what is near the screen is in the document, so a hundred thousand photos scroll as a hundred do. */
export function PhotoGrid({ hits, more, settled, session }: PhotoGridProps): VNode {
  const grid = useRef<HTMLOListElement>(null);
  const [width, setWidth] = useState(() => roomFor(null));
  const rows = useMemo(
    () => justifiedRows(hits.map(tileRatio), { width, rowHeight: rowHeightOf(width), gap: gapOf(width) }),
    [hits, width],
  );
  const { from, to, swift } = useWindow(grid, rows);
  const height = totalHeight(rows);
  useSettling(grid, hits, settled);

  useLayoutEffect(() => {
    const measure = (): void => setWidth(roomFor(grid.current));
    measure();
    const watch = new ResizeObserver(measure);
    if (grid.current?.parentElement) watch.observe(grid.current.parentElement);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (!more) return;
    const bottom = rows[Math.min(to, rows.length - 1)]?.top ?? 0;
    if (height - bottom < innerHeight * AHEAD) session.showMore();
  }, [more, to, rows, height, session]);
  useEffect(
    () =>
      session.onShow((index) => {
        const row = rowOf(rows, index);
        const box = grid.current?.getBoundingClientRect();
        if (row === undefined || box === undefined) return;
        const top = box.top + row.top;
        if (top < 100 || top + row.height > innerHeight) scrollBy(0, top - innerHeight / 3);
      }),
    [rows, session],
  );

  // What has been drawn is handed over as it is, and preact looks no further into it.
  const drawn = useRef(new Map<number, DrawnTile>());
  const before = drawn.current;
  drawn.current = new Map();
  const tiles = rows.slice(from, to + 1).flatMap((row) =>
    row.tiles.map((tile) => {
      const hit = hits[tile.index] as Hit;
      const known = before.get(hit.id);
      const fits = known?.tile === tile && known.hit === hit && (swift || !known.bare);
      const now = fits
        ? known
        : {
            tile,
            hit,
            bare: swift,
            node: (
              <PhotoTile
                key={hit.id}
                hit={hit}
                index={tile.index}
                box={boxOf(row, tile)}
                narrow={tile.width < NARROW}
                bare={swift}
                session={session}
              />
            ),
          };
      drawn.current.set(hit.id, now);
      return now.node;
    }),
  );
  return (
    <ol
      ref={grid}
      class="photos"
      role="list"
      aria-label={STRINGS.resultsLabel}
      style={{ height: `${height}px` }}
      onKeyDown={focusNeighbour}
    >
      {tiles}
    </ol>
  );
}

function boxOf(row: Row, { left, width }: Tile): Record<string, string> {
  return {
    left: `${left}px`,
    top: `${row.top}px`,
    width: `${width}px`,
    height: `${row.height}px`,
  };
}

interface DrawnTile {
  readonly tile: Tile;
  readonly hit: Hit;
  readonly bare: boolean;
  readonly node: VNode;
}

interface Window {
  /** The first and the last row near the screen. */
  readonly from: number;
  readonly to: number;
  /** One scrolls so fast that no photo could be seen anyhow. */
  readonly swift: boolean;
}

/** What is near the screen, kept right while one scrolls. */
function useWindow(grid: { readonly current: HTMLElement | null }, rows: readonly Row[]): Window {
  const [, redraw] = useState(0);
  const shown = useRef<Window>({ from: 0, to: 0, swift: false });
  const look = (swift: boolean): Window => {
    const top = grid.current ? -grid.current.getBoundingClientRect().top : 0;
    const around = innerHeight * (swift ? SWIFT_OVERSCAN : OVERSCAN);
    const from = rowAt(rows, top - around);
    const to = Math.min(rowAt(rows, top + innerHeight + around), rows.length - 1);
    return { from, to, swift };
  };
  const swift = useRef(false);
  shown.current = look(swift.current);
  useEffect(() => {
    let asked = 0;
    let rest: ReturnType<typeof setTimeout> | undefined;
    let last = { at: 0, y: scrollY };
    const gone = new AbortController();
    const settle = (): void => {
      swift.current = false;
      redraw((count) => count + 1);
    };
    const scrolled = (): void => {
      if (asked !== 0) return;
      asked = requestAnimationFrame((at) => {
        asked = 0;
        const pace = Math.abs(scrollY - last.y) / (at - last.at);
        last = { at, y: scrollY };
        const was = swift.current;
        // Once it was too fast, it must become clearly slower: nothing is drawn this way and that.
        swift.current = pace > innerHeight / (was ? 2 * GLANCE_MS : GLANCE_MS);
        clearTimeout(rest);
        if (swift.current) rest = setTimeout(settle, REST_MS);
        const near = look(swift.current);
        const { from, to } = shown.current;
        if (near.from !== from || near.to !== to || was !== swift.current) redraw((count) => count + 1);
      });
    };
    addEventListener('scroll', scrolled, { passive: true, signal: gone.signal });
    addEventListener('resize', scrolled, { signal: gone.signal });
    scrolled();
    return () => {
      gone.abort();
      clearTimeout(rest);
      cancelAnimationFrame(asked);
    };
  }, [rows]);
  return shown.current;
}

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
/** Screens before the end at which the next photos are asked for. */
const AHEAD = 1.5;

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
  const [from, to] = useWindow(grid, rows);
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

  const tiles = rows.slice(from, to + 1).flatMap((row) => row.tiles.map((tile) => ({ row, tile })));
  return (
    <ol
      ref={grid}
      class="photos"
      role="list"
      aria-label={STRINGS.resultsLabel}
      style={{ height: `${height}px` }}
      onKeyDown={focusNeighbour}
    >
      {tiles.map(({ row, tile }) => {
        const hit = hits[tile.index];
        return (
          hit && (
            <PhotoTile key={hit.id} hit={hit} index={tile.index} box={boxOf(row, tile)} session={session} />
          )
        );
      })}
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

/** First and last row near the screen, kept right while one scrolls. */
function useWindow(
  grid: { readonly current: HTMLElement | null },
  rows: readonly Row[],
): readonly [number, number] {
  const [, redraw] = useState(0);
  const shown = useRef<readonly [number, number]>([0, 0]);
  const look = (): readonly [number, number] => {
    const top = grid.current ? -grid.current.getBoundingClientRect().top : 0;
    const first = rowAt(rows, top - innerHeight * OVERSCAN);
    const last = rowAt(rows, top + innerHeight * (1 + OVERSCAN));
    return [first, Math.min(last, rows.length - 1)];
  };
  shown.current = look();
  useEffect(() => {
    let asked = 0;
    const gone = new AbortController();
    const scrolled = (): void => {
      if (asked !== 0) return;
      asked = requestAnimationFrame(() => {
        asked = 0;
        const [first, last] = look();
        const [from, to] = shown.current;
        if (first !== from || last !== to) redraw((count) => count + 1);
      });
    };
    addEventListener('scroll', scrolled, { passive: true, signal: gone.signal });
    addEventListener('resize', scrolled, { signal: gone.signal });
    scrolled();
    return () => {
      gone.abort();
      cancelAnimationFrame(asked);
    };
  }, [rows]);
  return shown.current;
}

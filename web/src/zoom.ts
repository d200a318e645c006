/** Looking closer: by wheel, double click, keys and two fingers; what is enlarged is moved by dragging. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { kept, type Point, type View, WHOLE, zoomed } from './zoom-view.js';

export interface Zoom {
  readonly view: View;
  /** Makes it so many times as large, around a point from the middle of the stage. */
  readonly by: (factor: number, x?: number, y?: number) => void;
  readonly reset: () => void;
}

export const ZOOM_STEP = 1.5;
const DOUBLE_CLICK = 2.5;
const WHEEL = 0.0022;
/** How far a finger must travel to turn the page, in CSS pixels. */
const SWIPE = 48;

const middle = ([a, b]: readonly Point[]): Point =>
  a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : (a ?? { x: 0, y: 0 });
const distance = ([a, b]: readonly Point[]): number => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0);

/**
 * @param photo whose picture it is: another one is seen whole again
 * @param onSwipe a finger went over a picture that is seen whole; 1 to the next one, −1 back
 */
export function useZoom(
  stage: RefObject<HTMLElement | null>,
  photo: number,
  onSwipe: (way: 1 | -1) => void,
): Zoom {
  const [view, setView] = useState<View>(WHOLE);
  const swipe = useRef(onSwipe);
  swipe.current = onSwipe;
  const here = useRef(view);
  const set = (next: View): void => {
    here.current = next;
    setView(next);
  };
  // Before the first frame: after it, a key that was quick would be undone.
  useLayoutEffect(() => set(WHOLE), [photo]);

  const half = (): Point => ({
    x: (stage.current?.clientWidth ?? 0) / 2,
    y: (stage.current?.clientHeight ?? 0) / 2,
  });
  const by = (factor: number, x = 0, y = 0): void => set(zoomed(here.current, factor, { x, y }, half()));

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const gone = new AbortController();
    const { signal } = gone;
    const pointers = new Map<number, Point>();
    let start: Point | undefined;
    const fromMiddle = (event: MouseEvent): Point => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
    };
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const { x, y } = fromMiddle(event);
        by(Math.exp(-event.deltaY * WHEEL), x, y);
      },
      { signal, passive: false },
    );
    element.addEventListener(
      'dblclick',
      (event) => {
        const { x, y } = fromMiddle(event);
        if (here.current.scale > 1) set(WHOLE);
        else by(DOUBLE_CLICK, x, y);
      },
      { signal },
    );
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.target instanceof Element && event.target.closest('button, a')) return;
        pointers.set(event.pointerId, fromMiddle(event));
        start = pointers.size === 1 ? fromMiddle(event) : undefined;
        // Where the pointer goes while it is down is our business, even outside.
        if (here.current.scale > 1 || pointers.size > 1) element.setPointerCapture(event.pointerId);
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        if (!pointers.has(event.pointerId)) return;
        const before = [...pointers.values()];
        pointers.set(event.pointerId, fromMiddle(event));
        const after = [...pointers.values()];
        const [from, to] = [middle(before), middle(after)];
        const factor = after.length > 1 ? distance(after) / (distance(before) || 1) : 1;
        if (here.current.scale === 1 && after.length === 1) return;
        const grown = zoomed(here.current, factor, to, half());
        set(kept({ ...grown, x: grown.x + to.x - from.x, y: grown.y + to.y - from.y }, half()));
      },
      { signal },
    );
    const up = (event: PointerEvent): void => {
      const point = pointers.get(event.pointerId);
      if (!pointers.delete(event.pointerId) || event.type === 'pointercancel') return;
      if (event.pointerType !== 'touch' || here.current.scale > 1 || !start || !point) return;
      const { x } = fromMiddle(event);
      if (Math.abs(x - start.x) > SWIPE) swipe.current(x < start.x ? 1 : -1);
      start = undefined;
    };
    element.addEventListener('pointerup', up, { signal });
    element.addEventListener('pointercancel', up, { signal });
    return () => gone.abort();
  }, []);
  return { view, by, reset: () => set(WHOLE) };
}

/** Photos that change places glide there, so that one sees what the closer look has changed. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Place {
  readonly left: number;
  readonly top: number;
}

const GLIDE = { duration: 450, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' } as const;

/**
 * @param list its children carry `data-id`
 * @param order changes when they may have moved
 * @param glides false where the children are others than before
 */
export function useSettling(list: RefObject<HTMLElement | null>, order: unknown, glides: boolean): void {
  const places = useRef(new Map<string, Place>());
  useLayoutEffect(() => {
    const before = places.current;
    const now = new Map<string, Place>();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    for (const child of list.current?.children ?? []) {
      if (!(child instanceof HTMLElement)) continue;
      const id = child.dataset['id'] ?? '';
      const place = { left: child.offsetLeft, top: child.offsetTop };
      now.set(id, place);
      const from = before.get(id);
      if (!glides || still || from === undefined) continue;
      const [x, y] = [from.left - place.left, from.top - place.top];
      if (x !== 0 || y !== 0) child.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], GLIDE);
    }
    places.current = now;
  }, [list, order, glides]);
}

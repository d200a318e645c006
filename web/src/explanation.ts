/** Why a photo fits the words: asked for when somebody wants to know, and kept while the page is open. */
import { useEffect, useState } from 'preact/hooks';

export interface HeatGrid {
  /** 0…1, row by row. */
  readonly heat: readonly number[];
}

export interface Explanation {
  /** Along each axis of the photo. */
  readonly cells: number;
  readonly grid: HeatGrid;
  readonly words: readonly (HeatGrid & { readonly word: string })[];
}

const kept = new Map<string, Promise<Explanation>>();

async function ask(address: string): Promise<Explanation> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as Explanation;
}

function explanationOf(id: number, text: string): Promise<Explanation> {
  const address = `api/items/${id}/explain?text=${encodeURIComponent(text)}`;
  const known = kept.get(address);
  if (known) return known;
  const asked = ask(address);
  kept.set(address, asked);
  // What failed may be asked for again.
  asked.catch(() => kept.delete(address));
  return asked;
}

export type Asked = 'not' | 'waiting' | 'failed' | Explanation;

/** The explanation of a photo for a text, once `wanted`. */
export function useExplanation(id: number, text: string, wanted: boolean): Asked {
  const [asked, setAsked] = useState<Asked>('not');
  useEffect(() => {
    if (!wanted) {
      setAsked('not');
      return undefined;
    }
    let gone = false;
    setAsked('waiting');
    explanationOf(id, text).then(
      (explanation) => !gone && setAsked(explanation),
      () => !gone && setAsked('failed'),
    );
    return () => {
      gone = true;
    };
  }, [id, text, wanted]);
  return asked;
}

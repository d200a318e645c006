import type { VNode } from 'preact';
import { useAnswer } from './answer.js';
import { readCompletions } from './api.js';
import type { Completion } from './contract.js';
import { countOf } from './figures.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

const FIELDS = ['person', 'tag', 'camera', 'lens'] as const;
/** Of each field. */
const MOST = 6;

/** Whom and what the library shows most, counted; each leads to its photos. */
export function ContentsCard({ session }: { readonly session: SearchSession }): VNode | null {
  const lists = useAnswer((signal) =>
    Promise.all(FIELDS.map((field) => readCompletions(`${field}:`, signal))),
  );
  if (lists === null || lists.every((list) => list.length === 0)) return null;
  return (
    <section class="card" data-testid="contents">
      <h3>{STRINGS.contents}</h3>
      <div class="tallies">
        {FIELDS.map((field, place) => {
          const list = lists[place] ?? [];
          return (
            list.length > 0 && (
              <Tally
                key={field}
                name={STRINGS.contentsOf[field]}
                list={list.slice(0, MOST)}
                onChoose={(line) => session.browse(line.trim())}
              />
            )
          );
        })}
      </div>
    </section>
  );
}

interface TallyProps {
  readonly name: string;
  readonly list: readonly Completion[];
  readonly onChoose: (line: string) => void;
}

function Tally({ name, list, onChoose }: TallyProps): VNode {
  const most = Math.max(...list.map(({ about }) => Number(about)));
  return (
    <section class="tally">
      <h4 class="quiet">{name}</h4>
      <ul role="list">
        {list.map(({ text, about, line }) => (
          <li key={text}>
            <button
              type="button"
              class="tally-line"
              style={{ '--share': Number(about) / most }}
              onClick={() => onChoose(line)}
            >
              <span class="tally-name">{text}</span>
              <span class="quiet">{countOf(Number(about))}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

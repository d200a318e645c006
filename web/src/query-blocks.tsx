import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { thumbnailAddress } from './api.js';
import { Icon, type IconName } from './icon.js';
import {
  LEAST_WEIGHT,
  MOST_WEIGHT,
  type Part,
  type SearchRequest,
  type Subject,
  WEIGHT_STEP,
} from './search-request.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

export interface QueryBlocksProps {
  readonly request: SearchRequest;
  readonly session: SearchSession;
}

/** What a query is built of beside its line: conditions, words and pictures, each with its weight. */
export function QueryBlocks({ request, session }: QueryBlocksProps): VNode {
  const { filters, parts } = request;
  return (
    <div class="blocks">
      <ul
        class="block-list"
        role="list"
        aria-label={STRINGS.blocks}
        hidden={filters.length + parts.length === 0}
      >
        {filters.map((filter) => (
          <li class="filter-chip" key={filter} data-testid="filter-chip">
            <Icon name="filter" />
            <span class="block-name">{filter}</span>
            <RemoveButton name={STRINGS.removeFilter(filter)} onClick={() => session.removeFilter(filter)} />
          </li>
        ))}
        {parts.map((part, place) => (
          <Block key={place} part={part} place={place} session={session} />
        ))}
      </ul>
      <AddField icon="plus" label={STRINGS.addWords} onWords={(words) => session.add({ words })} />
      <AddField
        icon="minus"
        label={STRINGS.leaveOutLabel}
        onWords={(words) => session.add({ words }, true)}
      />
    </div>
  );
}

interface BlockProps {
  readonly part: Part;
  readonly place: number;
  readonly session: SearchSession;
}

/** One part: what it is, whether it is wanted, and a slider for how much it counts. */
function Block({ part, place, session }: BlockProps): VNode {
  const { subject, weight, away } = part;
  const name = nameOf(subject);
  const turn = away ? STRINGS.want(name) : STRINGS.avoid(name);
  return (
    <li
      class="block"
      data-away={away}
      data-testid={'words' in subject ? 'words-block' : 'picture-chip'}
      style={{ '--weight': (weight - LEAST_WEIGHT) / (MOST_WEIGHT - LEAST_WEIGHT) }}
    >
      <button
        type="button"
        class="block-sign"
        aria-label={turn}
        title={turn}
        onClick={() => session.turnPart(place)}
      >
        <Icon name={away ? 'minus' : 'plus'} />
      </button>
      {!('words' in subject) && <Thumbnail subject={subject} />}
      <span class="block-body">
        {away ? <s class="block-name">{name}</s> : <span class="block-name">{name}</span>}
        <input
          class="block-weight"
          type="range"
          min={LEAST_WEIGHT}
          max={MOST_WEIGHT}
          step={WEIGHT_STEP}
          value={weight}
          aria-label={STRINGS.weightOf(name)}
          aria-valuetext={STRINGS.weight(weight)}
          title={STRINGS.weight(weight)}
          onInput={({ currentTarget }) => session.weighPart(place, currentTarget.valueAsNumber)}
        />
      </span>
      <RemoveButton
        name={away ? STRINGS.takeBack(name) : STRINGS.removePart(name)}
        onClick={() => session.removePart(place)}
      />
    </li>
  );
}

function nameOf(subject: Subject): string {
  if ('words' in subject) return subject.words;
  return 'photo' in subject ? STRINGS.likeChip : STRINGS.pictureChip;
}

function Thumbnail({ subject }: { readonly subject: Exclude<Subject, { readonly words: string }> }): VNode {
  const picture = 'picture' in subject ? subject.picture : null;
  // Held by the page until the block is gone or shows another picture.
  const temporary = useMemo(() => picture && URL.createObjectURL(picture), [picture]);
  useEffect(() => () => void (temporary && URL.revokeObjectURL(temporary)), [temporary]);
  const address = 'photo' in subject ? thumbnailAddress(subject.photo) : temporary;
  return <img class="block-image" src={address ?? undefined} alt="" width={40} height={40} />;
}

function RemoveButton({ name, onClick }: { readonly name: string; readonly onClick: () => void }): VNode {
  return (
    <button type="button" class="block-remove" aria-label={name} title={name} onClick={onClick}>
      <Icon name="cross" />
    </button>
  );
}

interface AddFieldProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onWords: (words: string) => void;
}

function AddField({ icon, label, onWords }: AddFieldProps): VNode {
  const [words, setWords] = useState('');
  return (
    <form
      class="add-field"
      onSubmit={(event) => {
        event.preventDefault();
        onWords(words.trim());
        setWords('');
      }}
    >
      <Icon name={icon} />
      <input
        type="text"
        aria-label={label}
        placeholder={`${label}…`}
        enterkeyhint="done"
        autocomplete="off"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
      />
    </form>
  );
}

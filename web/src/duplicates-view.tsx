import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readDuplicates } from './api.js';
import { ChoiceSwitch } from './choice-switch.js';
import type { DuplicateMode, Duplicates } from './contract.js';
import { byteSize, fileName, pixelSize } from './figures.js';
import { useCopying } from './copying.js';
import { Icon } from './icon.js';
import { PhotoViewer } from './photo-viewer.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';
import { troubleText } from './trouble.js';

const MODES: readonly DuplicateMode[] = ['file', 'photo', 'similar'];
/** Groups that are drawn, and that further ones come by. */
const PAGE = 50;

type Group = Duplicates['groups'][number];
type Looked = { readonly group: number; readonly member: number };

/** Photos that are there more than once, to be looked through: nothing is deleted here. */
export function DuplicatesView({ session }: { readonly session: SearchSession }): VNode {
  const [mode, setMode] = useState<DuplicateMode>('file');
  const [most, setMost] = useState(PAGE);
  const [looked, setLooked] = useState<Looked | null>(null);
  const found = useDuplicates(mode);
  const groups = typeof found === 'object' ? found.groups : [];
  const group = looked === null ? undefined : groups[looked.group];
  const shown = looked === null ? undefined : group?.members[looked.member]?.item;
  return (
    <section class="library" aria-labelledby="duplicates-title" data-testid="duplicates">
      <h2 class="library-title" id="duplicates-title">
        {STRINGS.duplicates}
      </h2>
      <p class="quiet library-intro">{STRINGS.duplicatesIntro}</p>
      <ChoiceSwitch
        name="mode"
        label={STRINGS.duplicatesMode}
        choices={MODES}
        nameOf={(one) => STRINGS.duplicateModes[one].name}
        chosen={mode}
        onChange={(one) => {
          setMode(one);
          setMost(PAGE);
        }}
      />
      <p class="quiet duplicates-said" role="status">
        {found === 'looking' ? STRINGS.duplicatesLooking : saidOf(found, mode)}
      </p>
      <ol class="groups" role="list" data-mode={mode}>
        {groups.slice(0, most).map((one, place) => (
          <GroupCard key={one.best} group={one} onLook={(member) => setLooked({ group: place, member })} />
        ))}
      </ol>
      {groups.length > most && (
        <button type="button" class="button show-more" onClick={() => setMost(most + PAGE)}>
          {STRINGS.showMore}
        </button>
      )}
      {shown && group && looked && (
        <PhotoViewer
          photo={shown}
          fits={shown.id === group.best ? STRINGS.best : null}
          text=""
          index={looked.member}
          count={group.members.length}
          onView={(member) => setLooked(member === null ? null : { ...looked, member })}
          onEnd={() => {}}
          onLike={(id, but) => session.moreLike(id, but)}
          onAdd={(id) => session.moreLike(id)}
        />
      )}
    </section>
  );
}

function saidOf(found: Duplicates | string, mode: DuplicateMode): string {
  if (typeof found === 'string') return found;
  const { none, some } = STRINGS.duplicateModes[mode];
  return found.groups.length === 0 ? none : some(found.groups.length);
}

/** The photos of one group side by side, the best first. */
function GroupCard({
  group,
  onLook,
}: {
  readonly group: Group;
  readonly onLook: (member: number) => void;
}): VNode {
  const { best, members } = group;
  const others = members.flatMap(({ item, paths }) => (item.id === best ? paths.slice(1) : paths));
  const [copied, copy] = useCopying(others.join('\n'));
  return (
    <li class="card group" data-testid="group">
      <ul class="group-members" role="list">
        {members.map(({ item, paths }, place) => (
          <li class="member" key={item.id}>
            <button
              type="button"
              class="member-open"
              id={`photo-${item.id}`}
              aria-label={STRINGS.openPhoto(item.path)}
              onClick={() => onLook(place)}
            >
              <img src={item.thumbnailUrl ?? ''} alt="" loading="lazy" decoding="async" />
            </button>
            <p class="member-facts">
              {item.id === best && (
                <span class="badge">
                  <Icon name="check" />
                  {STRINGS.best}
                </span>
              )}
              <span class="quiet">
                {item.width !== null && item.height !== null && pixelSize(item.width, item.height)}
                {item.bytes !== null && `, ${byteSize(item.bytes)}`}
              </span>
            </p>
            {paths.map((path) => (
              <p class="quiet member-path" key={path} title={path}>
                {fileName(path)}
                <span class="member-folder">{path.slice(0, -fileName(path).length - 1)}</span>
              </p>
            ))}
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={copy}>
        <Icon name={copied ? 'check' : 'copy'} />
        {copied ? STRINGS.copied : STRINGS.copyOthers(others.length)}
      </button>
    </li>
  );
}

/** What the server found, or what to say while and where there is nothing. */
function useDuplicates(mode: DuplicateMode): Duplicates | string {
  const [found, setFound] = useState<Duplicates | string>('looking');
  useEffect(() => {
    const gone = new AbortController();
    setFound('looking');
    readDuplicates(mode, gone.signal).then(
      (answer) => !gone.signal.aborted && setFound(answer),
      (error: unknown) => !gone.signal.aborted && setFound(troubleText(error)),
    );
    return () => gone.abort();
  }, [mode]);
  return found;
}

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { unwatchFolder, watchFolder } from './api.js';
import type { LibraryStatus, WatchedFolder } from './contract.js';
import { momentText } from './figures.js';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';
import { TroubleLine, troubleText } from './trouble.js';

/** The folders that are followed, how, and since when nothing can have been missed. */
export function FoldersCard({ status: { watched, freshness } }: { readonly status: LibraryStatus }): VNode {
  // What the server answered stands until it is asked again how things are.
  const [told, setTold] = useState({ since: watched, folders: watched });
  const [trouble, setTrouble] = useState('');
  const folders = told.since === watched ? told.folders : watched;
  const tell = (now: readonly WatchedFolder[]): void => setTold({ since: watched, folders: now });
  const leave = (path: string): void => {
    setTrouble('');
    unwatchFolder(path).then(tell, (error: unknown) => setTrouble(troubleText(error)));
  };
  return (
    <section class="card">
      <h3>{STRINGS.folders}</h3>
      {folders.length === 0 && <p class="quiet">{STRINGS.noFolders}</p>}
      <ul role="list">
        {folders.map(({ path, mode, reason, problem }) => (
          <li class="line failure" key={path}>
            <span class="line-name">{path}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={STRINGS.unwatch(path)}
              title={STRINGS.unwatch(path)}
              onClick={() => leave(path)}
            >
              <Icon name="cross" />
            </button>
            <span class="quiet" data-trouble={problem !== null}>
              {problem ?? reason ?? (mode === null ? STRINGS.watchBegins : STRINGS.watchModes[mode])}
            </span>
          </li>
        ))}
      </ul>
      <TroubleLine text={trouble} />
      <FolderForm onSent={tell} />
      {freshness.lastReconciled !== null && (
        <p class="quiet">{STRINGS.lastCompared(momentText(freshness.lastReconciled))}</p>
      )}
    </section>
  );
}

interface FolderFormProps {
  /** Told which folders are followed now. */
  readonly onSent?: (folders: readonly WatchedFolder[]) => void;
}

/** Names a folder to be read and followed; the page notices by itself what comes of it. */
export function FolderForm({ onSent }: FolderFormProps): VNode {
  const [path, setPath] = useState('');
  const [state, setState] = useState<'waiting' | 'sending' | 'sent'>('waiting');
  const [trouble, setTrouble] = useState('');
  return (
    <form
      class="folder-form"
      onSubmit={(event) => {
        event.preventDefault();
        setState('sending');
        setTrouble('');
        watchFolder(path.trim()).then(
          (folders) => {
            setState('sent');
            setPath('');
            onSent?.(folders);
          },
          (error: unknown) => {
            setState('waiting');
            setTrouble(troubleText(error));
          },
        );
      }}
    >
      <div class="folder-row">
        <input
          class="folder-field"
          type="text"
          aria-label={STRINGS.folderLabel}
          placeholder={STRINGS.folderExample}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          value={path}
          onInput={({ currentTarget }) => setPath(currentTarget.value)}
        />
        <button type="submit" class="button button-strong" disabled={state === 'sending'}>
          {state === 'sending' ? STRINGS.readingFolder : STRINGS.readFolder}
        </button>
      </div>
      <TroubleLine text={trouble} />
    </form>
  );
}

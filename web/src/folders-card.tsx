import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { unwatchFolder, watchFolder } from './api.js';
import type { LibraryStatus } from './contract.js';
import { momentText } from './figures.js';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';

/** The folders that are followed, how, and since when nothing can have been missed. */
export function FoldersCard({ status: { watched, freshness } }: { readonly status: LibraryStatus }): VNode {
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const folders = watched.filter(({ path }) => !gone.has(path));
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
              onClick={() =>
                void unwatchFolder(path).then(
                  () => setGone(new Set([...gone, path])),
                  () => {},
                )
              }
            >
              <Icon name="cross" />
            </button>
            <span class="quiet" data-trouble={problem !== null}>
              {problem ?? reason ?? STRINGS.watchModes[mode]}
            </span>
          </li>
        ))}
      </ul>
      <FolderForm />
      {freshness.lastReconciled !== null && (
        <p class="quiet">{STRINGS.lastCompared(momentText(freshness.lastReconciled))}</p>
      )}
    </section>
  );
}

/** Names a folder to be read and followed; the page notices by itself what comes of it. */
export function FolderForm(): VNode {
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
          () => {
            setState('sent');
            setPath('');
          },
          (error: unknown) => {
            setState('waiting');
            setTrouble(error instanceof Error ? error.message : STRINGS.unexpected);
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
      {trouble !== '' && (
        <p class="quiet" role="alert" data-trouble="true">
          {trouble}
        </p>
      )}
    </form>
  );
}

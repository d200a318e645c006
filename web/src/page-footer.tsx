import type { VNode } from 'preact';
import type { LibraryStatus } from './contract.js';
import { STRINGS, unreadableFiles } from './strings.js';

export function PageFooter({ status }: { readonly status: LibraryStatus | null }): VNode {
  if (status === null) return <footer class="footer" />;
  const { version, model, failed, ingest } = status;
  return (
    <footer class="footer">
      <span>{`${STRINGS.name} ${version}`}</span>
      <span>{model.name}</span>
      {failed > 0 && !ingest.running && <span class="footer-failed">{unreadableFiles(failed)}</span>}
    </footer>
  );
}

import type { VNode } from 'preact';
import type { IngestStatus } from './contract.js';
import { STRINGS, ingestSummary, unreadableFiles } from './strings.js';

export function IngestProgress({ ingest }: { readonly ingest: IngestStatus }): VNode {
  const { done, total, failed } = ingest;
  return (
    <section class="ingest" aria-label={STRINGS.ingestLabel} data-testid="ingest-progress">
      {/* Without a value the bar shows that something happens, not how far it is. */}
      <progress
        class="ingest-bar"
        aria-label={STRINGS.ingestLabel}
        {...(total !== null && total > 0 && { value: done, max: total })}
      />
      <p class="ingest-text">
        <span>{ingestSummary(ingest)}</span>
        {failed > 0 && <span class="ingest-failed">{unreadableFiles(failed)}</span>}
      </p>
    </section>
  );
}

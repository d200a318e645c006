/** A search that is told in stages: what was found, and then the order in which a closer look puts it. */
import type { SearchAnswer } from './contract.js';

export interface SearchStage {
  readonly stage: 'candidates' | 'final';
  readonly answer: SearchAnswer;
}

const DATA = 'data: ';

/** The stages of a stream of server-sent events, as they come. */
export async function* stagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<SearchStage> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const events = text.split('\n\n');
    // The last one may not be whole yet.
    text = events.pop() ?? '';
    for (const event of events)
      if (event.startsWith(DATA)) yield JSON.parse(event.slice(DATA.length)) as SearchStage;
  }
}

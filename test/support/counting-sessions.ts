import type { Tensors } from '#src/encoder/runtime/messages.js';
import { SessionHost, type Urgency } from '#src/encoder/runtime/session-host.js';

/** Counts what it is asked to run. */
export class CountingSessions extends SessionHost {
  runs = 0;

  override run(graph: string, feeds: Tensors, urgency: Urgency): Promise<Tensors> {
    this.runs++;
    return super.run(graph, feeds, urgency);
  }
}

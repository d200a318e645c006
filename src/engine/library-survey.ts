import type { WatchedFolder } from '../core/ports.js';
import {
  type DuplicateGroup,
  type DuplicateParts,
  type DuplicateSearch,
  findDuplicates,
} from './duplicates.js';
import { type Completion, completions } from './filter-completion.js';

/** Questions about the library as a whole. */
export class LibrarySurvey {
  readonly #parts: DuplicateParts;

  constructor(parts: DuplicateParts) {
    this.#parts = parts;
  }

  /** Photos that are there more than once; nothing is changed. @throws the signal's reason */
  duplicates(search: DuplicateSearch): Promise<DuplicateGroup[]> {
    return findDuplicates(this.#parts, search);
  }

  /** What a line of words and conditions may go on with. */
  completions(line: string): Completion[] {
    return completions(line, this.#parts.library);
  }

  /** The folders that are watched whenever a process watches this library. */
  folders(): readonly WatchedFolder[] {
    return this.#parts.library.watched.all();
  }
}

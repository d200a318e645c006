import { ITEM_KINDS } from '../core/item.js';
import { auditRecall, type Library, type RecallAudit } from '../index/mod.js';
import type { RecentQueries } from './recent-queries.js';

export interface RecallAuditParts {
  readonly library: Library;
  readonly recent?: RecentQueries | undefined;
}

/** What the index misses of the last queries, as it was last measured by this process. */
export class RecallAudits {
  readonly #parts: RecallAuditParts;
  #last: readonly RecallAudit[] = [];
  #measuredAt: Date | null = null;
  #underWay: Promise<readonly RecallAudit[]> | undefined;

  constructor(parts: RecallAuditParts) {
    this.#parts = parts;
  }

  /** One for each kind of item that there was something to measure of; none before the first measurement. */
  get last(): readonly RecallAudit[] {
    return this.#last;
  }

  get measuredAt(): Date | null {
    return this.#measuredAt;
  }

  get isRunning(): boolean {
    return this.#underWay !== undefined;
  }

  /** Measures, and widens the searches where more than 1 % is missed. Whoever asks meanwhile gets the same result. */
  measure(): Promise<readonly RecallAudit[]> {
    this.#underWay ??= this.#measure().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #measure(): Promise<readonly RecallAudit[]> {
    const { library, recent } = this.#parts;
    recent?.flush();
    const audits: RecallAudit[] = [];
    for (const kind of ITEM_KINDS) {
      const audit = await auditRecall(library, kind);
      if (audit) audits.push(audit);
    }
    this.#last = audits;
    this.#measuredAt = new Date();
    return audits;
  }
}

import { FRAME_MARK } from '../../core/frame-path.js';
import type { ItemId } from '../../core/item.js';
import type { Database, Statement } from './database.js';

/** Frames of videos: items that know their second, and files whose paths are the video's with that second. */
export class FrameRows {
  readonly #ofVideo: Statement<[string, string], { path: string; id: ItemId }>;

  constructor(database: Database) {
    this.#ofVideo = database.prepare(
      `SELECT path, item_id AS id FROM files JOIN items ON items.id = item_id
       WHERE path >= ? AND path < ? AND second IS NOT NULL`,
    );
  }

  /** Paths of the frames of the video at this path, with their items. */
  of(video: string): { readonly path: string; readonly id: ItemId }[] {
    // '>' follows '=': the range holds exactly what begins with the video's path and the mark.
    return this.#ofVideo.all(`${video}${FRAME_MARK}`, `${video}${FRAME_MARK.slice(0, -1)}>`);
  }
}

import type { ThumbnailStore } from '../core/ports.js';
import { ContentFolder } from './content-folder.js';

/** Previews on disk. */
export class ThumbnailFolder extends ContentFolder implements ThumbnailStore {
  constructor(folder: string) {
    super(folder, 'webp');
  }
}

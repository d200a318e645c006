import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import { type IngestPorts, PhotoPipeline, type PixelFolder, type ThumbnailFolder } from '../ingest/mod.js';

export interface IntakeModel {
  readonly encoder: Encoder;
  readonly pixels: PixelFolder;
}

export interface IntakeStores {
  readonly library: Library;
  readonly thumbnails: ThumbnailFolder;
}

/** What the ingest works with. The model is asked for each time: it may be exchanged while nothing is under way. */
export class IntakePorts implements IngestPorts {
  readonly library: Library;
  readonly thumbnails: ThumbnailFolder;
  readonly pipeline: PhotoPipeline;
  model: IntakeModel;

  constructor({ library, thumbnails }: IntakeStores, model: IntakeModel, onChange: () => void) {
    this.library = library;
    this.thumbnails = thumbnails;
    this.model = model;
    this.pipeline = new PhotoPipeline(this, onChange);
  }

  get encoder(): IngestPorts['encoder'] {
    return this.model.encoder.dual;
  }

  get images(): IngestPorts['images'] {
    return this.model.encoder.images;
  }

  get pixels(): PixelFolder {
    return this.model.pixels;
  }
}

import { describe, expect, it } from 'vitest';
import { unit } from '#src/core/embedding.js';
import { NO_METADATA, type PhotoMetadata } from '#src/core/photo-metadata.js';
import { Library } from '#src/index/mod.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FULL: PhotoMetadata = {
  takenAt: new Date('2019-08-17T12:30:15.250Z'),
  takenOffset: 120,
  camera: 'X100',
  lens: 'a lens',
  iso: 200,
  aperture: 2.8,
  exposureSeconds: 1 / 250,
  focalLength: 23,
  latitude: 48.5,
  longitude: -2.25,
  altitude: -3,
  title: 'A title',
  description: 'A description',
  keywords: ['dog', 'snow'],
  people: ['Anna'],
  rating: 5,
};

describe('metadata in a library', () => {
  it('comes back as it was written, is replaced as a whole, and goes with its photo', async () => {
    const folder = temporaryFolder();
    const options = { folder, modelId: 'm', dimensions: 4, readOnly: false };
    await using library = await Library.open(options);
    const embedding = unit(Float32Array.of(1, 2, 3, 4));
    const file = { path: '/p/a.jpg', size: 77, mtimeMs: 1 };
    const photo = { width: 1, height: 1, format: 'jpeg', embedding };
    library.commit([{ type: 'photo', file, contentHash: 'h', photo: { ...photo, metadata: FULL } }]);
    const [found] = library.search('photo', embedding, 1);
    const read = (): unknown => found && library.item(found.id);
    expect(read()).toMatchObject({ bytes: 77, metadata: FULL });
    expect(library.files.one('/p/a.jpg')).toEqual(file);

    const words = { ...NO_METADATA, title: 'Only this', keywords: ['cat'] };
    library.commit([
      { type: 'metadata', contentHash: 'h', metadata: words },
      { type: 'metadata', contentHash: 'nobody', metadata: FULL },
    ]);
    expect(read()).toMatchObject({ metadata: words });
    library.forget(['/p/a.jpg']);
    expect(read()).toBeUndefined();

    library.commit([{ type: 'photo', file, contentHash: 'h', photo }]);
    expect(library.files.one('/p/a.jpg')).toEqual({ ...file, unread: true });
  });
});

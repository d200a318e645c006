/**
 * XMP documents beside photos: `photo.jpg.xmp` speaks of `photo.jpg`, `photo.xmp` of every photo called `photo`. Where both
 * are there, the one that names the file wins. What a sidecar says stands over what the photo's file says, and a change of
 * it replaces the photo's words without another embedding.
 */
import { basename, dirname, extname, join } from 'node:path';
import { asSightlineError, SightlineError } from '../core/errors.js';
import type { FileState, ImageReader, IngestLibrary, LibraryChange, MetadataChange } from '../core/ports.js';
import type { PhotoMetadata } from '../core/photo-metadata.js';
import { contentHash } from './content-hash.js';
import { readContent } from './file-content.js';
import { isPhotoName, isSidecarName } from './file-roles.js';
import { embeddedMetadata, overlaid, sidecarMetadata } from './metadata/photo-metadata.js';

export interface SidecarPorts {
  readonly library: IngestLibrary;
  readonly images: ImageReader;
}

/** What a photo says about itself, together with the sidecars that were read for it. */
export interface Told {
  readonly metadata: PhotoMetadata;
  readonly sidecars: readonly FileState[];
}

const withoutExtension = (path: string): string => path.slice(0, path.length - extname(path).length);

/** From the weakest to the strongest. */
function sidecarPaths(photo: string): string[] {
  return [withoutExtension(photo), photo].flatMap((stem) => [`${stem}.XMP`, `${stem}.xmp`]);
}

/** Sidecars that are damaged are passed over here; they are on record by themselves. */
export async function toldAbout(path: string, bytes: Uint8Array, images: ImageReader): Promise<Told> {
  let metadata = embeddedMetadata(await images.describe(bytes), basename(path));
  const sidecars: FileState[] = [];
  for (const candidate of sidecarPaths(path)) {
    const content = await readContent(candidate).catch(() => undefined);
    const above = content && sidecarMetadata(content.bytes);
    if (!content || !above) continue;
    metadata = overlaid(metadata, above);
    sidecars.push(content.state);
  }
  return { metadata, sidecars };
}

/** Photos of the library that a sidecar of this path speaks of, whether it is still there or not. */
function photosBeside(sidecar: string, library: IngestLibrary): string[] {
  const stem = withoutExtension(sidecar);
  const own = isPhotoName(basename(stem)) && library.files.one(stem) ? [stem] : [];
  return [...own, ...library.files.photosNamed(join(dirname(stem), basename(stem)))];
}

async function retold(photo: string, { images }: SidecarPorts): Promise<MetadataChange | undefined> {
  try {
    const { bytes } = await readContent(photo);
    const { metadata } = await toldAbout(photo, bytes, images);
    return { type: 'metadata', contentHash: contentHash(bytes), metadata };
  } catch {
    // The photo itself is gone or unreadable now: its own turn will come.
    return undefined;
  }
}

/** What a sidecar that is new, changed or gone means for the photos beside it. */
export async function retellings(sidecar: string, ports: SidecarPorts): Promise<MetadataChange[]> {
  const changes: MetadataChange[] = [];
  for (const photo of photosBeside(sidecar, ports.library)) {
    const change = await retold(photo, ports);
    if (change) changes.push(change);
  }
  return changes;
}

/** What a new or changed sidecar means for the library: photos told again, or a failure on record. */
export async function sidecarChanges(file: FileState, ports: SidecarPorts): Promise<LibraryChange[]> {
  try {
    const { bytes, state } = await readContent(file.path);
    if (sidecarMetadata(bytes) === undefined) {
      const message = `Expected an XMP document but ${file.path} is none that can be read. Export it again, or remove it; its photo is unaffected.`;
      throw new SightlineError('ERR_SIDECAR_INVALID', message, { details: { path: file.path } });
    }
    return [...(await retellings(file.path, ports)), { type: 'collection-read', file: state, lines: 0 }];
  } catch (error) {
    const { code, message } = asSightlineError(error);
    return [{ type: 'failure', file, code, reason: message }];
  }
}

/** Forgets paths; photos that lost a sidecar are told again, by themselves. */
export async function forgetFiles(paths: readonly string[], ports: SidecarPorts): Promise<void> {
  ports.library.forget(paths);
  for (const path of paths) {
    if (isSidecarName(path)) ports.library.commit(await retellings(path, ports));
  }
}

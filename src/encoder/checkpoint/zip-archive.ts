/**
 * A zip archive whose entries are read where they lie.
 *
 * torch.save stores entries uncompressed, so a tensor is a range of bytes of the file itself. yauzl reads the directory (and
 * refuses names that are absolute, dotted or have backslashes); for an entry's bytes we ask it only where they start.
 */
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { CheckpointFile, Span } from './checkpoint-file.js';
import { CheckpointFault, malformed } from './checkpoint-fault.js';

/** A large model has some 1,500. */
const MAX_ENTRIES = 100_000;
/** Names, extra fields and comments. What is read of them is kept, and extra fields take 40 times their size. */
const MAX_DIRECTORY_BYTES = 1 << 22;
const STORED = 0;

export class ZipArchive {
  readonly #zip: yauzl.ZipFile;
  readonly #entries: ReadonlyMap<string, yauzl.Entry>;

  private constructor(zip: yauzl.ZipFile, entries: ReadonlyMap<string, yauzl.Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws CheckpointFault */
  static async open(file: CheckpointFile): Promise<ZipArchive> {
    const zip = await readingZip(() =>
      yauzl.fromRandomAccessReaderPromise(new CheckpointFileReader(file), file.size, {
        autoClose: false,
        strictFileNames: true,
      }),
    );
    if (zip.entryCount > MAX_ENTRIES)
      throw malformed(`its zip directory claims ${zip.entryCount} entries, more than any checkpoint has`);
    const entries = new Map<string, yauzl.Entry>();
    let directoryBytes = 0;
    await readingZip(async () => {
      for await (const entry of zip.eachEntry()) {
        directoryBytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
        if (directoryBytes > MAX_DIRECTORY_BYTES)
          throw malformed('its zip directory is larger than that of any checkpoint');
        if (entries.has(entry.fileName)) throw malformed(`its zip directory names ${entry.fileName} twice`);
        entries.set(entry.fileName, entry);
      }
    });
    return new ZipArchive(zip, entries);
  }

  names(): Iterable<string> {
    return this.#entries.keys();
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * Where the contents of an entry lie in the file.
   *
   * @throws CheckpointFault where it is missing, compressed, encrypted or reaches beyond the file
   */
  async locate(name: string): Promise<Span> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw malformed(`its zip archive has no entry ${name}`);
    if (entry.isEncrypted() || entry.compressionMethod !== STORED)
      throw new CheckpointFault(
        'ERR_CHECKPOINT_UNSUPPORTED',
        `its entry ${name} is compressed or encrypted, and torch.save stores entries as they are`,
        'Use the file as it was published; if it was packed again, unpack it and store it with zip -0.',
      );
    const { fileDataStart } = await readingZip(() =>
      this.#zip.readLocalFileHeaderPromise(entry, { minimal: true }),
    );
    return { start: fileDataStart, length: entry.uncompressedSize };
  }
}

/** yauzl reports a damaged archive as a plain `Error`. */
async function readingZip<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CheckpointFault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw malformed(`its zip archive is damaged or cut off (${reason.replace(/\.$/, '')})`);
  }
}

/** Lets yauzl read through our file, which stays ours to close. */
class CheckpointFileReader extends yauzl.RandomAccessReader {
  readonly #file: CheckpointFile;

  constructor(file: CheckpointFile) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead: number) => void,
  ): void {
    const finish = async (): Promise<void> => {
      try {
        buffer.set(await this.#file.readAhead(position, length), offset);
      } catch (error) {
        callback(error as Error, 0);
        return;
      }
      callback(null, length);
    };
    void finish();
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }

  override _readStreamForRange(): Readable {
    throw new Error('Entries are read by position, never streamed.');
  }
}

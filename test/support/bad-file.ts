export interface BadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** A photo all the same, the code of a failure, or either: whether a torn file can be read is its format's affair. */
  readonly expected: 'photo' | 'either' | `ERR_${string}`;
}

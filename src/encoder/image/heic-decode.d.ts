/** What is used of heic-decode, which brings no types. */
declare module 'heic-decode' {
  interface HeicImage {
    readonly width: number;
    readonly height: number;
    decode(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>;
  }

  interface HeicDecode {
    all(source: { readonly buffer: Uint8Array }): Promise<readonly HeicImage[] & { dispose(): void }>;
  }

  const decode: HeicDecode;
  export = decode;
}

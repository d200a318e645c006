import { fileURLToPath } from 'node:url';

/** From dist/bench/embedded-model.js. */
export const EMBEDDED_MODEL: string = fileURLToPath(new URL('../../data/model', import.meta.url));

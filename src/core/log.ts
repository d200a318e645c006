/** The part of a logger that the rooms use; pino satisfies it, and so does `silentLog`. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => {};

/** Says nothing: the default of the TypeScript API, and what tests use. */
export const silentLog: Log = { info: nothing, warn: nothing, error: nothing };

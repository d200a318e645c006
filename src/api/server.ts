import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SightlineError, systemCode } from '../core/errors.js';

/** What a server is there for. */
export interface Application {
  readonly answer: RequestListener;
  /** Ends answers that would otherwise go on until their client leaves. */
  endStreams(): void;
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  /** Lets requests under way finish, for a while, and closes. */
  close(): Promise<void>;
}

/**
 * Of one server; more would only fill memory with sockets. As many may wait to be taken: where they come all at once and find
 * no room (Node's 511), they knock again after seconds, long after the rush is over.
 */
export const MAX_CONNECTIONS = 1024;

/**
 * Milliseconds. Who sends or takes in slower than this is cut off, so that nobody can hold a connection, or the memory of an
 * upload, by being slow.
 */
export interface Patience {
  readonly headers: number;
  readonly request: number;
  /** Without a byte in either direction. */
  readonly idle: number;
}

export const PATIENCE: Patience = { headers: 10_000, request: 60_000, idle: 60_000 };

/** Milliseconds that requests under way get when the server closes. */
const GRACE = 3000;

function address(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server, app: Application): Promise<void> {
  app.endStreams();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE);
  await closed;
  clearTimeout(timer);
}

/** @param port 0 for any free one. @throws ERR_PORT_IN_USE */
export async function listen(
  app: Application,
  host: string,
  port: number,
  { headers, request, idle }: Patience = PATIENCE,
): Promise<RunningServer> {
  const server = createServer(
    { headersTimeout: headers, requestTimeout: request, connectionsCheckingInterval: headers / 2 },
    app.answer,
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(idle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: MAX_CONNECTIONS }, resolve);
  }).catch((error: unknown) => {
    const code = systemCode(error);
    const reason = code === 'EADDRINUSE' ? 'another program listens there' : String(code ?? error);
    const message = `Cannot listen on ${host}:${port}: ${reason}. Choose another --port, or stop the other program.`;
    throw new SightlineError('ERR_PORT_IN_USE', message, { cause: error, details: { host, port } });
  });
  const stop = (): Promise<void> => close(server, app);
  return { url: address(server, host), close: stop, [Symbol.asyncDispose]: stop };
}

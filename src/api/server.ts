import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { SightlineError, systemCode } from '../core/errors.js';

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  /** Lets requests under way finish, for a while, and closes. */
  close(): Promise<void>;
}

/** Milliseconds that requests under way get when the server closes. */
const GRACE = 3000;

function address(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE);
  await closed;
  clearTimeout(timer);
}

/** @param port 0 for any free one. @throws ERR_PORT_IN_USE */
export async function listen(app: Express, host: string, port: number): Promise<RunningServer> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: unknown) => {
    const code = systemCode(error);
    const reason = code === 'EADDRINUSE' ? 'another program listens there' : String(code ?? error);
    const message = `Cannot listen on ${host}:${port}: ${reason}. Choose another --port, or stop the other program.`;
    throw new SightlineError('ERR_PORT_IN_USE', message, { cause: error, details: { host, port } });
  });
  const stop = (): Promise<void> => close(server);
  return { url: address(server, host), close: stop, [Symbol.asyncDispose]: stop };
}

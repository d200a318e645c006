import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How a request goes wrong. Where nothing is said, the server behaves. */
export interface Misbehaviour {
  readonly status?: number;
  /** Bytes of the body after which the connection breaks. */
  readonly cutAfter?: number;
  /** Bytes of the body after which nothing comes any more. */
  readonly stallAfter?: number;
  /** What the server says the length is, instead of what it is. */
  readonly announced?: number;
  /** Sends another range than was asked for: it begins so many bytes earlier. */
  readonly earlier?: number;
  /** Knows no ranges and names no version, as simple servers do. */
  readonly plain?: boolean;
}

export interface FileServer {
  readonly url: string;
  /** The Range header of every request, in order; '' where there was none. */
  readonly ranges: string[];
  /** What is served, by name. */
  readonly files: Map<string, Buffer>;
  /** Applied to the requests to come, one each; afterwards the server behaves. */
  readonly misbehave: Misbehaviour[];
}

const VERSION = (bytes: Buffer): string => `"${bytes.length}-${bytes[0] ?? 0}"`;

function answer(request: IncomingMessage, response: ServerResponse, bytes: Buffer, how: Misbehaviour): void {
  const range = how.plain ? undefined : request.headers.range;
  const version = VERSION(bytes);
  const [, first] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
  const wanted =
    first !== undefined && request.headers['if-range'] === version ? Number(first) - (how.earlier ?? 0) : 0;
  if (wanted >= bytes.length && wanted > 0) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(wanted);
  const total = how.announced ?? bytes.length;
  response.writeHead(wanted > 0 ? 206 : 200, {
    'content-length': wanted > 0 ? body.length : total,
    ...(!how.plain && { etag: version }),
    ...(wanted > 0 && { 'content-range': `bytes ${wanted}-${bytes.length - 1}/${total}` }),
  });
  const { cutAfter, stallAfter } = how;
  if (stallAfter !== undefined) response.write(body.subarray(0, stallAfter));
  else if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
}

/** A server on this machine that serves small files, well or badly, until the test is over. */
export async function fileServer(files: Readonly<Record<string, Buffer>>): Promise<FileServer> {
  const state = {
    ranges: [] as string[],
    files: new Map(Object.entries(files)),
    misbehave: [] as Misbehaviour[],
  };
  const server = createServer((request, response) => {
    state.ranges.push(request.headers.range ?? '');
    const how = state.misbehave.shift() ?? {};
    const bytes = state.files.get((request.url ?? '').slice(1));
    if (how.status !== undefined) response.writeHead(how.status).end('no');
    else if (bytes === undefined) response.writeHead(404).end('not found');
    else answer(request, response, bytes, how);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...state };
}

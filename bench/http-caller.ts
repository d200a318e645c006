/**
 * The least that can ask over HTTP and hear the answer: requests written whole to connections that stay open, answers read by
 * their status and length alone. It shares the cores with the server that it measures, and Node's own client costs several
 * times as much a request, which the server would then lack.
 */
import { connect, type Socket } from 'node:net';

const HEADER_END = Buffer.from('\r\n\r\n');

/**
 * The status of an answer, and the bytes of its header and its body; undefined while the header is not whole.
 * @throws RangeError for an answer in chunks
 */
function shapeOf(bytes: Buffer): { readonly status: number; readonly length: number } | undefined {
  const end = bytes.indexOf(HEADER_END);
  if (end < 0) return undefined;
  const header = bytes.toString('latin1', 0, end);
  const body = Number(/\r\ncontent-length: *(\d+)/i.exec(header)?.[1]);
  if (Number.isNaN(body))
    throw new RangeError(`Expected an answer that tells its length but received: ${header}`);
  return { status: Number(header.slice(9, 12)), length: end + HEADER_END.length + body };
}

/** One connection: one request at a time. */
class Line {
  readonly #socket: Socket;
  #answered: ((status: number) => void) | undefined;
  /** Of the answer under way, what has come and what is known of it. */
  #header: Buffer = Buffer.alloc(0);
  #status = 0;
  #missing = 0;
  isOpen = true;

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.once('error', () => {});
    this.#socket.once('close', () => {
      this.isOpen = false;
      this.#end(0);
    });
  }

  /** @returns the status; 0 where the connection ended first */
  ask(request: string): Promise<number> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    if (this.#missing > 0) this.#missing -= bytes.length;
    else {
      this.#header = this.#header.length === 0 ? bytes : Buffer.concat([this.#header, bytes]);
      const shape = shapeOf(this.#header);
      if (shape === undefined) return;
      this.#status = shape.status;
      this.#missing = shape.length - this.#header.length;
      this.#header = Buffer.alloc(0);
    }
    if (this.#missing <= 0) this.#end(this.#status);
  }

  #end(status: number): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status);
  }
}

/** Posts JSON to one path of a server, on as many connections as it needs, up to a bound. */
export class HttpCaller implements Disposable {
  readonly #host: string;
  readonly #port: number;
  readonly #head: string;
  readonly #most: number;
  readonly #idle: Line[] = [];
  #lines = 0;

  /** @param most connections */
  constructor(url: string, path: string, most: number) {
    const { hostname, port, host } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
    this.#most = most;
    this.#head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: `;
  }

  /** @returns the status; 0 where there is no answer, or no connection to ask on */
  async post(body: string): Promise<number> {
    const line = this.#line();
    if (line === undefined) return 0;
    const status = await line.ask(`${this.#head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    if (line.isOpen) this.#idle.push(line);
    else this.#lines--;
    return status;
  }

  [Symbol.dispose](): void {
    for (const line of this.#idle) line.close();
  }

  #line(): Line | undefined {
    for (let line = this.#idle.pop(); line !== undefined; line = this.#idle.pop()) {
      if (line.isOpen) return line;
      this.#lines--;
    }
    if (this.#lines >= this.#most) return undefined;
    this.#lines++;
    return new Line(this.#host, this.#port);
  }
}

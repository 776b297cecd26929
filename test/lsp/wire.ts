/** JSON-RPC over two streams, for tests and the bench: it counts answers, and it is not the library the server uses. */
import type { Readable, Writable } from "node:stream";

interface RpcError {
  readonly code: number;
  readonly message: string;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: RpcError;
}

interface Answered {
  readonly result?: unknown;
  readonly error?: RpcError;
}

interface Sent {
  readonly id: number;
  readonly answer: Promise<Answered>;
}

export interface Wire {
  send(method: string, params?: unknown): Sent;
  notify(method: string, params?: unknown): void;
  /** How the client answers a request of the server. Without one it answers null. */
  handle(method: string, answer: (params: unknown) => unknown): void;
  /** Notifications and requests of the server so far. */
  received(method: string): readonly unknown[];
  /** Waits until the server has sent `count` messages of this method. */
  until(method: string, count?: number): Promise<readonly unknown[]>;
  /** How many answers came for a request. */
  answers(id: number): number;
}

const PATIENCE_MS = 10_000;

/** `patience`: milliseconds to wait for any answer. */
export function openWire(input: Readable, output: Writable, patience = PATIENCE_MS): Wire {
  let nextId = 1;
  let buffer = Buffer.alloc(0);
  const waiting = new Map<number | string, (message: Message) => void>();
  const counted = new Map<number | string, number>();
  const handlers = new Map<string, (params: unknown) => unknown>();
  const log: Message[] = [];
  const listeners = new Set<() => void>();

  const write = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    output.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  output.on("error", () => {}); // a server that has ended reads no answers

  const receive = async (message: Message): Promise<void> => {
    if (message.method === undefined) {
      if (message.id === undefined) return;
      counted.set(message.id, (counted.get(message.id) ?? 0) + 1);
      waiting.get(message.id)?.(message);
      return;
    }
    log.push(message);
    for (const listener of listeners) listener();
    if (message.id === undefined) return;
    try {
      write({ id: message.id, result: (await handlers.get(message.method)?.(message.params)) ?? null });
    } catch (error) {
      write({ id: message.id, error: { code: -32603, message: String(error) } });
    }
  };

  input.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      if (head === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())?.[1]);
      if (buffer.length < head + 4 + length) return;
      const body = buffer.subarray(head + 4, head + 4 + length).toString();
      buffer = buffer.subarray(head + 4 + length);
      void receive(JSON.parse(body) as Message);
    }
  });

  const received = (method: string): readonly unknown[] =>
    log.filter((message) => message.method === method).map(({ params }) => params);

  return {
    send(method, params) {
      const id = nextId++;
      const answer = patiently<Answered>(`an answer to ${method}`, patience, (done) => {
        waiting.set(id, ({ result, error }) => done({ result, ...(error && { error }) }));
      });
      write({ id, method, params });
      return { id, answer };
    },
    notify: (method, params) => write({ method, params }),
    handle: (method, answer) => void handlers.set(method, answer),
    received,
    until: (method, count = 1) =>
      patiently<readonly unknown[]>(`${count} × ${method}`, patience, (done) => {
        const look = (): void => {
          if (received(method).length < count) return;
          listeners.delete(look);
          done(received(method));
        };
        listeners.add(look);
        look();
      }),
    answers: (id) => counted.get(id) ?? 0,
  };
}

function patiently<T>(what: string, patience: number, wait: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not send ${what}`)), patience);
    wait((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

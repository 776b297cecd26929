/** Starts the server as a child this process talks to, over pipes or over Node's own channel. Ends with the test. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { TestContext } from "node:test";
import { launch, launchWithChannel } from "../../scripts/process.ts";
import { openWire, type Wire } from "./wire.ts";

export interface Child {
  readonly wire: Wire;
  readonly exited: Promise<number>;
  readonly stderr: () => string;
  /** Goes away as a client that crashed does: closes what the server reads, or what it writes. */
  readonly hangUp: (end: "input" | "output") => void;
}

export function startOverPipes(t: TestContext, args: readonly string[]): Child {
  const child = launch(process.execPath, args);
  return {
    ...watched(t, child),
    wire: openWire(child.stdout, child.stdin),
    hangUp: (end) => (end === "input" ? child.stdin.end() : child.stdout.destroy()),
  };
}

/** The messages of Node's channel are objects; the wire writes them as bytes, so they are framed on the way. */
export function startOverChannel(t: TestContext, module: string, args: readonly string[]): Child {
  const child = launchWithChannel(module, args);
  child.stdout?.resume();
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  let rest = Buffer.alloc(0);
  toServer.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let head = rest.indexOf("\r\n\r\n"); head !== -1; head = rest.indexOf("\r\n\r\n")) {
      const end = head + 4 + Number(/\d+/.exec(rest.subarray(0, head).toString())?.[0]);
      if (rest.length < end) return;
      child.send(JSON.parse(rest.subarray(head + 4, end).toString()));
      rest = rest.subarray(end);
    }
  });
  child.on("message", (message) => {
    const body = JSON.stringify(message);
    toClient.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  return { ...watched(t, child), wire: openWire(toClient, toServer), hangUp: () => child.disconnect() };
}

function watched(t: TestContext, child: ReturnType<typeof launchWithChannel>): Pick<Child, "exited" | "stderr"> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  // Not `close`: it never comes after the channel was disconnected from this side.
  const exited = once(child, "exit").then(([code]) => Number(code ?? -1));
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return { exited, stderr: () => stderr };
}

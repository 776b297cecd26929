/** The command of a HEALTHCHECK: with what the image that runs has, and for a path that is known to answer, or only for the port. */
import { COMMANDS } from "../assists/add-healthcheck.ts";
import type { Prober } from "../model/dockerfile/bases.ts";
import type { Notes } from "./notes.ts";

/** That something listens there, whatever it would answer. */
const LISTENING: Readonly<Record<Prober, (port: number) => readonly string[]>> = {
  node: (port) => [
    "node",
    "-e",
    `require('net').connect(${port},'127.0.0.1').on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))`,
  ],
  bun: (port) => [
    "bun",
    "-e",
    `await Bun.connect({hostname:'127.0.0.1',port:${port},socket:{data(){}}});process.exit(0)`,
  ],
  python: (port) => ["python", "-c", `import socket;socket.create_connection(('127.0.0.1',${port}),3)`],
  ruby: (port) => ["ruby", "-rsocket", "-e", `TCPSocket.new('127.0.0.1',${port})`],
  php: (port) => ["php", "-r", `exit(@fsockopen('127.0.0.1',${port})?0:1);`],
  curl: (port) => ["curl", "-sS", "-o", "/dev/null", `http://127.0.0.1:${port}/`],
  wget: (port) => ["nc", "-z", "127.0.0.1", String(port)],
  bash: (port) => ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`],
};

/**
 * The command that asks for health, with what the image that runs has. Where no path is known to answer, it asks only whether
 * anything listens: a wrong path would make a good container unhealthy.
 */
export function chooseProbe(
  notes: Notes,
  port: number | undefined,
  prober: Prober,
  known: { readonly path: string; readonly by: string } | undefined,
): readonly string[] | undefined {
  if (port === undefined) {
    notes.note("healthcheck", "No HEALTHCHECK", "the program listens on no port that could be asked", false);
    return undefined;
  }
  const paths = [...(known ? [known.path] : []), "/", "/health"].filter((path, at, all) => all.indexOf(path) === at);
  const asked = paths.map((path) => ({ id: path, label: `GET ${path}`, what: `Health is asked for with GET ${path}` }));
  const connection = {
    id: "connection",
    label: "only whether the port is open",
    what: "Health is whether the port is open",
  };
  const chosen = known
    ? notes.choose("health-path", `${known.by} answers there`, false, [...asked, connection])
    : notes.choose("health-path", "no path is known that certainly answers", true, [connection, ...asked]);
  return chosen === "connection" ? LISTENING[prober](port) : COMMANDS[prober](`${port}${chosen}`);
}

/** Which TCP ports a container's processes listen on, where it runs on this Linux machine in a network of its own. */
import { readFile } from "node:fs/promises";
import type { State } from "./engines.ts";

const LISTENS = "0A";
const MOST = 10;

/** Undefined where nobody can say: another machine, a virtual one, no Linux. */
export async function listeningPorts({ pid, id }: State): Promise<readonly number[] | undefined> {
  if (!pid || id === undefined) return undefined;
  try {
    // In a virtual machine processes have other numbers; here a container's group has its id in its name.
    if (!(await readFile(`/proc/${pid}/cgroup`, "utf8")).includes(id)) return undefined;
    const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "latin1")));
    return [...new Set(tables.flatMap(portsIn))].slice(0, MOST);
  } catch {
    return undefined;
  }
}

/** `  0: 00000000:1F90 00000000:0000 0A …`; addresses are the first 8 or 32 digits, those of 127.0.0.1 and ::1 are out of reach. */
function portsIn(table: string): readonly number[] {
  return table.split("\n").flatMap((line) => {
    const [, address = "", port = "", state] = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    const reachable = !/^(?:[0-9A-F]{6}7F|0{24}01000000)$/.test(address);
    return state === LISTENS && reachable ? [Number.parseInt(port, 16)] : [];
  });
}

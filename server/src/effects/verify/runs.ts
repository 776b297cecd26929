/**
 * What a builder without a daemon has started for RUN, on Linux: it is in a session of its own, and would go on when the builder is
 * told to end. When it is killed instead, the build fails, and the builder removes what it has made.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Kills what runs inside the containers of the builder that this process started with that word among its arguments. */
export function endRunsOf(word: string): void {
  const children = Map.groupBy(processes(), ({ parent }) => parent);
  const builders = (children.get(process.pid) ?? []).filter(({ pid }) => argumentsOf(pid).includes(word));
  const own = namespaceOf("self");
  for (let wave = builders; wave.length > 0; wave = wave.flatMap(({ pid }) => children.get(pid) ?? []))
    for (const { pid } of wave)
      if (namespaceOf(pid) !== own)
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // it has ended, or is another person's
        }
}

function processes(): readonly { readonly pid: number; readonly parent: number }[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? parentOf(Number(name)) : []));
  } catch {
    return []; // no Linux: builders run in a virtual machine there, which ends them
  }
}

/** `pid (name) state ppid …`; the name may hold blanks and parentheses. */
function parentOf(pid: number): readonly { readonly pid: number; readonly parent: number }[] {
  const stat = textOf(pid, "stat");
  const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  return Number.isNaN(parent) ? [] : [{ pid, parent }];
}

const argumentsOf = (pid: number): readonly string[] => textOf(pid, "cmdline").split("\0");

function textOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return ""; // it has ended
  }
}

/** Of a process that has ended it is our own. */
function namespaceOf(pid: number | "self"): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return pid === "self" ? "" : namespaceOf("self");
  }
}

/**
 * Who descends from a process, on Linux: a builder puts what RUN starts into a session of its own, where no signal to the group
 * reaches it, and may die before it has ended it. Elsewhere builders run in a virtual machine, which does that itself.
 */
import { readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Tells it from a later process with the same id. */
  readonly started: string;
}

/** Nobody where there is no /proc. */
export function descendantsOf(pid: number): readonly Process[] {
  const children = Map.groupBy(processes(), ({ parent }) => parent);
  const found: Process[] = [];
  for (let wave = children.get(pid) ?? []; wave.length > 0; wave = wave.flatMap((each) => children.get(each.pid) ?? []))
    found.push(...wave);
  return found;
}

/** Kills those that are still the same. */
export function killAll(list: readonly Process[]): void {
  for (const { pid, started } of list)
    if (processOf(String(pid))?.started === started)
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // it has ended, or is another person's
      }
}

function processes(): readonly Process[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (processOf(name) ?? []) : []));
  } catch {
    return [];
  }
}

/** `pid (name) state ppid …`; the name may hold blanks and parentheses. The 22nd field is when it was started. */
function processOf(pid: string): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), parent: Number(fields[1]), started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

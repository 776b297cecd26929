/** What all readers of build output share: whole lines out of pieces, and the report that grows while they are read. */
import type { BuildEvent, BuildReport, BuildWarning, Step } from "./events.ts";

/** Longer lines are cut: no engine says anything of use behind this. */
const MAX_LINE = 4 * 1024 * 1024;
const KEPT_LINES = 50;
const KEPT_TEXT = 64 * 1024;

interface Lines {
  /** The lines that have ended. */
  readonly push: (text: string) => readonly string[];
  /** What is left at the end. */
  readonly rest: () => readonly string[];
}

export function splitLines(): Lines {
  let open = "";
  return {
    push(text) {
      const lines = (open + text).split("\n");
      open = (lines.pop() ?? "").slice(0, MAX_LINE);
      return lines.map((line) => line.replace(/\r$/, ""));
    },
    rest() {
      const last = open;
      open = "";
      return last === "" ? [] : [last];
    },
  };
}

interface Collector {
  readonly step: (step: Step) => BuildEvent;
  readonly known: (id: string) => Step | undefined;
  readonly log: (id: string, text: string) => BuildEvent;
  readonly warn: (warning: BuildWarning) => BuildEvent;
  readonly text: (line: string) => BuildEvent;
  readonly image: (name: string) => void;
  readonly report: () => BuildReport;
}

export function collector(): Collector {
  const steps = new Map<string, Step>();
  const warnings: BuildWarning[] = [];
  const logs = new Map<string, string[]>();
  /** Of each step, what has not ended in a line break yet. */
  const open = new Map<string, string>();
  let image: string | undefined;
  let rest = "";
  return {
    step(step) {
      steps.set(step.id, step);
      return { kind: "step", step };
    },
    known: (id) => steps.get(id),
    log(id, text) {
      const lines = ((open.get(id) ?? "") + text).split(/\r?\n/);
      open.set(id, (lines.pop() ?? "").slice(-KEPT_TEXT));
      logs.set(id, [...(logs.get(id) ?? []), ...lines.slice(-KEPT_LINES)].slice(-KEPT_LINES));
      return { kind: "log", step: id, text };
    },
    warn(warning) {
      warnings.push(warning);
      return { kind: "warning", warning };
    },
    text(line) {
      rest = `${rest}${line}\n`.slice(-KEPT_TEXT);
      return { kind: "text", text: line };
    },
    image(name) {
      image = name;
    },
    report() {
      const ended = new Map(
        [...logs].map(([id, lines]) => [id, [...lines, open.get(id) ?? ""].filter((each) => each !== "")]),
      );
      return { steps: [...steps.values()], warnings, text: rest, logs: ended, ...(image !== undefined && { image }) };
    },
  };
}

/** A build for people to read in a terminal, in its colours: each step as it begins and ends, and what it prints behind its name. */
import type { BuildEvent, Step } from "./events.ts";
import { timeOf } from "./summary.ts";

const ESCAPE = String.fromCharCode(27);
const colour =
  (code: number) =>
  (text: string): string =>
    `${ESCAPE}[${code}m${text}${ESCAPE}[0m`;
export const paint = {
  bold: colour(1),
  dim: colour(2),
  red: colour(31),
  green: colour(32),
  yellow: colour(33),
  cyan: colour(36),
} as const;

/** Shown when a transfer passes each of these shares. */
const SHARES = 4;

/** Keeps what has been shown of one build. */
export function terminalText(): (event: BuildEvent) => string {
  const states = new Map<string, Step["state"]>();
  const names = new Map<string, string>();
  const shares = new Map<string, number>();
  let last: string | undefined;

  /** Steps run side by side: output says whose it is when another one spoke last. */
  const heading = (id: string): string => {
    if (last === id) return "";
    last = id;
    return `${paint.cyan(names.get(id) ?? "")}\r\n`;
  };

  const ofStep = ({ id, name, state, ms, error }: Step): string => {
    names.set(id, firstLine(name));
    if (states.get(id) === state || state === "waiting") return "";
    states.set(id, state);
    const time = ms === undefined ? "" : ` ${paint.dim(timeOf(ms))}`;
    if (state === "running") return name.startsWith("[internal]") ? "" : heading(id);
    if (state === "cached") return `${heading(id)}${paint.yellow("  from the cache")}\r\n`;
    if (state === "failed")
      return `${heading(id)}${paint.red(`  ${error === undefined ? "failed" : firstLine(error)}`)}\r\n`;
    return name.startsWith("[internal]") ? "" : `${heading(id)}${paint.green("  done")}${time}\r\n`;
  };

  return (event) => {
    switch (event.kind) {
      case "step":
        return ofStep(event.step);
      case "log":
        return heading(event.step) + forTerminal(event.text);
      case "progress": {
        const share = event.total > 0 ? Math.floor((event.current / event.total) * SHARES) : 0;
        const key = `${event.step} ${event.what}`;
        if (share <= (shares.get(key) ?? 0)) return "";
        shares.set(key, share);
        return `${heading(event.step)}${paint.dim(`  ${event.what} ${(share * 100) / SHARES} %`)}\r\n`;
      }
      case "warning": {
        const { code, message, place } = event.warning;
        const at = place ? `line ${place.line + 1}: ` : "";
        last = undefined;
        return `${paint.yellow("warning")} ${at}${message}${code === undefined ? "" : paint.dim(` (${code})`)}\r\n`;
      }
      case "text":
        last = undefined;
        return event.text === "" ? "" : `${forTerminal(event.text)}\r\n`;
    }
  };
}

const forTerminal = (text: string): string => text.replaceAll(/\r?\n/g, "\r\n");
const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

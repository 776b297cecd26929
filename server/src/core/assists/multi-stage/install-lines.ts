/** Packages of the distribution that the last stage installs: the person's own call without what only builds, or one of our own. */
import { type Purpose, purposeOf } from "../../model/dockerfile/flow/purposes.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type SystemCall, systemCalls } from "../../model/dockerfile/system-packages.ts";
import type { RunPart } from "./run-parts.ts";

export interface RuntimeInstall {
  /** The part's text with fewer packages; undefined when none is left. */
  readonly text: string | undefined;
  /** Left out: they only build. */
  readonly left: readonly string[];
  /** Kept, though nobody knows whether what runs needs them. */
  readonly doubtful: readonly string[];
}

const installsIn = (dockerfile: Dockerfile, run: Instruction, part: RunPart): readonly SystemCall[] =>
  systemCalls(dockerfile, run).filter(
    ({ effect, command }) =>
      effect === "install" && part.span.start <= command.span.start && command.span.end <= part.span.end,
  );

export const isInstallPart = (dockerfile: Dockerfile, run: Instruction, part: RunPart): boolean =>
  installsIn(dockerfile, run, part).length > 0;

const nameOf = (word: string): string => word.replace(/[=<>~@].*$/s, "").replace(/^["']|["']$/g, "");

/**
 * The install without packages that only build, and with `extra` ones behind. `keep` says what a person or a recipe knows better than
 * the names' table.
 */
export function runtimeInstall(
  dockerfile: Dockerfile,
  run: Instruction,
  part: RunPart,
  extra: readonly string[],
  keep: (name: string) => Purpose | undefined,
): RuntimeInstall {
  const { text } = dockerfile;
  const left: string[] = [];
  const doubtful: string[] = [];
  const removed: { start: number; end: number }[] = [];
  let kept = 0;
  let last: number | undefined;
  for (const call of installsIn(dockerfile, run, part))
    for (const word of call.packages) {
      const name = nameOf(word.value);
      const purpose = word.literal ? (keep(name) ?? purposeOf(name)) : "unknown";
      if (purpose === "build") {
        left.push(name);
        removed.push(word.span);
        continue;
      }
      if (purpose === "both" || purpose === "unknown") doubtful.push(name);
      kept++;
      last = word.span.end;
    }
  if (kept === 0 && extra.length === 0) return { text: undefined, left, doubtful };
  const at = last ?? removed.at(-1)?.end ?? part.span.end;
  let out = "";
  let from = part.span.start;
  /** The part's own text, with the new packages behind the last one that stays. */
  const withExtra = (start: number, end: number): string =>
    last !== undefined && extra.length > 0 && start < at && at <= end
      ? `${text.slice(start, at)} ${extra.join(" ")}${text.slice(at, end)}`
      : text.slice(start, end);
  const cuts = [
    ...removed.map(({ start, end }) => ({ start, end, comment: false })),
    ...run.comments.map(({ span }) => ({ ...span, comment: true })),
  ]
    .filter(({ start, end }) => start >= part.span.start && end <= part.span.end)
    .toSorted((a, b) => a.start - b.start);
  for (const cut of cuts) {
    // A comment goes with its line: the packages' first text has it still.
    const start = cut.comment ? text.lastIndexOf("\n", cut.start) + 1 : cut.start;
    const end = cut.comment ? text.indexOf("\n", cut.end) + 1 || cut.end : cut.end;
    if (start < from) continue;
    out += withExtra(from, start);
    // What stood in front of a word goes with it: a blank, or its own line of the list.
    if (!cut.comment) out = out.replace(new RegExp(`(?:\\s|\\${dockerfile.escape}\\r?\\n)+$`), "");
    from = end;
    if (at === cut.end && extra.length > 0) out += ` ${extra.join(" ")}`;
  }
  return { text: out + withExtra(from, part.span.end), left, doubtful };
}

/** A RUN of our own, as the rules want it. */
export function installLine(manager: "apt" | "apk", packages: readonly string[], eol: string, escape: string): string {
  const names = packages.toSorted().join(" ");
  return manager === "apk"
    ? `RUN apk add --no-cache ${names}`
    : `RUN apt-get update && apt-get install -y --no-install-recommends ${names} ${escape}${eol} && rm -rf /var/lib/apt/lists/*`;
}

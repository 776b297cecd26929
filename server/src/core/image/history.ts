/** The `created_by` texts of an image's history, in the forms that builders write, read as the instructions they come from. */
import type { Step } from "./image.ts";

export type Builder = "buildkit" | "classic" | "buildah" | "kaniko" | "unknown";

export interface ReadStep {
  /** Upper case; empty where the text is none of an instruction. */
  readonly keyword: string;
  /** What stands behind the keyword, as the builder wrote it: without the shell of a RUN and without its build arguments. */
  readonly text: string;
  readonly builder: Builder;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  ...[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
  ],
  ...["SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);

/** Those that can put files into a layer. */
const MAKES_FILES: ReadonlySet<string> = new Set(["ADD", "COPY", "RUN", "WORKDIR"]);

/** The shells that builders put before a command: `/bin/sh -c`, `/bin/bash -o pipefail -c`, `cmd /S /C`, `powershell -Command`. */
const SHELL =
  /^(?:\S*\/(?:ba|da|a|k|z)?sh(?: -(?!\w*c )\w+(?: pipefail)?)* -\w*c |cmd(?:\.exe)? \/S \/C |(?:powershell|pwsh)(?:\.exe)? (?:-\w+ )*)/i;
const NOP = /#\(nop\)\s+([A-Za-z]+)\s*([\s\S]*)$/;
const BUILDKIT_END = / # buildkit$/;

export function readStep({ createdBy, comment }: Pick<Step, "createdBy" | "comment">): ReadStep {
  const written = createdBy.trim();
  const nop = SHELL.test(written) || written.startsWith("#(nop)") ? NOP.exec(written) : null;
  const other = comment?.startsWith("FROM ") ? "buildah" : "classic";
  if (nop) return { keyword: (nop[1] ?? "").toUpperCase(), text: (nop[2] ?? "").trim(), builder: other };

  const ofBuildkit = BUILDKIT_END.test(written) || comment?.startsWith("buildkit.") === true;
  const plain = written.replace(BUILDKIT_END, "");
  const [, keyword = "", rest = ""] = /^([A-Z]+)(?:\s+([\s\S]*))?$/.exec(plain) ?? [];
  if (KEYWORDS.has(keyword)) {
    const builder = ofBuildkit ? "buildkit" : "kaniko";
    return { keyword, text: keyword === "RUN" ? commandOf(rest) : rest.trim(), builder };
  }
  const isRun = ofBuildkit || plain.startsWith("|") || plain.startsWith("/") || SHELL.test(plain);
  if (!isRun) return { keyword: "", text: plain, builder: "unknown" };
  return { keyword: "RUN", text: commandOf(plain), builder: ofBuildkit ? "buildkit" : other };
}

/** `|2 A=1 B=two words /bin/sh -c make` is `make`: how many build arguments there are, the arguments, the shell, the command. */
function commandOf(text: string): string {
  const count = /^\|(\d+) /.exec(text);
  if (!count) return text.replace(SHELL, "").trim();
  let rest = text.slice(count[0].length);
  const shell = / (?=(?:\S*\/(?:ba|da|a|k|z)?sh |cmd(?:\.exe)? \/S |(?:powershell|pwsh)))/.exec(rest);
  if (shell) rest = rest.slice(shell.index + 1);
  else for (let left = Number(count[1]); left > 0 && /^\w+=\S*\s/.test(rest); left--) rest = rest.replace(/^\S+\s/, "");
  return rest.replace(SHELL, "").trim();
}

/**
 * Which steps made each layer, as indices of the history: usually one. `buildah` without `--layers` makes one layer of all steps and ends
 * it at the last, whatever that is. Empty where the history does not say.
 */
export function stepsOfLayers(history: readonly Step[], layers: readonly unknown[]): readonly (readonly number[])[] {
  const closing = history.flatMap((step, index) => (step.empty ? [] : [index]));
  if (closing.length !== layers.length) return layers.map(() => []);
  return closing.map((index, at) => {
    const first = (closing[at - 1] ?? -1) + 1;
    const before = history.slice(first, index + 1).map((step, offset) => ({ at: first + offset, ...readStep(step) }));
    const makers = before.filter(({ keyword }) => MAKES_FILES.has(keyword));
    const last = before.at(-1);
    // COPY and ADD always make a layer, so one that is said to be empty has its files in this one.
    const joined =
      makers.some((step) => step.at !== index && (step.keyword === "COPY" || step.keyword === "ADD")) ||
      (last !== undefined && !MAKES_FILES.has(last.keyword) && makers.length > 0);
    return joined ? makers.map((step) => step.at) : [index];
  });
}

/** A step as an engine's `history` shows it: with a size, without saying whether it made a layer. */
export interface SizedStep extends Pick<Step, "createdBy" | "comment" | "empty"> {
  readonly bytes: number;
}

/** Steps without bytes that may have made a layer all the same, the likelier ones first. */
const LIKELY: readonly ReadonlySet<string>[] = [
  new Set(["COPY", "ADD"]),
  new Set(["RUN"]),
  new Set(["WORKDIR"]),
  KEYWORDS,
];

/**
 * Which steps made the image's layers, when it is only known how many there are. What has bytes made one; what has none may have made
 * one that removes something, or holds folders. A wrong guess mixes up layers without bytes only.
 */
export function layersAmong(steps: readonly SizedStep[], layers: number): readonly boolean[] {
  const made = steps.map(({ bytes }) => bytes > 0);
  let missing = layers - made.filter(Boolean).length;
  for (const keywords of LIKELY)
    for (const [at, step] of steps.entries())
      if (missing > 0 && made[at] !== true && !step.empty && keywords.has(readStep(step).keyword)) {
        made[at] = true;
        missing--;
      }
  return made;
}

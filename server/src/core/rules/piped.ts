/** Downloads that a shell or another interpreter runs as they come. */
import { type Download, downloadsOf } from "../model/dockerfile/downloads.ts";
import { perDocument } from "../model/dockerfile/memo.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { programsWithin } from "../model/dockerfile/programs.ts";
import { scriptsOf, type ShellCommand, type ShellPipeline, type ShellScript } from "../model/dockerfile/shell.ts";
import { contains, type Span } from "../text/edit.ts";
import { allNamed } from "../model/dockerfile/named.ts";

/** The downloads that are run without being kept, each with what runs it. */
export const pipedDownloads = perDocument((dockerfile): ReadonlyMap<Download, string> => {
  const found = new Map<Download, string>();
  for (const download of downloadsOf(dockerfile)) {
    const interpreter = pipedInto(dockerfile, download) ?? substitutedInto(dockerfile, download);
    if (interpreter !== undefined) found.set(download, interpreter);
  }
  return found;
});

/** `curl … | sh`, with anything between. */
function pipedInto(dockerfile: Dockerfile, download: Download): string | undefined {
  if (download.file !== undefined) return undefined;
  for (const script of scriptsOf(dockerfile, download.instruction)) {
    const pipe = pipeOf(script, download.command.span);
    const behind = pipe && partsBehind(pipe, download.command.span);
    const runner =
      behind &&
      script.commands.find((command) => behind.some((part) => contains(part, command.span)) && readsScript(command));
    if (runner) return runner.name;
  }
  return undefined;
}

/** The innermost pipe that a command stands in. */
export const pipeOf = ({ pipelines }: ShellScript, command: Span): ShellPipeline | undefined =>
  pipelines
    .filter(({ span }) => contains(span, command))
    .reduce<ShellPipeline | undefined>(
      (inner, pipe) => (inner && contains(pipe.span, inner.span) ? inner : pipe),
      undefined,
    );

/** What the command's output goes through. */
export function partsBehind({ parts }: ShellPipeline, command: Span): readonly Span[] {
  const own = parts.findIndex((part) => contains(part, command));
  return own === -1 ? [] : parts.slice(own + 1);
}

const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "fish", "busybox"]);

/** It runs what its standard input says: a shell without a script of its own, Python without `-c`. */
function readsScript({ name, args }: ShellCommand): boolean {
  if (name === undefined) return false;
  const values = args.map(({ value }) => value);
  if (SHELLS.has(name)) {
    if (name === "busybox") return values[0] === "sh" && values.length === 1;
    if (values.some((value) => /^-[a-z]*c$/.test(value))) return false;
    const at = values.findIndex((value, index) => !/^[-+]/.test(value) && !/^[-+]o$/.test(values[index - 1] ?? ""));
    return (
      at === -1 ||
      values.slice(0, at).some((value) => /^-[a-z]*s[a-z]*$|^-$|^--$/.test(value)) ||
      values[at] === "/dev/stdin"
    );
  }
  if (!/^(?:python[\d.]*|perl|ruby|node|php)$/.test(name)) return false;
  for (const value of values) {
    if (value === "-" || value === "--" || value === "/dev/stdin") return true;
    // `-c`, `-m`, `-e`, `-n`, `-p`, `-r`, `-f` and long options such as `--eval` bring a script of their own.
    if (!/^-[A-Za-z]+$/.test(value) || /[cmenprfE]/.test(value)) return false;
  }
  return true;
}

/** `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <(curl …)`, `. <(curl …)` */
function substitutedInto(dockerfile: Dockerfile, { command, instruction, file }: Download): string | undefined {
  if (file !== undefined) return undefined;
  const index = allNamed(dockerfile, "RUN").find(
    ({ index: at, triggered }) => at === instruction.index && triggered === instruction.triggered,
  );
  const outer = programsWithin(dockerfile, index ?? instruction).find(({ command: each }) =>
    isRunner(dockerfile, each, command.span),
  );
  return outer?.command.name;
}

function isRunner({ text }: Dockerfile, { name, args }: ShellCommand, inside: Span): boolean {
  const word = args.find(({ span }) => contains(span, inside) && span.start < inside.start);
  if (!word || name === undefined) return false;
  const before = text.slice(word.span.start, inside.start);
  if (name === "eval") return /^["']?(?:\$\(|`)\s*$/.test(before);
  if (name === "." || name === "source") return /^<\(\s*$/.test(before) || before.startsWith("/dev/stdin");
  if (!SHELLS.has(name)) return false;
  if (/^<\(\s*$/.test(before)) return args.indexOf(word) === args.findIndex(({ value }) => !value.startsWith("-"));
  const option = args[args.indexOf(word) - 1]?.value ?? "";
  return /^-[a-z]*c$/.test(option) && /^["']?(?:\$\(|`)\s*$/.test(before);
}

/**
 * The scripts of a Dockerfile as ShellCheck is given them: the text the shell gets, with a head that exports the variables the
 * build sets; and the way back from an offset in it to the source.
 */
import { familyUnder } from "../../model/dockerfile/facts.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Heredoc, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { scriptsOf, type ShellScript } from "../../model/dockerfile/shell.ts";
import { optionsAtStart } from "../../model/dockerfile/shell-options.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";
import { editDistance } from "../../text/nearest.ts";
import { readScript, type ScriptRead } from "./read-scripts.ts";

/** What ShellCheck calls the shells it knows. */
export type Dialect = "sh" | "bash" | "dash" | "busybox" | "ksh";

export interface CheckedScript {
  readonly instruction: Instruction;
  readonly dialect: Dialect;
  readonly text: string;
  /** ShellCheck has nothing to say about it. */
  readonly silent: boolean;
  /** Where a range of it stands in the source; undefined for the head, which does not. */
  span(start: number, end: number): Span | undefined;
}

/** A stretch of the script that stands in the source, with offsets of its own. */
interface Segment {
  readonly start: number;
  readonly text: string;
  span(start: number, end: number): Span;
}

/** The scripts of an instruction in a shell that ShellCheck knows. */
export const checkedScripts = (dockerfile: Dockerfile, instruction: Instruction): readonly CheckedScript[] =>
  scriptsOf(dockerfile, instruction).flatMap((script) => {
    const dialect = dialectOf(dockerfile, script);
    if (dialect === undefined) return [];
    const segments = script.heredoc
      ? linesFrom(dockerfile, script.heredoc.body, script.heredoc.chomp, 0)
      : headSegments(dockerfile, script);
    return [withExports(dockerfile, script, dialect, segments)];
  });

const DIALECTS: Readonly<Record<string, Dialect>> = {
  bash: "bash",
  dash: "dash",
  ash: "busybox",
  ksh: "ksh",
  mksh: "ksh",
};
/** What `/bin/sh` is. */
const SH_OF: Readonly<Record<string, Dialect>> = {
  debian: "dash",
  alpine: "busybox",
  redhat: "bash",
  "minimal-rpm": "bash",
  suse: "bash",
};

function dialectOf(dockerfile: Dockerfile, { shell, instruction }: ShellScript): Dialect | undefined {
  if (shell !== "sh") return DIALECTS[shell];
  const stage = dockerfile.stages[instruction.stage];
  const family = stage && familyUnder(dockerfile, stage);
  return (family && SH_OF[family]) ?? "sh";
}

/** The instruction's own line, and below it the heredocs its commands read. */
function headSegments(dockerfile: Dockerfile, { instruction, text }: ShellScript): readonly Segment[] {
  const { body, head, span, heredocs } = instruction;
  const skipped = instruction.name === "HEALTHCHECK" ? body.text.length - text.length : 0;
  const own: Segment = {
    start: 0,
    text: body.text.slice(skipped),
    span: (from, to) => body.span(from + skipped, to + skipped),
  };
  if (heredocs.length === 0) return [own];
  const below = dockerfile.text.indexOf("\n", head.end) + 1;
  if (below === 0) return [own];
  return [own, ...linesFrom(dockerfile, { start: below, end: span.end }, false, own.text.length + 1)];
}

/** The lines of a stretch of the source, without the carriage returns and, where `chomp`, the tabs they begin with. */
function linesFrom(dockerfile: Dockerfile, { start, end }: Span, chomp: Heredoc["chomp"], at: number): Segment[] {
  const segments: Segment[] = [];
  let scriptAt = at;
  let sourceAt = start;
  for (const line of dockerfile.text.slice(start, end).split("\n")) {
    const tabs = chomp ? (/^\t*/.exec(line)?.[0].length ?? 0) : 0;
    const text = line.slice(tabs).replace(/\r$/, "");
    const from = sourceAt + tabs;
    segments.push({ start: scriptAt, text, span: (s, e) => ({ start: from + s, end: from + e }) });
    scriptAt += text.length + 1;
    sourceAt += line.length + 1;
  }
  return segments;
}

function withExports(
  dockerfile: Dockerfile,
  script: ShellScript,
  dialect: Dialect,
  segments: readonly Segment[],
): CheckedScript {
  const read = readScript(
    segments.length === 1 ? (segments[0]?.text ?? "") : segments.map(({ text }) => text).join("\n"),
  );
  const exported = exportedTo(dockerfile, script.instruction, read);
  const { text: body, dropped, silent } = read.slimmed([...exported.keys()]);
  const names = body.includes("$") ? [...exported].filter(([, word]) => body.includes(word)).map(([name]) => name) : [];
  const head = [
    ...(optionsAtStart(dockerfile, script).has("e") ? ["set -e\n"] : []),
    ...(names.length > 0 ? [`export ${names.map((name) => `${name}=1`).join(" ")}\n`] : []),
  ].join("");
  // Behind the `#!` line and ShellCheck's own directives, which are about the whole script only above its first command.
  const at = /^(?:[ \t]*(?:#[^\n]*)?\n)*/.exec(body)?.[0].length ?? 0;
  const inBody = (offset: number): number => (offset < at ? offset : offset - head.length);
  const inWhole = (offset: number): number => {
    let found = offset;
    for (const { start, end } of dropped) {
      if (start > found) break;
      found += end - start;
    }
    return found;
  };
  return {
    instruction: script.instruction,
    dialect,
    text: body.slice(0, at) + head + body.slice(at),
    silent,
    span(start, end) {
      if (start >= at && start < at + head.length) return undefined;
      const from = inWhole(inBody(start));
      return spanIn(segments, from, end > start ? inWhole(inBody(end - 1)) + 1 : from);
    },
  };
}

/** From the first character to behind the last one; one place where they are the same. */
function spanIn(segments: readonly Segment[], start: number, end: number): Span | undefined {
  const at = (offset: number): Segment | undefined =>
    segments.findLast((segment) => segment.start <= offset) ?? segments[0];
  const first = at(start);
  if (!first) return undefined;
  const clamped = (segment: Segment, offset: number): number =>
    Math.max(0, Math.min(offset - segment.start, segment.text.length));
  const from = clamped(first, start);
  if (end <= start) return first.span(from, from);
  const last = at(end - 1) ?? first;
  if (last === first) return first.span(from, Math.max(from, clamped(first, end)));
  const to = clamped(last, end);
  return { start: first.span(from, from).start, end: last.span(Math.max(0, to - 1), to).end };
}

/**
 * The names among the script's words that the build sets before it; in what runs later, those of ENV alone. Also those that differ by
 * one letter from a variable that nothing sets: ShellCheck asks then whether that one was meant. Each with the word it is there for.
 */
function exportedTo(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { words, references }: ScriptRead,
): ReadonlyMap<string, string> {
  if (words.length === 0) return NONE;
  const set = namesAt(dockerfile).get(dockerfile.instructions[instruction.index] ?? instruction) ?? NOTHING;
  const sets = instruction.triggered
    ? [set.env, set.triggers, PREDEFINED_ARGS]
    : instruction.name === "RUN"
      ? [set.env, set.arg, PREDEFINED_ARGS]
      : [set.env, PREDEFINED_ARGS];
  const known = (name: string): boolean => sets.some((names) => names.has(name));
  const found = new Map<string, string>();
  for (const word of words) if (known(word)) found.set(word, word);
  for (const name of references) {
    if (known(name)) continue;
    for (const names of sets)
      for (const other of names)
        if (mayBeNear(name, other) && !found.has(other) && editDistance(name, other) === 1) found.set(other, name);
  }
  return found.size < 2 ? found : new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One letter more, less or another leaves the first or the last as it is. */
const mayBeNear = (a: string, b: string): boolean =>
  Math.abs(a.length - b.length) <= 1 && (a[0] === b[0] || a.at(-1) === b.at(-1));

const NONE: ReadonlyMap<string, string> = new Map();

interface Names {
  readonly env: ReadonlySet<string>;
  readonly arg: ReadonlySet<string>;
  /** Of both, below ONBUILD: for the triggers behind them. */
  readonly triggers: ReadonlySet<string>;
}

const NOTHING: Names = { env: new Set(), arg: new Set(), triggers: new Set() };

/** What ENV and ARG have named before each instruction, in its stage and those it is built on. */
const namesAt = perDocument((dockerfile): ReadonlyMap<Instruction, Names> => {
  const found = new Map<Instruction, Names>();
  const ends: Names[] = [];
  const read = (instructions: readonly Instruction[], start: Names): Names =>
    instructions.reduce((names, instruction) => {
      found.set(instruction, names);
      return withNamesOf(dockerfile, instruction, names);
    }, start);
  const below = ({ base }: Stage): Names => (base.kind === "stage" ? ends[base.stage] : undefined) ?? NOTHING;
  for (const stage of dockerfile.stages) ends.push(read(stage.instructions, below(stage)));
  if (dockerfile.stages.length === 0) read(dockerfile.instructions, NOTHING);
  return found;
});

function withNamesOf({ escape }: Dockerfile, instruction: Instruction, names: Names): Names {
  const { name, pairs } = instruction.trigger ?? instruction;
  if (name !== "ENV" && name !== "ARG") return names;
  const added = pairs.map(({ key }) => unquote(key.text, escape)).filter((each) => /^[A-Za-z_]\w*$/.test(each));
  const where = instruction.trigger ? "triggers" : name === "ENV" ? "env" : "arg";
  return { ...names, [where]: new Set([...names[where], ...added]) };
}

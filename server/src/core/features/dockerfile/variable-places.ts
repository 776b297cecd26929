/**
 * Every place of every variable: where ARG and ENV declare it, and where BuildKit or a shell puts its value in. Each use knows the
 * declaration that holds there; declarations that only have one name together are one variable.
 */
import { allReferences } from "../../model/dockerfile/environment.ts";
import type { Dockerfile, Heredoc, Instruction, Logical, Word } from "../../model/dockerfile/model.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import { scriptsOf } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { type ShellToken, shellTokens } from "../../model/dockerfile/shell-tokens.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";

export interface Declaration {
  readonly name: string;
  readonly keyword: "ARG" | "ENV";
  readonly instruction: Instruction;
  readonly span: Span;
  /** As written; undefined where there is none. */
  readonly value: string | undefined;
}

export interface VariablePlace {
  readonly name: string;
  /** Of the name alone. */
  readonly span: Span;
  /** `write`: a shell sets it there, on a way that may not be taken. */
  readonly role: "declaration" | "use" | "write";
  /** What it stands for there; undefined when nothing in this file declares it. Of a declaration: what it declares again, or itself. */
  readonly declaration: Declaration | undefined;
  readonly instruction: Instruction;
  /** The variable it belongs to: the same for all places of one. */
  readonly variable: Variable;
  /** The source has the name as it is, in one piece. */
  readonly exact: boolean;
}

export interface Variable {
  readonly name: string;
  /** None for a variable of the base image, or one that nothing sets. */
  readonly declarations: readonly Declaration[];
  readonly places: readonly VariablePlace[];
}

/** In the order of the file. */
export const variablePlaces = perDocument((dockerfile): readonly VariablePlace[] => {
  if (!/\b(?:arg|env)\b|[$%]/i.test(dockerfile.text)) return [];
  return collect(dockerfile);
});

interface Found {
  readonly name: string;
  readonly span: Span;
  readonly role: VariablePlace["role"];
  readonly declaration: Declaration | undefined;
  readonly instruction: Instruction;
  readonly own?: Declaration;
}

type Names = ReadonlyMap<string, Declaration>;

/** Names that are read when a container runs: only what ENV has set is left then. */
const AT_RUN_TIME: ReadonlySet<string> = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);

function collect(dockerfile: Dockerfile): readonly VariablePlace[] {
  const found: Found[] = [];
  const groups = new Groups();
  const global = new Map<string, Declaration>();
  const firstArg = new Map<string, Declaration>();
  /** What a stage leaves to those that are built on it, and what of that is the environment of its image. */
  const ends: ({ readonly names: Names; readonly environment: Names } | undefined)[] = [];

  const declare = (
    instruction: Instruction,
    names: Map<string, Declaration>,
    before: Names,
    environment = new Map<string, Declaration>(),
  ): void => {
    const keyword = instruction.name === "ARG" ? "ARG" : "ENV";
    for (const pair of instruction.pairs) {
      // An ARG sees those before it in the same instruction, an ENV does not.
      const seen = keyword === "ARG" ? names : before;
      usesIn(dockerfile, instruction, pair.value, (name) => seen.get(name));
      usesIn(dockerfile, instruction, pair.key, (name) => seen.get(name));
      const name = unquote(pair.key.text, dockerfile.escape);
      if (name === "" || name.includes("$")) continue;
      const own: Declaration = { name, keyword, instruction, span: nameSpan(pair.key), value: pair.value?.text };
      const earlier = keyword === "ARG" ? names.get(name) : environment.get(name);
      // One `--build-arg` is for all ARGs of its name; an ENV over an ARG is another variable, an ARG over an ENV may be either.
      const first = keyword === "ARG" ? firstArg.get(name) : undefined;
      if (first) groups.join(own, first);
      if (earlier) groups.join(own, earlier);
      if (keyword === "ARG" && !first) firstArg.set(name, own);
      const again = keyword === "ARG" ? global.get(name) : earlier;
      found.push({ name, span: own.span, role: "declaration", declaration: again ?? own, instruction, own });
      names.set(name, own);
      if (keyword === "ENV") environment.set(name, own);
    }
  };
  const usesIn = (
    { escape }: Dockerfile,
    instruction: Instruction,
    word: Word | undefined,
    resolve: (name: string) => Declaration | undefined,
    around = instruction.body,
  ): void => {
    if (!word?.text.includes("$")) return;
    for (const { name, start, end } of allReferences(word.text, escape)) {
      const at = start + (word.text.charAt(start + 1) === "{" ? 2 : 1);
      const span = spanIn(around, word, at, at + name.length);
      if (span && end > start) found.push({ name, span, role: "use", declaration: resolve(name), instruction });
    }
  };
  const read = (instruction: Instruction, names: Names): void => {
    const resolve = (name: string): Declaration | undefined => names.get(name);
    for (const { value } of instruction.flags) usesIn(dockerfile, instruction, value, resolve, instruction.logical);
    for (const each of usesInArguments(dockerfile, instruction))
      found.push({ ...each, declaration: resolve(each.name), instruction });
  };

  // What stands above FROM besides ARG is a fragment's, read as if it were a stage.
  const loose = new Map<string, Declaration>();
  for (const instruction of dockerfile.instructions) {
    if (instruction.stage !== -1) break;
    const isArg = instruction.name === "ARG";
    if (isArg) declare(instruction, global, new Map(global));
    else if (isDeclaring(instruction)) declare(instruction, loose, new Map(loose), loose);
    else read(instruction, loose);
    if (isArg) for (const { key } of instruction.pairs) copy(global, loose, unquote(key.text, dockerfile.escape));
  }
  for (const stage of dockerfile.stages) {
    const below = stage.base.kind === "stage" ? ends[stage.base.stage] : undefined;
    const names = new Map(below?.names);
    const environment = new Map(below?.environment);
    // Run when another image is built on this one: what they set holds for those behind them.
    let triggered: Map<string, Declaration> | undefined;
    const atRunTime: Instruction[] = [];
    for (const instruction of stage.instructions) {
      const { trigger } = instruction;
      if (instruction === stage.from) read(instruction, global);
      else if (trigger) {
        triggered ??= new Map();
        const seen = new Map([...names, ...triggered]);
        if (isDeclaring(trigger)) declare(trigger, triggered, seen, triggered);
        else read(trigger, seen);
      } else if (isDeclaring(instruction)) declare(instruction, names, new Map(names), environment);
      else if (AT_RUN_TIME.has(instruction.name)) atRunTime.push(instruction);
      else read(instruction, names);
    }
    for (const instruction of atRunTime) read(instruction, environment);
    // An ARG over an ENV holds in its own stage only.
    ends[stage.index] = { names: new Map([...names, ...environment]), environment };
  }
  return placesOf(dockerfile, found, groups);
}

function copy(from: Names, to: Map<string, Declaration>, name: string): void {
  const declaration = from.get(name);
  if (declaration) to.set(name, declaration);
}

const isDeclaring = ({ name }: Instruction): boolean => name === "ARG" || name === "ENV";

function placesOf({ text }: Dockerfile, found: readonly Found[], groups: Groups): readonly VariablePlace[] {
  const variables = new Map<
    Declaration | string,
    { name: string; declarations: Declaration[]; places: VariablePlace[] }
  >();
  const sorted = found.toSorted((a, b) => a.span.start - b.span.start);
  return sorted.map(({ name, span, role, declaration, instruction, own }) => {
    const of = own ?? declaration;
    const key = of ? groups.of(of) : name;
    const variable = variables.get(key) ?? { name, declarations: [], places: [] };
    variables.set(key, variable);
    if (own) variable.declarations.push(own);
    const exact = text.slice(span.start, span.end) === name;
    const place: VariablePlace = { name, span, role, declaration, instruction, variable, exact };
    variable.places.push(place);
    return place;
  });
}

/** Declarations that are one variable. */
class Groups {
  readonly #parents = new Map<Declaration, Declaration>();

  of(one: Declaration): Declaration {
    let at = one;
    for (let up = this.#parents.get(at); up; up = this.#parents.get(at)) at = up;
    return at;
  }

  join(one: Declaration, other: Declaration): void {
    const [a, b] = [this.of(one), this.of(other)];
    if (a !== b) this.#parents.set(a, b);
  }
}

interface Use {
  readonly name: string;
  readonly span: Span;
  readonly role: VariablePlace["role"];
}

/** What stands behind the flags, and in heredocs. */
function usesInArguments(dockerfile: Dockerfile, instruction: Instruction): readonly Use[] {
  const { name, body, json, heredocs } = instruction;
  if (name === "RUN" || AT_RUN_TIME.has(name)) return shellUses(dockerfile, instruction);
  if (!EXPANDED.has(name)) return [];
  const inBodies = heredocs.filter(({ expand }) => expand).flatMap((heredoc) => bodyUses(dockerfile, heredoc));
  if (!body.text.includes("$")) return inBodies;
  const words: readonly Use[] = json
    ? json.elements.flatMap(({ span }) => literalUses(dockerfile, span))
    : allReferences(body.text, dockerfile.escape).map((reference) => {
        const at = reference.start + (body.text.charAt(reference.start + 1) === "{" ? 2 : 1);
        return { name: reference.name, span: body.span(at, at + reference.name.length), role: "use" };
      });
  return [...words, ...inBodies];
}

/** Those whose arguments BuildKit puts values into (Expand in its instructions package), but ARG and ENV. */
const EXPANDED: ReadonlySet<string> = new Set([
  "FROM",
  "ADD",
  "COPY",
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);

/** In a JSON string, whose quotes are part of the span. */
function literalUses({ text, escape }: Dockerfile, { start, end }: Span): readonly Use[] {
  const inside = text.slice(start + 1, end - 1);
  return allReferences(inside, escape).map((reference) => {
    const at = start + 1 + reference.start + (inside.charAt(reference.start + 1) === "{" ? 2 : 1);
    return { name: reference.name, span: { start: at, end: at + reference.name.length }, role: "use" };
  });
}

/** Quotes mean nothing in there, and the escape character is always a backslash. */
function bodyUses({ text }: Dockerfile, { body }: Heredoc): readonly Use[] {
  const inside = text.slice(body.start, body.end).replace(/["']/g, " ");
  return allReferences(inside, "\\").map((reference) => {
    const at = body.start + reference.start + (inside.charAt(reference.start + 1) === "{" ? 2 : 1);
    return { name: reference.name, span: { start: at, end: at + reference.name.length }, role: "use" };
  });
}

function shellUses(dockerfile: Dockerfile, instruction: Instruction): readonly Use[] {
  const { json, body } = instruction;
  if (json) {
    const script = shellScriptOf(dockerfile, instruction);
    return script ? usesInShell(shellTokens(script.text), script.span) : [];
  }
  const scripts = tokensOf(dockerfile, instruction);
  if (scripts.length > 0) return scripts.flatMap(({ tokens, spanOf }) => usesInShell(tokens, spanOf));
  const windows = WINDOWS.get(shellAt(dockerfile, instruction).name);
  if (!windows || instruction.heredocs.length > 0) return [];
  return [...body.text.matchAll(windows)].map(({ 0: whole, 1: name = "", index }) => {
    const at = index + whole.indexOf(name);
    return { name, span: body.span(at, at + name.length), role: "use" };
  });
}

/** How the shells of Windows put variables of the environment in. */
const WINDOWS: ReadonlyMap<string, RegExp> = new Map([
  ["cmd", /%([A-Za-z_]\w*)%/g],
  ["powershell", /\$(?:\{env:|env:)([A-Za-z_]\w*)/gi],
  ["pwsh", /\$(?:\{env:|env:)([A-Za-z_]\w*)/gi],
]);

export interface TokenizedScript {
  readonly tokens: readonly ShellToken[];
  readonly text: string;
  readonly spanOf: (start: number, end: number) => Span;
}

const tokenized = perDocument(() => new Map<Instruction, readonly TokenizedScript[]>());

/** The scripts of an instruction in shell form, token by token. */
export function tokensOf(dockerfile: Dockerfile, instruction: Instruction): readonly TokenizedScript[] {
  const known = tokenized(dockerfile);
  const before = known.get(instruction);
  if (before) return before;
  const made = scriptsOf(dockerfile, instruction).map(({ text, spanOf }) => ({
    text,
    spanOf,
    tokens: shellTokens(text),
  }));
  known.set(instruction, made);
  return made;
}

const SHELL_PROGRAM = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|ash|dash|zsh|ksh)$/;

/** `["sh", "-c", "…"]`: the script, where its text stands in the source as it is. */
function shellScriptOf({ text }: Dockerfile, { json, body }: Instruction): Logical | undefined {
  const [program, options, script] = json?.elements ?? [];
  if (!program || !options || !script || !SHELL_PROGRAM.test(program.text) || !/^-[a-z]*c$/.test(options.text))
    return undefined;
  const { start, end } = script.span;
  if (text.slice(start + 1, end - 1).replaceAll('\\"', '"').length !== script.text.length) return undefined;
  // A quote that JSON escapes takes two characters of the source.
  const offsets: number[] = [];
  for (let at = start + 1; at < end - 1; at++) {
    if (text.charAt(at) === "\\") at++;
    offsets.push(at);
  }
  if (offsets.length !== script.text.length) return undefined;
  const sourceAt = (offset: number): number => offsets[offset] ?? end - 1;
  const span = (from: number, to: number): Span => ({
    start: sourceAt(from),
    end: to > from ? sourceAt(to - 1) + 1 : sourceAt(from),
  });
  return body.text === "" ? undefined : { text: script.text, sourceAt, span };
}

/** Uses of what comes from the environment: not of what the script itself has set before. */
function usesInShell(tokens: readonly ShellToken[], spanOf: (start: number, end: number) => Span): readonly Use[] {
  const uses: Use[] = [];
  /** Name → the subshells it is set in; -1 is the script. */
  const own = new Map<string, Set<number>>();
  const isOwn = (name: string, within: readonly number[]): boolean => {
    const set = own.get(name);
    return set !== undefined && [-1, ...within].some((shell) => set.has(shell));
  };
  let waiting: (() => void)[] = [];
  let until = 0;
  for (const { kind, start, end, name, nameStart, within = [], sets, until: behind = end } of tokens) {
    if (start >= until) {
      for (const set of waiting) set();
      waiting = [];
    }
    if (name === undefined || nameStart === undefined) continue;
    const span = spanOf(nameStart, nameStart + name.length);
    if (kind === "assigned") {
      if (sets === "once" || isOwn(name, within)) continue;
      if (sets === "maybe") uses.push({ name, span, role: "write" });
      else {
        waiting.push(() => own.set(name, (own.get(name) ?? new Set()).add(within.at(-1) ?? -1)));
        until = behind;
      }
    } else if (/^[A-Za-z_]/.test(name) && !isOwn(name, within)) uses.push({ name, span, role: "use" });
  }
  return uses;
}

/** Without quotes around the whole. */
function nameSpan({ text, span }: Word): Span {
  const quoted = /^(["']).*\1$/.test(text) && text.length > 1;
  return quoted ? { start: span.start + 1, end: span.end - 1 } : span;
}

/** Where a part of a word stands; undefined where the word is spelled otherwise in the source. */
function spanIn(around: Logical, { text, span }: Word, start: number, end: number): Span | undefined {
  if (span.end - span.start === text.length) return { start: span.start + start, end: span.start + end };
  for (let at = around.text.indexOf(text); at !== -1; at = around.text.indexOf(text, at + 1))
    if (around.sourceAt(at) === span.start) return around.span(at + start, at + end);
  return undefined;
}

/** A Dockerfile as an outline: stages with what they declare and do, and the ARGs in front of them. */
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { shellTokens } from "../../model/dockerfile/shell-tokens.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";
import type { OutlineSymbol as Outlined } from "../outline.ts";

export type SymbolKind =
  | "stage"
  | "argument"
  | "variable"
  | "label"
  | "run"
  | "files"
  | "folder"
  | "user"
  | "port"
  | "volume"
  | "start"
  | "setting"
  | "trigger";

export type OutlineSymbol = Outlined<SymbolKind>;

export const outlineOf = perDocument((dockerfile): readonly OutlineSymbol[] => [
  ...dockerfile.instructions
    .filter(({ stage }) => stage === -1)
    .flatMap((instruction) => symbolsOf(dockerfile, instruction)),
  ...dockerfile.stages.map((stage) => stageSymbol(dockerfile, stage)),
]);

/** Without the name, a stage is called after what it is built on. */
export function stageSymbol(dockerfile: Dockerfile, stage: Stage): OutlineSymbol {
  const { from, name, image, instructions, span } = stage;
  // A digest says nothing to people.
  const on = image ? oneLine(image.text.replace(/(?<=.)@sha256:.*$/, "")) : "";
  const last = instructions.at(-1)?.span.end ?? from.span.end;
  return {
    name: name?.text ?? (on === "" ? "FROM" : on),
    detail: name ? on : `stage ${stage.index}`,
    kind: "stage",
    // Comments in front of the next stage belong to that one.
    span: { start: span.start, end: Math.max(last, from.span.end) },
    nameSpan: (name ?? image ?? from.keyword).span,
    children: instructions.filter((each) => each !== from).flatMap((each) => symbolsOf(dockerfile, each)),
  };
}

const KINDS: Readonly<Record<string, SymbolKind>> = {
  RUN: "run",
  COPY: "files",
  ADD: "files",
  WORKDIR: "folder",
  USER: "user",
  EXPOSE: "port",
  VOLUME: "volume",
  CMD: "start",
  ENTRYPOINT: "start",
  HEALTHCHECK: "start",
  SHELL: "setting",
  STOPSIGNAL: "setting",
  MAINTAINER: "setting",
  ONBUILD: "trigger",
};

function symbolsOf(dockerfile: Dockerfile, instruction: Instruction): readonly OutlineSymbol[] {
  const { name, span, keyword, args, pairs } = instruction;
  const ofPairs = name === "ARG" ? "argument" : name === "ENV" ? "variable" : name === "LABEL" ? "label" : undefined;
  if (ofPairs)
    return pairs.flatMap(({ key, value, span: whole }): readonly OutlineSymbol[] => {
      const called = unquote(key.text, dockerfile.escape);
      const detail = value === undefined ? "" : oneLine(unquote(value.text, dockerfile.escape));
      // Symbols have to have a name.
      return called === ""
        ? []
        : [{ name: called, detail, kind: ofPairs, span: whole, nameSpan: key.span, children: [] }];
    });
  const kind = KINDS[name];
  if (kind === undefined) return [];
  const nameSpan = { start: keyword.span.start, end: Math.max(keyword.span.end, endOfLine(dockerfile, args.span)) };
  const source = instruction.flags.find((flag) => flag.name === "--from")?.value?.text;
  const detail = source === undefined ? "" : `from ${oneLine(source)}`;
  return [{ name: `${name} ${saying(dockerfile, instruction)}`.trim(), detail, kind, span, nameSpan, children: [] }];
}

const LONGEST = 60;
/** Commands that do not say what a RUN is for. */
const UNTELLING: ReadonlySet<string> = new Set(["set", "cd", "[", "test", "echo", "true", ":", "exit", "rm", "mkdir"]);

/** A RUN is told by its commands. */
function saying({ text }: Dockerfile, instruction: Instruction): string {
  const { name, args, json, words, body, heredocs } = instruction;
  if (json) return oneLine(words.map((word) => word.text).join(" "));
  if (name !== "RUN") return oneLine(args.text);
  const [heredoc] = heredocs;
  const isWhole = heredoc?.marker.start === args.span.start && heredoc.marker.end === args.span.end;
  const script = isWhole ? text.slice(heredoc.body.start, heredoc.body.end) : body.text;
  const said = isWhole || script.includes("&&") ? commandsIn(script) : [];
  if (said.length > 0) return oneLine(said.join(", "));
  if (isWhole) return oneLine(script.split("\n").find((line) => /^\s*[^\s#]/.test(line)) ?? args.text);
  return oneLine(args.text);
}

/** The commands that tell something, each once, with a first argument that says which of its own. */
function commandsIn(script: string): readonly string[] {
  // What is interpreted by something else has no commands of a shell.
  if (/^\s*#!(?!.*sh\b)/.test(script)) return [];
  const found = new Set<string>();
  let last = -1;
  for (const { kind, start, end, within = [] } of shellTokens(script)) {
    if (kind !== "command" || within.length > 0) continue;
    const program = script.slice(start, end);
    // `sudo apt-get`: the wrapper goes with what it runs.
    const isWrapped = last !== -1 && script.slice(last, start).trim() === "";
    last = end;
    if (isWrapped || UNTELLING.has(program)) continue;
    const [, argument] = /^[ \t]+([a-z][\w-]*)(?![^\s;&|)])/.exec(script.slice(end, end + LONGEST)) ?? [];
    found.add(argument === undefined ? program : `${program} ${argument}`);
  }
  return [...found];
}

/** In one line and no longer than fits. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function endOfLine({ text }: Dockerfile, { start, end }: Span): number {
  const newline = text.slice(start, end).search(/\r?\n/);
  return newline === -1 ? end : start + newline;
}

/**
 * The shell commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK in shell form, and of heredocs that a shell runs.
 * The only module that knows unbash.
 */
import {
  type AssignmentPrefix,
  type CommandNode,
  forEachChild,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word as BashWord,
} from "unbash";
import type { Span } from "../../text/edit.ts";
import { logicalText, type Piece } from "./logical.ts";
import { perInstruction } from "./memo.ts";
import type { Dockerfile, Heredoc, Instruction, Logical, Word } from "./model.ts";
import { shellAt } from "./shell-instruction.ts";

export interface ShellWord {
  /** As written. */
  readonly text: string;
  /** Quotes and escapes removed, nothing expanded. */
  readonly value: string;
  readonly span: Span;
  /** False when an expansion decides a part of it. */
  readonly literal: boolean;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

/** `> file`, `2>> log`, `< input`; a heredoc or a duplicated descriptor (`2>&1`) has no file. */
export interface ShellRedirection {
  readonly operator: ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<<" | "<<" | "<<-";
  readonly file: ShellWord | undefined;
}

/** A `( … )`, a `$( … )`, a part of a pipeline, a job in the background: its folder and variables are its own. */
export interface Subshell {
  readonly parent: Subshell | undefined;
}

export interface ShellCommand {
  /** The program without its folder; undefined for an assignment alone or a name that an expansion decides. */
  readonly name: string | undefined;
  readonly nameWord: ShellWord | undefined;
  readonly args: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  /** Its own, and those of the constructs it stands in. */
  readonly redirections: readonly ShellRedirection[];
  readonly span: Span;
  /** Programs in front that only run this one: `sudo`, `env`, `exec`, `time`. */
  readonly wrappers: readonly string[];
  /** In a `( … )`, a `$( … )`, a pipeline of several or the background: what it does to the shell is lost. */
  readonly isolated: boolean;
  /** The innermost one it is isolated in. */
  readonly subshell: Subshell | undefined;
  /** In the body of if, for, while, case or a function: it may not run. */
  readonly conditional: boolean;
  /** Its exit status decides a condition, or is turned round by `!`: a failure is an answer, not an accident. */
  readonly asked: boolean;
  /** What stands directly before it in the same list: `&&`, `||`, `;` or nothing. */
  readonly joinedBy: "&&" | "||" | ";" | undefined;
}

export interface ShellPipeline {
  readonly span: Span;
  /** The stretch of each command in it. */
  readonly parts: readonly Span[];
  /** First command's program, for messages. */
  readonly names: readonly (string | undefined)[];
  /** Span of the first `|`. */
  readonly firstPipe: Span;
  /**
   * No script ends because of its exit status: it is the condition of an if, while or until, stands behind `!`, or is a
   * substitution among the arguments of a command.
   */
  readonly unjudged: boolean;
}

/** A statement of the outermost list: members joined by `&&` and `||`. */
export interface ShellList {
  readonly span: Span;
  /** `&` stands behind it. */
  readonly background: boolean;
  readonly members: readonly ShellMember[];
}

export interface ShellMember {
  readonly span: Span;
  /** What stands before it; undefined for the first. */
  readonly joinedBy: "&&" | "||" | undefined;
  /**
   * What `set -e` changes about it is more than that a failure ends the script: something in it may fail and it goes on, or nothing
   * ends the script although it failed.
   */
  readonly mindsErrexit: boolean;
}

export interface ShellScript {
  readonly instruction: Instruction;
  /** Set when the script is a heredoc's body. */
  readonly heredoc?: Heredoc;
  readonly text: string;
  readonly span: Span;
  /** Where a range of `text` stands in the source. */
  readonly spanOf: (start: number, end: number) => Span;
  /** The shell's program: `sh`, `bash`, `ash`. */
  readonly shell: string;
  /** In source order, those inside other constructs included. */
  readonly commands: readonly ShellCommand[];
  readonly pipelines: readonly ShellPipeline[];
  /** The statements of the outermost list, for what is about order. */
  readonly statements: readonly Span[];
  /** The same statements with what they are put together from. */
  readonly lists: readonly ShellList[];
  /** The functions it defines, by name. */
  readonly functions: readonly string[];
  /** The variables that `for` and `select` set. */
  readonly loopVariables: readonly string[];
  /** The shell would not read it, or we cannot. */
  readonly broken: boolean;
  /** From a quote that nothing closes to the end of the script. */
  readonly openQuote?: Span;
}

const NO_SCRIPTS: readonly ShellScript[] = [];
const NO_REDIRECTIONS: readonly ShellRedirection[] = [];
const SHELL_FORM: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);
const POSIX_SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh"]);

export const isPosixShell = (name: string): boolean => POSIX_SHELLS.has(name);

/** The scripts of an instruction; none for JSON form, Windows shells, or instructions that run nothing. */
export function scriptsOf(dockerfile: Dockerfile, instruction: Instruction): readonly ShellScript[] {
  if (!SHELL_FORM.has(instruction.name) || instruction.json) return NO_SCRIPTS;
  return readOnce(dockerfile, instruction);
}

/** What a RUN runs, in either form: the commands of its scripts, or the one program of its JSON form. */
export const programsOf = (dockerfile: Dockerfile, instruction: Instruction): readonly ShellCommand[] =>
  instruction.json ? execCommands(instruction, instruction.json.elements) : commandsOf(dockerfile, instruction);

function execCommands(instruction: Instruction, elements: readonly Word[]): readonly ShellCommand[] {
  const [nameWord, ...args] = elements.map(({ text, span }): ShellWord => ({ text, value: text, span, literal: true }));
  if (!nameWord) return [];
  const command: ShellCommand = {
    name: baseName(nameWord.value),
    nameWord,
    args,
    assignments: [],
    redirections: NO_REDIRECTIONS,
    span: instruction.args.span,
    wrappers: [],
    isolated: false,
    subshell: undefined,
    conditional: false,
    asked: false,
    joinedBy: undefined,
  };
  return [command, ...unwrapped(command)];
}

/** The commands of every script of an instruction. */
export const commandsOf = perInstruction((dockerfile, instruction): readonly ShellCommand[] => {
  const scripts = scriptsOf(dockerfile, instruction);
  return scripts.length === 1 && scripts[0] ? scripts[0].commands : scripts.flatMap(({ commands }) => commands);
});

const readOnce = perInstruction(readScripts);

function readScripts(dockerfile: Dockerfile, instruction: Instruction): readonly ShellScript[] {
  const shell = shellAt(dockerfile, instruction).name;
  if (!isPosixShell(shell)) return NO_SCRIPTS;
  if (instruction.name === "HEALTHCHECK") return healthcheckScript(instruction, shell);
  const heredoc = bareHeredoc(instruction);
  if (heredoc) {
    const interpreter = interpreterOf(dockerfile.text.slice(heredoc.body.start, heredoc.body.end), shell);
    return isPosixShell(interpreter) ? [heredocScript(dockerfile, instruction, heredoc, interpreter)] : NO_SCRIPTS;
  }
  const head = headScript(dockerfile, instruction, shell);
  const fed = instruction.heredocs.find(({ descriptor }) => descriptor === 0);
  const reader = head.commands.length === 1 ? head.commands[0] : undefined;
  if (
    fed &&
    reader?.name !== undefined &&
    isPosixShell(reader.name) &&
    reader.args.every(({ value }) => /^-[a-z]*$/.test(value))
  )
    return [head, heredocScript(dockerfile, instruction, fed, reader.name)];
  return [head];
}

/** `RUN <<EOF`: the body itself is what runs (dispatchRun in BuildKit's convert.go). */
function bareHeredoc(instruction: Instruction): Heredoc | undefined {
  const [only, ...others] = instruction.heredocs;
  if (!only || others.length > 0) return undefined;
  const { start, end } = instruction.args.span;
  return only.marker.start === start && only.marker.end === end ? only : undefined;
}

/** The program of a `#!` line, else the shell. */
export function interpreterOf(body: string, shell: string): string {
  const line = /^\s*#!\s*(\S+)(?:\s+(\S+))?/.exec(body);
  if (!line) return shell;
  const program = baseName(line[1] ?? "");
  return program === "env" ? baseName(line[2] ?? "") : program;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function healthcheckScript(instruction: Instruction, shell: string): readonly ShellScript[] {
  const [first, second] = instruction.words;
  if (first?.text.toUpperCase() !== "CMD" || !second) return NO_SCRIPTS;
  const from = instruction.body.text.indexOf(second.text, first.text.length);
  const text = instruction.body.text.slice(from);
  return [
    readScript(
      text,
      (at) => instruction.body.sourceAt(from + at),
      (s, e) => instruction.body.span(from + s, from + e),
      instruction,
      shell,
    ),
  ];
}

/** The instruction's own line. What stands in heredocs behind it is data of its commands. */
function headScript(dockerfile: Dockerfile, instruction: Instruction, shell: string): ShellScript {
  const { body, head } = instruction;
  if (instruction.heredocs.length === 0) return readScript(body.text, body.sourceAt, body.span, instruction, shell);
  const length = body.text.length;
  const tail = withLineFeeds(dockerfile, { start: head.end, end: instruction.span.end });
  const sourceAt = (offset: number): number =>
    offset <= length ? body.sourceAt(offset) : tail.sourceAt(offset - length);
  const span = (start: number, end: number): Span => ({
    start: sourceAt(start),
    end: end <= length ? body.span(start, end).end : tail.span(Math.max(0, start - length), end - length).end,
  });
  return readScript(body.text + tail.text, sourceAt, span, instruction, shell);
}

function heredocScript(dockerfile: Dockerfile, instruction: Instruction, heredoc: Heredoc, shell: string): ShellScript {
  const { text, sourceAt, span } = withLineFeeds(dockerfile, heredoc.body);
  return { ...readScript(text, sourceAt, span, instruction, shell), heredoc };
}

/** A stretch with line feeds alone: what is a line to a person is one to the rules. */
export function withLineFeeds(dockerfile: Dockerfile, { start, end }: Span): Logical {
  const source = dockerfile.text.slice(start, end);
  const pieces: Piece[] = [{ logical: 0, source: start }];
  let removed = 0;
  for (let at = source.indexOf("\r\n"); at !== -1; at = source.indexOf("\r\n", at + 1)) {
    const logical = at - removed;
    removed++;
    if (logical === pieces.at(-1)?.logical) pieces.pop();
    pieces.push({ logical, source: start + at + 1 });
  }
  return logicalText(removed === 0 ? source : source.replaceAll("\r\n", "\n"), pieces);
}

interface Place {
  readonly isolated: boolean;
  readonly subshell: Subshell | undefined;
  readonly redirections: readonly ShellRedirection[];
  readonly conditional: boolean;
  readonly joinedBy: ShellCommand["joinedBy"];
  readonly unjudged: boolean;
  readonly asked: boolean;
}

/** The place inside a shell of its own. */
const isolatedIn = (place: Place): Place => ({ ...place, isolated: true, subshell: { parent: place.subshell } });

function readScript(
  text: string,
  sourceAt: (offset: number) => number,
  span: (start: number, end: number) => Span,
  instruction: Instruction,
  shell: string,
): ShellScript {
  const commands: ShellCommand[] = [];
  const pipelines: ShellPipeline[] = [];
  const functions: string[] = [];
  const loopVariables: string[] = [];
  const tree = parse(text);
  const open = tree.errors?.find(({ message }) => /^unterminated (single|double) quote$/.test(message));
  const word = (from: BashWord): ShellWord => ({
    text: from.text,
    value: valueOf(from),
    span: span(from.pos, from.end),
    literal: isLiteral(from.text),
  });

  const redirected = (
    nodes: readonly Redirection[],
    around: readonly ShellRedirection[],
  ): readonly ShellRedirection[] =>
    nodes.length === 0
      ? around
      : [
          ...around,
          ...nodes.map((node) => ({
            operator: node.operator,
            file: node.type === "Redirect" && node.target ? word(node.target) : undefined,
          })),
        ];

  const visitAll = (nodes: readonly Statement[], place: Place): void => {
    nodes.forEach((node, at) => {
      const statementPlace: Place = { ...place, joinedBy: at === 0 ? place.joinedBy : ";" };
      visit(node.command, node.background ? isolatedIn(statementPlace) : statementPlace);
    });
  };

  const visitChildren = (node: SyntaxNode, place: Place): void => {
    forEachChild(node, (child) => {
      visit(child, place);
    });
  };

  const visit = (node: SyntaxNode, place: Place): void => {
    switch (node.type) {
      case "Command": {
        const assignments = node.prefix.filter((each): each is AssignmentPrefix => each.type === "Assignment");
        const args = node.args.map((each) =>
          each.type === "Word"
            ? word(each)
            : { text: each.text, value: each.text, span: span(each.pos, each.end), literal: isLiteral(each.text) },
        );
        const nameWord = node.name && word(node.name);
        const command: ShellCommand = {
          name: nameWord?.literal ? baseName(nameWord.value) : undefined,
          nameWord,
          args,
          assignments: assignments.map((each) => ({
            name: each.name,
            value: each.value.type === "Word" ? each.value.value : "",
            span: span(each.pos, each.end),
          })),
          redirections: redirected(node.redirects, place.redirections),
          span: span(node.pos, node.end),
          wrappers: [],
          isolated: place.isolated,
          subshell: place.subshell,
          conditional: place.conditional,
          asked: place.asked,
          joinedBy: place.joinedBy,
        };
        commands.push(command);
        for (const inner of unwrapped(command)) commands.push(inner);
        if (!MAY_HOLD_COMMANDS.test(text.slice(node.pos, node.end))) return;
        visitChildren(node, {
          isolated: true,
          subshell: { parent: place.subshell },
          redirections: NO_REDIRECTIONS,
          conditional: place.conditional,
          joinedBy: undefined,
          unjudged: nameWord !== undefined,
          asked: place.asked,
        });
        return;
      }
      case "Pipeline": {
        if (node.commands.length > 1) {
          const [first, second] = node.commands;
          if (first && second)
            pipelines.push({
              span: span(node.pos, node.end),
              parts: node.commands.map((part) => span(part.pos, part.end)),
              names: node.commands.map(programOf),
              firstPipe: pipeSpan(first.end, second.pos),
              unjudged: place.unjudged || node.prefixes.some(({ type }) => type === "Negation"),
            });
        }
        const several = node.commands.length > 1;
        const asked = place.asked || node.prefixes.some(({ type }) => type === "Negation");
        node.commands.forEach((part, at) => {
          visit(part, {
            ...(several ? isolatedIn(place) : place),
            asked,
            joinedBy: at === 0 ? place.joinedBy : undefined,
            unjudged: false,
          });
        });
        return;
      }
      case "AndOr":
        node.commands.forEach((part, at) => {
          visit(part, at === 0 ? place : { ...place, joinedBy: node.operators[at - 1] });
        });
        return;
      case "Subshell":
        visitAll(node.body.commands, isolatedIn(place));
        return;
      case "Redirected":
        visit(node.command, { ...place, redirections: redirected(node.redirects, place.redirections) });
        for (const each of node.redirects) visitChildren(each, place);
        return;
      case "BraceGroup":
        visitAll(node.body.commands, place);
        return;
      case "CompoundList":
      case "Script":
        visitAll(node.commands, place);
        return;
      case "CommandExpansion":
      case "ProcessSubstitution":
        // The inner script of an escaped backtick has its own text: its offsets are not ours.
        if (node.script && node.script.source === undefined)
          visitAll(node.script.commands, { ...isolatedIn(place), redirections: NO_REDIRECTIONS });
        return;
      case "If":
      case "Elif":
      case "While":
        forEachChild(node, (child) => {
          const asked = child === node.clause;
          visit(child, {
            ...place,
            conditional: true,
            joinedBy: undefined,
            unjudged: asked,
            asked: place.asked || asked,
          });
        });
        return;
      case "For":
      case "ArithmeticFor":
      case "Select":
      case "Case":
      case "Function":
        if (node.type === "Function") functions.push(node.name.value);
        if (node.type === "For" || node.type === "Select") loopVariables.push(node.name.value);
        visitChildren(node, { ...place, conditional: true, joinedBy: undefined, unjudged: false });
        return;
      case "Statement":
        visitAll([node], place);
        return;
      default:
        visitChildren(node, place);
    }
  };

  const pipeSpan = (from: number, to: number): Span => {
    const at = text.indexOf("|", from);
    return at === -1 || at >= to ? span(from, to) : span(at, at + 1);
  };

  visitAll(tree.commands, {
    isolated: false,
    subshell: undefined,
    redirections: NO_REDIRECTIONS,
    conditional: false,
    joinedBy: undefined,
    unjudged: false,
    asked: false,
  });
  commands.sort((a, b) => a.span.start - b.span.start);
  return {
    instruction,
    text,
    span: { start: sourceAt(0), end: sourceAt(text.length) },
    spanOf: span,
    shell,
    commands,
    pipelines,
    statements: tree.commands.map((statement) => span(statement.pos, statement.end)),
    lists: tree.commands.map((statement) => listOf(statement, span)),
    functions,
    loopVariables,
    broken: (tree.errors?.length ?? 0) > 0,
    ...(open && { openQuote: span(open.pos, text.length) }),
  };
}

function listOf({ command, background, pos, end }: Statement, span: ShellScript["spanOf"]): ShellList {
  const nodes = command.type === "AndOr" ? command.commands : [command];
  const operators = command.type === "AndOr" ? command.operators : [];
  return {
    span: span(pos, end),
    background: background === true,
    members: nodes.map((node, at) => ({
      span: span(node.pos, node.end),
      joinedBy: at === 0 ? undefined : operators[at - 1],
      mindsErrexit: mindsErrexit(node),
    })),
  };
}

/**
 * With `set -e` a failing command ends the script, but not in front of `&&` and `||`, behind `!` and in conditions; and a compound
 * command that fails because of one of those does not end it either, a subshell does (bash's manual, `set -e`).
 */
function mindsErrexit(node: SyntaxNode): boolean {
  switch (node.type) {
    case "Command":
    case "TestCommand":
    case "ArithmeticCommand":
      return false;
    case "Redirected":
      return mindsErrexit(node.command);
    case "Pipeline":
      return node.prefixes.some(({ type }) => type === "Negation") || node.commands.some(mindsErrexit);
    case "Subshell": {
      const only = onlyOne(node.body.commands);
      if (!only) return true;
      return only.type === "AndOr" ? only.commands.some(mindsErrexit) : mindsErrexit(only);
    }
    case "BraceGroup": {
      const only = onlyOne(node.body.commands);
      return !only || only.type === "AndOr" || mindsErrexit(only);
    }
    default:
      return true;
  }
}

const onlyOne = (statements: readonly Statement[]): SyntaxNode | undefined =>
  statements.length === 1 && statements[0]?.background !== true ? statements[0]?.command : undefined;

/**
 * A substitution among the words of a command, or a heredoc, whose body stands elsewhere. The parser reads the inside of a word
 * when it is asked for, which takes as long as all the rest.
 */
const MAY_HOLD_COMMANDS = /[(`]|<<|\$\{[\s|]/;

const programOf = (node: CommandNode): string | undefined =>
  node.type === "Command" && node.name && isLiteral(node.name.text) ? baseName(node.name.value) : undefined;

const isLiteral = (text: string): boolean => (!text.includes("$") && !text.includes("`")) || /^'[^']*'$/.test(text);

/** Quotes and escapes removed. The parser reads a word again for that, which most words do not need. */
function valueOf(word: BashWord): string {
  const { text } = word;
  if (!/["'\\]/.test(text)) return text;
  return /^(?:"[^"\\]*"|'[^']*')$/.test(text) ? text.slice(1, -1) : word.value;
}

/** Whether both texts are the same commands of the same words to a shell: only blanks between words and comments may differ. */
export function sameCommands(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [parse(one), parse(other)];
  return !a.errors?.length && !b.errors?.length && sameTree(a.commands, b.commands);
}

/** Where a node stands and what can be worked out from its text. */
const PLACES: ReadonlySet<string> = new Set(["pos", "end", "keywordEnd", "parts", "source"]);

function sameTree(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => sameTree(item, other[at]));
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const [a, b] = [one, other].map((node) => Object.entries(node).filter(([key]) => !PLACES.has(key)));
  if (!a || !b || a.length !== b.length) return false;
  return a.every(([key, value], at) => key === b[at]?.[0] && sameTree(value, b[at]?.[1]));
}

/** Programs that run what follows them, and their options that take a value. */
const WRAPPERS: Readonly<Record<string, readonly string[]>> = {
  sudo: ["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "--user", "--group"],
  doas: ["-u", "-C"],
  env: ["-u", "-C", "-S"],
  exec: ["-a"],
  command: [],
  time: [],
  nohup: [],
  nice: ["-n"],
  ionice: ["-c", "-n"],
  timeout: ["-s", "-k"],
  eatmydata: [],
};

/** The command a wrapper runs, and what that one runs in turn. */
function unwrapped(outer: ShellCommand | undefined): ShellCommand[] {
  const inner: ShellCommand[] = [];
  for (let at = outer; at?.name !== undefined; at = inner.at(-1)) {
    const next: ShellCommand | undefined = Object.hasOwn(WRAPPERS, at.name)
      ? innerOf(at, WRAPPERS[at.name] ?? [])
      : undefined;
    if (!next || inner.length > 4) break;
    inner.push(next);
  }
  return inner;
}

function innerOf(command: ShellCommand, withValue: readonly string[]): ShellCommand | undefined {
  let at = 0;
  for (; at < command.args.length; at++) {
    const value = command.args[at]?.value ?? "";
    if (withValue.includes(value)) at++;
    else if (
      !value.startsWith("-") &&
      !(command.name === "env" || command.name === "sudo" ? /^\w+=/ : /^$/).test(value)
    )
      break;
  }
  if (command.name === "timeout") at++;
  const nameWord = command.args[at];
  if (!nameWord) return undefined;
  return {
    ...command,
    nameWord,
    name: nameWord.literal ? baseName(nameWord.value) : undefined,
    args: command.args.slice(at + 1),
    span: { start: nameWord.span.start, end: command.span.end },
    wrappers: [...command.wrappers, command.name ?? ""],
  };
}

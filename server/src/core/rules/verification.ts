/** Where checks of certificates and signatures are switched off: by variables, by options, in files. Shared by the tls- and sig- rules. */
import { removeCommands } from "../model/dockerfile/command-removal.ts";
import { perDocument } from "../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { type CallOption, dropOption, dropWords } from "../model/dockerfile/options.ts";
import { type Program, programsCalled, programsWithin } from "../model/dockerfile/programs.ts";
import { removePair } from "../model/dockerfile/removal.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import type { ShellWord } from "../model/dockerfile/shell.ts";
import { hasVariable } from "../model/dockerfile/variables.ts";
import { unquote } from "../model/dockerfile/words.ts";
import { type Report, unsafeFix } from "../rule.ts";
import { type Edit, remove, type Span } from "../text/edit.ts";
import { allNamed, allNamedEither } from "../model/dockerfile/named.ts";

export { isLoopback } from "../model/dockerfile/remote.ts";

type Remedy = Pick<Report, "fixes" | "refusal">;

/** A fix that takes something away, or the reason why there is none. */
const removal = (
  title: string,
  edits: readonly Edit[] | undefined,
  refusal = "other commands of the line hang on it: take it out by hand",
): Remedy => (edits ? { fixes: [unsafeFix(title, ...edits)] } : { refusal });

const single = (edit: Edit | undefined): readonly Edit[] | undefined => edit && [edit];

/** The whole command, which does nothing else. */
export const commandRemoval = (dockerfile: Dockerfile, program: Program): Remedy =>
  removal("Remove the command", removeCommands(dockerfile, [program]));

export interface Setting {
  readonly name: string;
  /** Undefined when a variable hides it. */
  readonly value: string | undefined;
  readonly span: Span;
  /** What sets it: ENV, ARG, or a command of a RUN. */
  readonly by: "ENV" | "ARG" | "RUN";
  readonly edits: readonly Edit[] | undefined;
}

/** Every place that gives an environment variable of that name a value. */
export const settingsOf = (dockerfile: Dockerfile, ...names: readonly string[]): readonly Setting[] =>
  names
    .filter((name) => dockerfile.text.includes(name))
    .flatMap((name) => allSettings(dockerfile).get(name) ?? [])
    .sort((a, b) => a.span.start - b.span.start);

const allSettings = perDocument((dockerfile): ReadonlyMap<string, readonly Setting[]> => {
  const found = new Map<string, Map<number, Setting>>();
  const add = (setting: Setting): void => {
    const same = found.get(setting.name) ?? new Map<number, Setting>();
    found.set(setting.name, same.set(setting.span.start, setting));
  };
  for (const instruction of allNamedEither(dockerfile, "ENV", "ARG")) addPairs(dockerfile, instruction, add);
  for (const run of allNamed(dockerfile, "RUN"))
    for (const program of programsWithin(dockerfile, run)) addShell(dockerfile, program, add);
  return new Map([...found].map(([name, settings]) => [name, [...settings.values()]]));
});

function addPairs(dockerfile: Dockerfile, instruction: Instruction, add: (setting: Setting) => void): void {
  for (const pair of instruction.pairs) {
    if (!pair.value) continue;
    const { text, known } = expandIn(dockerfile, instruction, pair.value.text);
    add({
      name: unquote(pair.key.text, dockerfile.escape),
      value: known ? unquote(text, dockerfile.escape) : undefined,
      span: pair.span,
      by: instruction.name === "ENV" ? "ENV" : "ARG",
      edits: [removePair(dockerfile, instruction, pair)],
    });
  }
}

function addShell(dockerfile: Dockerfile, program: Program, add: (setting: Setting) => void): void {
  const { command, instruction } = program;
  const known = (value: string): string | undefined => {
    if (!hasVariable(value)) return value;
    const expanded = expandIn(dockerfile, instruction, value);
    return expanded.known ? expanded.text : undefined;
  };
  // A name alone is a variable of the shell, which no other program sees.
  if (command.nameWord)
    for (const { name, value, span } of command.assignments)
      add({ name, value: known(value), span, by: "RUN", edits: [withBlanks(dockerfile, span)] });
  if (command.name !== "export" && command.name !== "env" && command.name !== "sudo") return;
  for (const word of command.args) {
    const equals = word.value.indexOf("=");
    if (equals < 1 || !/^\w+$/.test(word.value.slice(0, equals))) {
      if (command.name === "export" || word.value.startsWith("-")) continue;
      break;
    }
    const alone = command.name === "export" && command.args.length === 1;
    add({
      name: word.value.slice(0, equals),
      value: known(word.value.slice(equals + 1)),
      span: word.span,
      by: "RUN",
      edits: alone ? removeCommands(dockerfile, [program]) : single(dropWords(dockerfile, command, word, word)),
    });
  }
}

/** An assignment in front of a command, and the blanks that set it apart from what follows. */
function withBlanks({ text }: Dockerfile, { start, end }: Span): Edit {
  const blanks = /^[ \t]*/.exec(text.slice(end, end + 200))?.[0] ?? "";
  return remove({ start, end: end + blanks.length });
}

/** A line that a heredoc, or a word that echo or printf, writes somewhere. */
export interface Written {
  readonly text: string;
  readonly span: Span;
  /** The whole instruction, which also says into which file. */
  readonly instruction: Instruction;
  readonly edits: readonly Edit[] | undefined;
}

/** The pieces of written files that match; the hint is looked for in the whole text first, because nearly no file has one. */
export const writtenLines = (dockerfile: Dockerfile, hint: RegExp, pattern: RegExp): readonly Written[] =>
  hint.test(dockerfile.text) ? allWritten(dockerfile).filter(({ text }) => pattern.test(text)) : [];

const allWritten = perDocument((dockerfile): readonly Written[] => [
  ...dockerfile.all.flatMap((instruction) => heredocLines(dockerfile, instruction)),
  ...["echo", "printf"]
    .flatMap((name) => programsCalled(dockerfile, name))
    .flatMap((program) => echoed(dockerfile, program)),
  ...programsCalled(dockerfile, "sed").flatMap((program) => substituted(dockerfile, program)),
]);

function heredocLines(dockerfile: Dockerfile, instruction: Instruction): readonly Written[] {
  if (instruction.heredocs.length === 0 || isScript(instruction)) return [];
  return instruction.heredocs.flatMap(({ body }) => {
    const lines: Written[] = [];
    for (let start = body.start; start < body.end; ) {
      const newline = dockerfile.text.indexOf("\n", start);
      const end = newline === -1 || newline >= body.end ? body.end : newline + 1;
      const text = dockerfile.text.slice(start, end).trimEnd();
      lines.push({ text, span: { start, end: start + text.length }, instruction, edits: [remove({ start, end })] });
      start = end;
    }
    return lines;
  });
}

/** `RUN <<EOF`: the heredoc is what runs. */
const isScript = ({ name, args, heredocs }: Instruction): boolean =>
  name === "RUN" && heredocs[0]?.marker.start === args.span.start;

function echoed(dockerfile: Dockerfile, program: Program): readonly Written[] {
  const words = program.command.args.filter(({ value }) => !/^-[neE]+$/.test(value));
  const edits = words.length === 1 ? removeCommands(dockerfile, [program]) : undefined;
  return words.map(({ value, span }) => ({
    text: value,
    span,
    instruction: program.instruction,
    edits: /\\n|\n/.test(value.trim()) ? undefined : edits,
  }));
}

/** What `sed s/old/new/` puts into a file. */
function substituted(dockerfile: Dockerfile, program: Program): readonly Written[] {
  const { command, instruction } = program;
  return command.args.flatMap(({ value, span }) => {
    const found = /^[^s]*s([/|#,@!])(.+?)\1(.*)\1[\w]*;?$/s.exec(value);
    if (!found) return [];
    const others = command.args.filter((word) => word.value === "-e" || /^s[/|#,@!]/.test(word.value)).length;
    return [
      {
        text: found[3] ?? "",
        span,
        instruction,
        edits: others > 1 ? undefined : removeCommands(dockerfile, [program]),
      },
    ];
  });
}

/** True when the instruction that writes it names such a file. */
export const isWrittenTo = ({ text }: Dockerfile, { instruction }: Written, file: RegExp): boolean =>
  file.test(text.slice(instruction.span.start, instruction.span.end));

const IN_THE_WAY = "a comment, or another part of the line, stands in the way: take it out by hand";

/** An option of a call, with the words it stands in. */
export const optionSpan = ({ word, valueWord }: CallOption): Span => ({
  start: word.span.start,
  end: (valueWord ?? word).span.end,
});

export const optionRemoval = (dockerfile: Dockerfile, program: Program, option: CallOption): Remedy =>
  removal(`Remove ${option.name}`, single(dropOption(dockerfile, program, option)), IN_THE_WAY);

/** The call without one of its words. */
export const wordRemoval = (dockerfile: Dockerfile, { command }: Program, first: ShellWord, last = first): Remedy =>
  removal(
    `Remove ${last === first ? first.value : `${first.value} ${last.value}`}`,
    single(dropWords(dockerfile, command, first, last)),
    IN_THE_WAY,
  );

export const settingRemoval = ({ name, edits }: Setting): Remedy => removal(`Remove ${name}`, edits);

export const lineRemoval = ({ edits }: Written): Remedy =>
  removal("Remove the setting", edits, "it is part of a longer text: take it out by hand");

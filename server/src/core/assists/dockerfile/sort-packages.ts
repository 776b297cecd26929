/** The packages of an install call: sorted, and one on each line. */
import { indentAt } from "../../model/dockerfile/append-command.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import type { Manager } from "../../model/dockerfile/managers.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import type { ShellWord } from "../../model/dockerfile/shell.ts";
import { type Edit, replace, type Span, touches } from "../../text/edit.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { commentsIn } from "./heredoc-lines.ts";
import { instructionsAt, rewritten } from "./layout.ts";

export const sortPackages: Refactoring = {
  id: "sort-packages",
  about: "sort the packages of install commands, one on each line",
  safety: "safe",
  why: "Package managers work out all they are asked for at once, so the order of the names changes nothing; only the cache of this step is lost once.",
  everywhere: true,
  offers(dockerfile, at) {
    return instructionsAt(dockerfile, at).flatMap((instruction) => {
      const whole =
        touches(instruction.keyword.span, at) || (at.start <= instruction.span.start && instruction.span.end <= at.end);
      const lists = packageCalls(dockerfile, instruction)
        .filter(({ command }) => whole || touches(command.span, at))
        .flatMap((call) => listOf(dockerfile, instruction, call) ?? []);
      const [first] = lists;
      const last = lists.at(-1);
      if (!first || !last) return [];
      const refusals = lists.flatMap(({ made }) => (isRefusal(made) ? [made] : []));
      const edits = lists.flatMap(({ made }) => (isRefusal(made) ? [] : [made]));
      const [refusal] = edits.length === 0 ? refusals : [];
      const names = [...new Set(lists.map(({ manager }) => manager))].join(", ");
      return [
        {
          title: `Sort the packages of ${names}, one on each line`,
          kind: "refactor.rewrite" as const,
          span: { start: first.span.start, end: last.span.end },
          ...(lists.some(({ manager }) => IN_TURN.has(manager)) && { safety: "unsafe" as const }),
          ...refusal,
          rewrite: () =>
            refusal ?? {
              edits,
              left: refusals.map((each) => each.refusal),
              declared: {
                dropped: [],
                changes: [],
                rewritten: lists.flatMap(({ command, made }) =>
                  isRefusal(made) ? [] : [rewritten(dockerfile, command, made)],
                ),
              },
            },
        },
      ];
    });
  },
};

/** These install one after the other, and what comes first decides about versions. */
const IN_TURN: ReadonlySet<Manager> = new Set<Manager>(["gem", "pip", "uv pip"]);

/** The actions whose operands are packages. */
const ACTIONS: Readonly<Partial<Record<Manager, readonly string[]>>> = {
  "apt-get": ["install", "remove", "purge"],
  apt: ["install", "remove", "purge"],
  aptitude: ["install", "remove", "purge"],
  apk: ["add", "del"],
  yum: ["install", "remove"],
  dnf: ["install", "remove"],
  dnf5: ["install", "remove"],
  microdnf: ["install", "remove"],
  tdnf: ["install", "remove"],
  zypper: ["install", "in", "remove", "rm"],
  pip: ["install"],
  "uv pip": ["install"],
  pipx: ["install"],
  gem: ["install"],
  npm: ["install", "i", "add"],
  yarn: ["add"],
  pnpm: ["add", "install", "i"],
  bun: ["add", "install", "i"],
};

interface List {
  readonly manager: Manager;
  readonly span: Span;
  /** The whole command. */
  readonly command: Span;
  readonly made: Edit | Refusal;
}

/** Undefined where there is nothing to sort. */
function listOf(dockerfile: Dockerfile, instruction: Instruction, call: PackageCall): List | undefined {
  const { manager, action, operands, command } = call;
  if (call.instruction !== instruction || instruction.json || command.wrappers.includes("xargs")) return undefined;
  if (ACTIONS[manager]?.includes(action.value) !== true || operands.length < 2) return undefined;
  const [first] = operands;
  const last = operands.at(-1);
  const previous = first && command.args[command.args.indexOf(first) - 1];
  if (!previous || !last) return undefined;
  const span = { start: previous.span.end, end: last.span.end };
  const words = command.args.filter((word) => word.span.start > span.start);
  const options = words.filter((word) => !operands.includes(word));
  if (options.length === 0 && isInShape(dockerfile, operands, previous)) return undefined;
  const made =
    whyNot(dockerfile, instruction, span, words) ?? listed(dockerfile, instruction, { call, previous, words, options });
  return { manager, span, command: command.span, made };
}

const lineOf = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

/** Sorted, and each on a line of its own, however it is indented. */
function isInShape({ text }: Dockerfile, operands: readonly ShellWord[], previous: ShellWord): boolean {
  const lines = [previous, ...operands].map(({ span }) => lineOf(text, span.start));
  if (new Set(lines).size < lines.length) return false;
  return operands.every((word, at) => {
    const before = operands[at - 1];
    return !before || inOrder(before, word) <= 0;
  });
}

const inOrder = (a: ShellWord, b: ShellWord): number => {
  const [one, other] = [a.value.toLowerCase(), b.value.toLowerCase()];
  return one < other ? -1 : one > other ? 1 : 0;
};

function whyNot(
  { text, escape }: Dockerfile,
  instruction: Instruction,
  span: Span,
  words: readonly ShellWord[],
): Refusal | undefined {
  if (words.some(({ text: word }) => word === "--")) return { refusal: "-- ends the options among the packages" };
  const inside = [...words.map((word) => word.span), ...instruction.comments.map((comment) => comment.span)]
    .filter(({ start, end }) => start >= span.start && end <= span.end)
    .toSorted((a, b) => a.start - b.start);
  let at = span.start;
  const gaps = [...inside, { start: span.end, end: span.end }].map(({ start, end }) => {
    const gap = text.slice(at, start);
    at = Math.max(at, end);
    return gap;
  });
  // In a heredoc the continuation is the shell's.
  const strange = gaps.some((gap) => gap.replaceAll(escape, "").replaceAll("\\", "").trim() !== "");
  return strange ? { refusal: "something else than packages stands between them" } : undefined;
}

interface Parts {
  readonly call: PackageCall;
  /** The word in front of the first package. */
  readonly previous: ShellWord;
  readonly words: readonly ShellWord[];
  /** Those of the words that are no packages: they come in front of them. */
  readonly options: readonly ShellWord[];
}

function listed(dockerfile: Dockerfile, instruction: Instruction, { call, previous, words, options }: Parts): Edit {
  const { text, eol } = dockerfile;
  const { operands, command } = call;
  const isHeredoc = instruction.heredocs.some(
    ({ body }) => body.start <= previous.span.start && previous.span.end <= body.end,
  );
  const next = ` ${isHeredoc ? "\\" : dockerfile.escape}${eol}`;
  const base = indentAt(text, command.span.start);
  const indent = indentOf(text, operands) ?? `${base}    `;
  let from = previous.span.end;
  const entries = operands.map((word) => {
    const comments = commentsIn(instruction.comments, { start: from, end: word.span.start });
    from = word.span.end;
    const lines = comments.map(({ span }) => `${indent}${text.slice(span.start, span.end)}${eol}`);
    return { word, lines: `${lines.join("")}${indent}${word.text}` };
  });
  const sorted = entries.toSorted((a, b) => inOrder(a.word, b.word)).map(({ lines }) => lines);
  const end = Math.max(...words.map(({ span }) => span.end));
  // What goes on with another command on the same line gets a line as well.
  const follows = /^[ \t]*(?=(?:&&|\|\|)[ \t]*[^\s\\`])/.exec(text.slice(end));
  const moved = options.map((word) => ` ${word.text}`).join("");
  return replace(
    { start: previous.span.end, end: end + (follows?.[0].length ?? 0) },
    `${moved}${next}${sorted.join(next)}${follows ? `${next}${base || "    "}` : ""}`,
  );
}

/** That of the packages that begin a line. */
function indentOf(text: string, operands: readonly ShellWord[]): string | undefined {
  const own = operands.map(({ span }) => text.slice(lineOf(text, span.start), span.start));
  return own.find((before) => before !== "" && before.trim() === "");
}

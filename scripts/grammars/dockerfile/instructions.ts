/** What each instruction takes. Those that run commands are written for each language a shell can have. */
import { include, type Rule, scopes } from "../rule.ts";
import { HAS_HEREDOC, runHeredocs } from "./heredocs.ts";
import { type Language, SHELL } from "./languages.ts";
import { BRACE, firstStatement } from "./statement.ts";
import { CONTINUED, END, instruction } from "./lines.ts";

const KEYWORD = "keyword.other.special-method.dockerfile";
const VARIABLE = "variable.other.readwrite.dockerfile";
const ASSIGNMENT = "keyword.operator.assignment.dockerfile";

const FROM: readonly Rule[] = [
  ...include("flag"),
  {
    match: String.raw`(?<=\s)(?i:(AS))(?:[ \t]+([A-Za-z0-9][A-Za-z0-9_.-]*))?(?=\s|$)`,
    captures: scopes({ 1: KEYWORD, 2: "entity.name.function.stage.dockerfile" }),
  },
  { match: String.raw`(?<=\s)scratch(?=\s|$)`, name: "constant.language.scratch.dockerfile" },
  ...include("image"),
];

/** What comes behind the flags; `\G` fits where it begins, and where a line continues. */
const behindFlags = (...names: readonly string[]): readonly Rule[] => [
  ...include("flag"),
  { begin: String.raw`(?=[^\s])`, end: END, patterns: include(...names) },
];

const COPY = behindFlags("exec", "heredocs-copy", "text");

/** `A=b C="d"`, or one name and the rest of the line. */
const pairs = (name: string): readonly Rule[] => [
  {
    // Right behind the instruction: where a line continues, `\G` fits too.
    begin: String.raw`\G(?<=\w)[ \t]+([^\s="'$\\]+)(?=[ \t]+[^\s\\])`,
    beginCaptures: scopes({ 1: name }),
    end: END,
    patterns: include("text"),
  },
  {
    match: String.raw`(?<=\s)(?:([^\s="'\\${"`"}]+)|("(?:[^"\\]|\\.)*"|'[^']*'))(=)`,
    captures: scopes({ 1: name, 2: `string.quoted.dockerfile ${name}`, 3: ASSIGNMENT }),
  },
  ...include("text"),
];

const ARG: readonly Rule[] = [
  {
    match: String.raw`(?<=\s)([A-Za-z_][A-Za-z0-9_]*)(?:(=)|(?=\s|$))`,
    captures: scopes({ 1: VARIABLE, 2: ASSIGNMENT }),
  },
  ...include("text"),
];

const EXPOSE: readonly Rule[] = [
  ...include("variable"),
  {
    match: String.raw`(\d+)(?:(-)(\d+))?(?:(/)([A-Za-z]+))?`,
    captures: scopes({
      1: "constant.numeric.port.dockerfile",
      2: "keyword.operator.range.dockerfile",
      3: "constant.numeric.port.dockerfile",
      4: "punctuation.separator.protocol.dockerfile",
      5: "constant.language.protocol.dockerfile",
    }),
  },
  ...include("text"),
];

const USER: readonly Rule[] = [
  { match: String.raw`(?<=[\s:])\d+(?=[\s:]|$)`, name: "constant.numeric.user.dockerfile" },
  { match: ":", name: "punctuation.separator.group.dockerfile" },
  ...include("variable", "quoted"),
  { match: String.raw`[^\s\\"'$${"`"}:]+`, name: "string.unquoted.user.dockerfile" },
];

const STOPSIGNAL: readonly Rule[] = [
  { match: String.raw`\bSIG[A-Z0-9+-]+`, name: "constant.language.signal.dockerfile" },
  { match: String.raw`\b\d+\b`, name: "constant.numeric.signal.dockerfile" },
  ...include("text"),
];

/** The same whatever the shell is. */
export const INSTRUCTION_RULES: Readonly<Record<string, Rule>> = {
  arguments: {
    patterns: [
      instruction("FROM", FROM),
      instruction("COPY", COPY),
      instruction("ADD", COPY),
      instruction("ENV", pairs(VARIABLE)),
      instruction("ARG", ARG),
      instruction("LABEL", pairs("entity.other.attribute-name.label.dockerfile")),
      instruction("EXPOSE", EXPOSE),
      instruction("USER", USER),
      instruction("STOPSIGNAL", STOPSIGNAL),
      instruction("WORKDIR", include("text")),
      instruction("VOLUME", include("exec", "text")),
      instruction("SHELL", include("exec", "text")),
      instruction("MAINTAINER", include("text")),
    ],
  },
  /** No instruction of ours: its continued lines are its own all the same. */
  unknown: {
    name: "meta.instruction.dockerfile meta.unknown.dockerfile",
    // What is continued and is nothing yet is no part of what follows.
    begin: String.raw`^[ \t]*(?=[^\s#])(?![\\${"`"}][ \t]*$)`,
    end: END,
  },
};

/** Rules under names with the language's own, and the list of what can stand at the start of a line. */
export function instructionsIn(shell: Language): Readonly<Record<string, Rule>> {
  const { id, scope } = shell;
  const command: Rule = {
    name: "meta.command.dockerfile",
    contentName: `meta.embedded.inline.${id}`,
    begin: String.raw`(?=[^\s])`,
    // An unclosed quote does not outlive the line, nor what a heredoc is given to.
    while: `${CONTINUED}(?!${HAS_HEREDOC})`,
    patterns: [...(shell === SHELL ? [firstStatement(CONTINUED), BRACE] : []), { include: scope }],
  };
  return {
    ...runHeredocs(shell),
    [`command-${id}`]: { patterns: [...include("exec"), command] },
    // A trigger of a trigger is none.
    [`instruction-${id}`]: {
      patterns: [instruction("ONBUILD", include(`trigger-${id}`)), ...include(`trigger-${id}`)],
    },
    [`trigger-${id}`]: {
      patterns: [
        instruction("RUN", behindFlags("exec", `heredoc-${id}`, `command-${id}`)),
        instruction("CMD", include(`command-${id}`)),
        instruction("ENTRYPOINT", include(`command-${id}`)),
        instruction("HEALTHCHECK", [
          ...include("flag"),
          { match: String.raw`(?<=\s)(?i:(NONE))[ \t]*$`, name: "constant.language.none.dockerfile" },
          {
            begin: String.raw`(?<=\s|^)(?i:(CMD))(?=\s|$)`,
            beginCaptures: scopes({ 1: KEYWORD }),
            end: END,
            patterns: include(`command-${id}`),
          },
          ...include(`command-${id}`),
        ]),
        ...include("arguments"),
      ],
    },
  };
}

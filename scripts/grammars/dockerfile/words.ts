/** What arguments are made of: variables, quoted texts, images, flags and mounts. Nothing here stays open at the end of a line that is not continued. */
import {
  BARE_MOUNT_KEYS,
  INSTRUCTIONS,
  MOUNT_KEYS,
  MOUNT_TYPES,
} from "../../../server/src/core/model/dockerfile/instructions.ts";
import { imageRules } from "../image.ts";
import { BACKTICK } from "./lines.ts";
import { include, oneOf, type Rule, scopes } from "../rule.ts";

const flags = [...INSTRUCTIONS.values()].flatMap((each) => each.flags);
const CHOICES = new Set([
  ...["true", "false"],
  ...flags.flatMap(({ choices = [] }) => choices),
  ...MOUNT_TYPES.flatMap(({ name, options }) => [name, ...options.flatMap(({ choices = [] }) => choices)]),
]);

const VARIABLE = "variable.other.normal.dockerfile";
const ESCAPE = "constant.character.escape.dockerfile";
const STAGE = "entity.name.function.stage.dockerfile";
const NAME = "[A-Za-z_][A-Za-z0-9_]*";

/** The end of a word of arguments, with the blanks: what ends at the start of a line without taking anything hides that the line continues. */
const WHOLE_WORD_END = String.raw`[ \t]+|$`;
/** The end of a value of a mount's key. */
const WORD_END = String.raw`(?=[\s,])|$`;

const IMAGE = imageRules("dockerfile");

/** Behind `from=`: a word without a path and a tag is a stage or a named context. */
const source = (before: string): readonly Rule[] => [
  {
    match: String.raw`(?<=${before})(?:(\d+)|([A-Za-z][A-Za-z0-9_.-]*))(?=[\s,]|$)`,
    captures: scopes({ 1: "constant.numeric.stage.dockerfile", 2: STAGE }),
  },
  { begin: String.raw`(?<=${before})(?=[^\s,])`, end: WORD_END, name: "meta.image.dockerfile", patterns: IMAGE },
];

const flag = (name: string, rest: Pick<Rule, "patterns">): Rule => ({
  begin: String.raw`(?<=\s)(--)(${name})(=)?`,
  beginCaptures: scopes({
    1: "punctuation.definition.flag.dockerfile",
    2: "entity.other.attribute-name.flag.dockerfile",
    3: "keyword.operator.assignment.dockerfile",
  }),
  end: WHOLE_WORD_END,
  name: "meta.flag.dockerfile",
  ...rest,
});

const SIMPLE: Rule = {
  match: String.raw`(\$)(${NAME}|[0-9@*#?!-])`,
  captures: scopes({ 1: "punctuation.definition.variable.dockerfile", 2: VARIABLE }),
};
/** `${A:-b}`. Further ones inside, so many levels deep: without an end to it a line of nothing else would take minutes. */
const expansion = (levels: number): Rule => ({
  name: "variable.other.bracket.dockerfile",
  begin: String.raw`(\$\{)(${NAME}|\d+)?`,
  beginCaptures: scopes({ 1: "punctuation.definition.variable.begin.dockerfile", 2: VARIABLE }),
  end: String.raw`\}|$`,
  endCaptures: scopes({ 0: "punctuation.definition.variable.end.dockerfile" }),
  patterns: [
    { match: ":?[-+?=]|##?|%%?|//?", name: "keyword.operator.expansion.dockerfile" },
    ...(levels === 0 ? [] : [expansion(levels - 1)]),
    SIMPLE,
    { match: `"[^"$\\\\]*"|'[^']*'`, name: "string.quoted.expansion.dockerfile" },
    { match: String.raw`[^\s\\"'$}:+?=#%/-]+`, name: "string.unquoted.expansion.dockerfile" },
  ],
});

/** What the escape character takes its meaning from, not at the start of a line, where the instruction may be over: all but the inside of commands, arrays, heredocs and single quotes. */
const ESCAPABLE =
  "meta.instruction.dockerfile - (meta.command.dockerfile | meta.exec.dockerfile | meta.heredoc.dockerfile | meta.unknown.dockerfile | string.quoted.single.dockerfile)";

export const ESCAPES: Readonly<Record<string, Rule>> = {
  [`L:source.dockerfile ${ESCAPABLE} - ${BACKTICK}`]: {
    patterns: [{ match: String.raw`(?<=.)\\[^\s]`, name: ESCAPE }],
  },
  [`L:${BACKTICK} ${ESCAPABLE}`]: { patterns: [{ match: "(?<=.)`[^\\s]", name: ESCAPE }] },
};

export const WORD_RULES: Readonly<Record<string, Rule>> = {
  variable: { patterns: [expansion(2), SIMPLE] },
  quoted: {
    patterns: [
      {
        name: "string.quoted.double.dockerfile",
        begin: '"',
        beginCaptures: scopes({ 0: "punctuation.definition.string.begin.dockerfile" }),
        end: '"|$',
        endCaptures: scopes({ 0: "punctuation.definition.string.end.dockerfile" }),
        patterns: include("variable"),
      },
      {
        name: "string.quoted.single.dockerfile",
        begin: "'",
        beginCaptures: scopes({ 0: "punctuation.definition.string.begin.dockerfile" }),
        end: "'|$",
        endCaptures: scopes({ 0: "punctuation.definition.string.end.dockerfile" }),
      },
    ],
  },
  text: {
    patterns: [
      ...include("variable", "quoted"),
      { match: String.raw`[^\s\\"'$${"`"}]+|[\\${"`"}]`, name: "string.unquoted.dockerfile" },
    ],
  },
  image: {
    name: "meta.image.dockerfile",
    begin: String.raw`(?<=\s)(?=[^\s\\${"`"}])`,
    end: WHOLE_WORD_END,
    patterns: IMAGE,
  },
  value: {
    patterns: [
      { match: String.raw`(?<==)${oneOf(CHOICES)}(?=[\s,]|$)`, name: "constant.language.flag.dockerfile" },
      {
        match: String.raw`(?<==)(?:(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns))+(?=[\s,]|$)`,
        name: "constant.numeric.duration.dockerfile",
        captures: scopes({ 2: "keyword.other.unit.dockerfile" }),
      },
      { match: String.raw`(?<=[=:])\d+(?=[\s,:]|$)`, name: "constant.numeric.flag.dockerfile" },
      { match: String.raw`(?<==)sha\d+:[0-9a-f]+`, name: "constant.numeric.hex.digest.dockerfile" },
      ...include("variable", "quoted"),
      { match: ",", name: "punctuation.separator.mount.dockerfile" },
      { match: ":", name: "punctuation.separator.flag.dockerfile" },
      { match: String.raw`[^\s,:"'$\\]+`, name: "string.unquoted.flag.dockerfile" },
    ],
  },
  flag: {
    patterns: [
      flag("mount", {
        patterns: [
          ...source(String.raw`\bfrom=`),
          {
            match: String.raw`(?<=[=,])(?:(${oneOf(MOUNT_KEYS)})(=)|(${oneOf(BARE_MOUNT_KEYS)})(?=[\s,]|$))`,
            captures: scopes({
              1: "entity.other.attribute-name.mount.dockerfile",
              2: "keyword.operator.assignment.dockerfile",
              3: "entity.other.attribute-name.mount.dockerfile",
            }),
          },
          { include: "#value" },
        ],
      }),
      flag("from", { patterns: source("from=") }),
      flag("[A-Za-z][A-Za-z0-9-]*", { patterns: [{ include: "#value" }] }),
    ],
  },
  /** The exec form, as far as a line tells: a string and then a comma, the end of the array or of the line. */
  exec: {
    name: "meta.instruction.dockerfile meta.exec.dockerfile",
    begin: String.raw`\G[ \t]*(?=\[[ \t]*(?:"(?:[^"\\]|\\.)*"[ \t]*(?:,|\][ \t]*$|[\\${"`"}]?[ \t]*$)|\][ \t]*$|[\\${"`"}]?[ \t]*$))`,
    while: String.raw`\G`,
    patterns: [
      { match: String.raw`\[`, name: "punctuation.definition.array.begin.dockerfile" },
      { match: String.raw`\]`, name: "punctuation.definition.array.end.dockerfile" },
      { match: ",", name: "punctuation.separator.array.dockerfile" },
      {
        name: "string.quoted.double.dockerfile",
        begin: '"',
        beginCaptures: scopes({ 0: "punctuation.definition.string.begin.dockerfile" }),
        end: '"|$',
        endCaptures: scopes({ 0: "punctuation.definition.string.end.dockerfile" }),
        patterns: [
          { match: String.raw`\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})`, name: ESCAPE },
          { match: String.raw`\\[^\s]`, name: "invalid.illegal.unrecognized-string-escape.dockerfile" },
        ],
      },
    ],
  },
};

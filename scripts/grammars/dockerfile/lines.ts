/**
 * Where instructions begin and end. An instruction is open until a line begins that the line before did not continue, whatever is
 * unclosed in between. That a line continues is known at the next one by `\G`: it fits at a line's start only if what was opened
 * last took the end of the line before with it, and of our rules only the continuation does.
 */
import { include, type Rule, scopes } from "../rule.ts";

/** Fits at the start of a line that the line before did not continue. */
export const END = String.raw`^(?!\G)`;
/** Fits at the start of a line that the line before continued. */
export const CONTINUED = String.raw`\G`;

const KEYWORD = "keyword.other.special-method.dockerfile";

/** What begins with one of the keywords, in any case. Behind ONBUILD it does not stand at the start of a line. */
export const instruction = (keyword: string, patterns: readonly Rule[]): Rule => ({
  name: `meta.instruction.dockerfile meta.instruction.${keyword.toLowerCase()}.dockerfile`,
  begin: String.raw`(?:^|\G)[ \t]*(?i:(${keyword}))(?=[ \t]|\\?[ \t]*$|${"`"}[ \t]*$)`,
  beginCaptures: scopes({ 1: KEYWORD }),
  end: END,
  patterns,
});

/**
 * The rest of the line after a backslash, or a backtick, and the comments and empty lines that may follow. `while`, and not `end`, so that
 * `\G` still fits behind it.
 */
const continued = (begin: string): Rule => ({
  name: "meta.continuation.dockerfile",
  begin,
  beginCaptures: scopes({ 1: "constant.character.escape.line-continuation.dockerfile" }),
  while: String.raw`\G(?=[ \t]*(?:#|$))`,
  patterns: include("comment"),
});

/**
 * Two of the character are none. A comment of the shell may have taken it, but not the end of the line. At the start of a line it continues
 * only what has come to that line: a rule of its own, since a search that does not begin with `\G` is made anew for each token.
 */
const continuations = (character: string): readonly Rule[] => [
  continued(String.raw`(?<=[^${character}\n])(${character})[ \t]*\n|(?<=[^${character}]${character})[ \t]*\n`),
  continued(String.raw`\G(?<!.)(${character})[ \t]*\n`),
];

/** Inside everything that is open in an instruction, strings of an embedded language too; bodies of heredocs have no continuations. */
const WITHIN = "meta.instruction.dockerfile - (meta.heredoc.dockerfile | meta.continuation.dockerfile)";
/** The rest of a file whose escape character is the backtick. */
export const BACKTICK = "meta.escape.backtick.dockerfile";

export const CONTINUATIONS: Readonly<Record<string, Rule>> = {
  [`L:source.dockerfile ${WITHIN} - ${BACKTICK}`]: { patterns: continuations(String.raw`\\`) },
  [`L:${BACKTICK} ${WITHIN}`]: { patterns: continuations("`") },
};

const DIRECTIVE = String.raw`[ \t]*#[ \t]*(?i:syntax|escape|check)[ \t]*=`;

/** Comments, directives at the top, and the rest of a file whose escape character is the backtick. */
export const lineRules = (backtick: readonly Rule[]): Readonly<Record<string, Rule>> => ({
  comment: {
    name: "comment.line.number-sign.dockerfile",
    match: String.raw`^[ \t]*((#)[ \t]*(?:((?:global[ \t]+)?(?:dockwright|hadolint)(?:[ \t]+global)?)[ \t]+(ignore|shell)=([^ \t\n]*))?.*)$\n?`,
    captures: scopes({
      2: "punctuation.definition.comment.dockerfile",
      3: "storage.type.class.suppression.dockerfile",
      4: "keyword.other.suppression.dockerfile",
      5: "variable.other.suppression.dockerfile",
    }),
  },
  directives: {
    begin: String.raw`\A(?=${DIRECTIVE})`,
    end: `^(?!${DIRECTIVE})`,
    patterns: include("backtick", "directive", "comment"),
  },
  directive: {
    name: "meta.directive.dockerfile",
    match: String.raw`^[ \t]*(#)[ \t]*(?i:(syntax)|(escape)|(check))[ \t]*(=)[ \t]*(.*?)[ \t]*$`,
    captures: {
      ...scopes({
        1: "comment.line.number-sign.dockerfile punctuation.definition.comment.dockerfile",
        2: "keyword.control.directive.dockerfile",
        3: "keyword.control.directive.dockerfile",
        4: "keyword.control.directive.dockerfile",
        5: "keyword.operator.assignment.dockerfile",
      }),
      6: { name: "string.unquoted.directive.dockerfile" },
    },
  },
  backtick: {
    contentName: BACKTICK,
    begin: String.raw`^[ \t]*(#)[ \t]*(?i:(escape))[ \t]*(=)[ \t]*(${"`"})[ \t]*$`,
    beginCaptures: scopes({
      1: "comment.line.number-sign.dockerfile punctuation.definition.comment.dockerfile",
      2: "keyword.control.directive.dockerfile",
      3: "keyword.operator.assignment.dockerfile",
      4: "string.unquoted.directive.dockerfile",
    }),
    // Holds for the rest of the file.
    end: "(?!)",
    patterns: [...include("directive"), ...backtick],
  },
});

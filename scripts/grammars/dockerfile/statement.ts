/** The first command of a line of shell: the editor's grammar knows commands by what stands before them, and never saw RUN there. */
import type { Rule } from "../rule.ts";

/** Words that the grammar knows anywhere. */
const KEYWORDS = "case|do|done|elif|else|esac|fi|for|function|if|in|select|then|time|until|while";

/** @param at where a command may begin, as a pattern */
export const firstStatement = (at: string): Rule => ({
  name: "meta.statement.shell",
  begin: String.raw`${at}(?=[^\s#(){}\[\];&|<>!${"`"}])(?!(?:${KEYWORDS})(?:\W|$))`,
  end: String.raw`(?=[;|&)${"`"}{}\]\n]|[ \t]*#)(?<!\\)`,
  patterns: [{ include: "source.shell#typical_statements" }],
});

/**
 * A brace or bracket right behind a separator, as in `a;{ b; }`: there the editor's grammar begins a command and ends it without taking anything, which
 * makes the tokenizer give up the line, and with it that the line continues.
 */
export const BRACE: Rule = { match: String.raw`(?<=[;|&])[{}\])]`, name: "punctuation.definition.group.shell" };

/**
 * Heredocs: the marker, the body by its language, the line that ends it. The body is asked at each line whether it goes on, before anything
 * that is open inside, so no quote of an embedded language outlives it.
 */
import { include, type Captures, type Rule, scopes } from "../rule.ts";
import { firstStatement } from "./statement.ts";
import { blockScope, LANGUAGES, type Language } from "./languages.ts";

/** One word: quotes hold spaces together. Atomic, so that a long line costs one pass. */
const WORD = String.raw`(?>(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)`;
/** Descriptor, `<<`, `-`, quote, name, quote. */
const MARKER = String.raw`(\d*<<)(-?)(["']?)([^\s<>"'|&;()]+)(["']?)(?=[\s]|$)`;
/** Of what is behind the marker. */
const REST = "meta.heredoc.rest.dockerfile";
const markerScopes = (first: number): Captures =>
  scopes({
    [first]: "keyword.operator.heredoc.dockerfile",
    [first + 1]: "keyword.operator.heredoc.dockerfile",
    [first + 2]: "punctuation.definition.string.heredoc.dockerfile",
    [first + 3]: "keyword.control.heredoc-token.dockerfile",
    [first + 4]: "punctuation.definition.string.heredoc.dockerfile",
  });
/** Words before the marker. */
const WORDS = `(?:${WORD}[ \\t]+)*?`;
/** Where the arguments begin, behind the flags, or a line that continues them: nowhere else is looked, which would take long lines too long. */
const START = String.raw`\G[ \t]*`;

/** The line that ends it; tabs may stand before the name where the marker has a `-`: `(?!)` fits nowhere, `(?!\-)` here always. */
const terminator = (dash: number, name: number): string => `(?:(?!\\${dash})\\t+)?\\${name}$`;

/** A marker somewhere on the line: what is open there makes way for the heredoc. */
export const HAS_HEREDOC = String.raw`[ \t]*${WORDS}\d*<<-?["']?[^\s<>"'|&;()]+["']?(?=[\s]|$)`;

interface Body {
  readonly contentName: string;
  readonly patterns: readonly Rule[];
}

/**
 * @param before what stands before the marker, without groups
 * @param after a condition on the rest of the line
 * @param quote quotes of the name
 * @param words rules for what is around the marker
 */
function heredoc(
  { before, after = "", quote = `["']?` }: { before: string; after?: string; quote?: string },
  words: readonly Rule[],
  { contentName, patterns }: Body,
): Rule {
  const marker = MARKER.replace(`(["']?)`, `(${quote})`);
  // Atomic: where what follows the first marker does not fit, no later one is tried.
  const ends = terminator(3, 5);
  const beginCaptures: Captures = {
    1: { patterns: words },
    ...markerScopes(2),
    7: { name: REST, patterns: words },
  };
  return {
    name: "meta.heredoc.dockerfile",
    begin: `${START}(?=(?>(${before})${marker})${after})`,
    end: `^${ends}`,
    endCaptures: scopes({ 0: "keyword.control.heredoc-token.dockerfile" }),
    patterns: [
      {
        begin: String.raw`\G(?>(${before})${marker})${after}(.*)\n`,
        beginCaptures,
        while: `^(?!${ends})`,
        contentName,
        patterns,
      },
    ],
  };
}

const embedded = (language: Language): Body => ({
  contentName: blockScope(language),
  patterns: [{ include: language.scope }],
});
const EXPANDED: Body = { contentName: "string.unquoted.heredoc.dockerfile", patterns: include("variable") };
const VERBATIM: Body = { contentName: "string.unquoted.heredoc.dockerfile", patterns: [] };

/** A script: in the language its first line names, else in that of the shell. */
const script = (shell: Language): Body => ({
  contentName: "meta.script.dockerfile",
  patterns: [
    ...LANGUAGES.flatMap((language) =>
      language.programs === undefined
        ? []
        : [inScript(language, String.raw`^(#!.*?(?:[/ ]|\b)(?:${language.programs})(?:[ \t].*)?)$`)],
    ),
    inScript(shell, "^"),
  ],
});
const inScript = (language: Language, begin: string): Rule => ({
  begin,
  beginCaptures: scopes({ 1: "comment.line.shebang.dockerfile" }),
  end: "(?!)",
  contentName: blockScope(language),
  patterns: [{ include: language.scope }],
});

/** A program at the start of a command, with arguments. */
const runs = (programs: string): string =>
  String.raw`(?:${WORDS}(?:[;&|({]+|\b(?:exec|env|do|then|else|sudo))[ \t]+)?(?:[A-Za-z_]\w*=\S*[ \t]+)*(?:[^\s;&|<>]*/)?(?:${programs})[ \t]+(?:[^|;&<>\n]*?[ \t])?`;
const writesTo = (endings: string): string => String.raw`[^\s;&|<>]*\.(?:${endings})["']?(?=[\s;&|]|$)`;

/** What is around the marker of a RUN. */
const COMMAND: readonly Rule[] = [firstStatement(String.raw`(?<=\s)(?<![<>]\s)`), { include: "source.shell" }];

/** Several on one line: the first is read like a single one, the others are texts up to the last name. */
const several = (single: readonly Rule[]): Rule => ({
  name: "meta.heredoc.dockerfile",
  begin: `${START}(?=(?>${WORDS}${MARKER}).*[ \\t]${MARKER})`,
  // Of the second marker.
  end: `^${terminator(7, 9)}`,
  endCaptures: scopes({ 0: "keyword.control.heredoc-token.dockerfile" }),
  patterns: [
    ...single,
    {
      name: "string.unquoted.heredoc.dockerfile",
      begin: String.raw`^(?=.)`,
      end: "$",
      patterns: include("variable"),
    },
  ],
});

const ofRun: readonly Rule[] = [
  ...LANGUAGES.flatMap((language) =>
    language.programs === undefined ? [] : [heredoc({ before: runs(language.programs) }, COMMAND, embedded(language))],
  ),
  ...LANGUAGES.flatMap((language) => {
    const { endings } = language;
    if (endings === undefined) return [];
    const body = embedded(language);
    return [
      heredoc(
        { before: WORDS, after: String.raw`(?=.*?(?:>|\btee\b.*?[ \t])[ \t]*["']?${writesTo(endings)})` },
        COMMAND,
        body,
      ),
      heredoc(
        { before: String.raw`(?:.*?(?:>|\btee\b.*?[ \t])[ \t]*["']?${writesTo(endings)}.*?[ \t])` },
        COMMAND,
        body,
      ),
    ];
  }),
  heredoc({ before: WORDS, quote: `["']` }, COMMAND, VERBATIM),
  heredoc({ before: WORDS }, COMMAND, EXPANDED),
];

const PATHS = include("text");
const ofCopy: readonly Rule[] = [
  ...LANGUAGES.flatMap((language) => {
    const { endings } = language;
    if (endings === undefined) return [];
    const body = embedded(language);
    return [
      heredoc({ before: WORDS, after: String.raw`(?<=\.(?:${endings})|\.(?:${endings})["'])` }, PATHS, body),
      heredoc({ before: WORDS, after: String.raw`(?=.*\.(?:${endings})["']?[ \t]*$)` }, PATHS, body),
    ];
  }),
  heredoc({ before: WORDS, quote: `["']` }, PATHS, VERBATIM),
  heredoc({ before: WORDS }, PATHS, EXPANDED),
];

/** Further markers on the line, wherever the shell's grammar stands there. */
export const FURTHER_MARKERS: Readonly<Record<string, Rule>> = {
  [`L:${REST}`]: { patterns: [{ match: String.raw`(?<=\s)${MARKER}`, captures: markerScopes(1) }] },
};

export const HEREDOC_RULES: Readonly<Record<string, Rule>> = {
  "heredocs-run": { patterns: ofRun },
  "heredocs-copy": { patterns: [several(include("one-heredoc-copy")), ...include("one-heredoc-copy")] },
  "one-heredoc-copy": { patterns: ofCopy },
};

/** Heredocs of RUN: a script in the shell's language if the marker comes first, else what a program is given or what is written. */
export const runHeredocs = (shell: Language): Readonly<Record<string, Rule>> => ({
  [`heredoc-${shell.id}`]: {
    patterns: [several(include(`one-heredoc-${shell.id}`)), ...include(`one-heredoc-${shell.id}`)],
  },
  [`one-heredoc-${shell.id}`]: {
    patterns: [heredoc({ before: "" }, COMMAND, script(shell)), ...include("heredocs-run")],
  },
});

/** The grammar of Dockerfiles. */
import { type Grammar, include, type Rule, scopes } from "../rule.ts";
import { FURTHER_MARKERS, HEREDOC_RULES } from "./heredocs.ts";
import { INSTRUCTION_RULES, instructionsIn } from "./instructions.ts";
import { CMD, type Language, SHELL, SHELLS } from "./languages.ts";
import { CONTINUATIONS, lineRules } from "./lines.ts";
import { ESCAPES, WORD_RULES } from "./words.ts";

/** What can stand at the start of a line while this is the shell. */
const lines = ({ id }: Language): readonly Rule[] => include("comment", `instruction-${id}`, "unknown");

/** From a SHELL instruction to the next, or to the next stage, commands are in that shell's language. */
const withShell = (shell: Language): Rule => ({
  name: `meta.shell.${shell.id}.dockerfile`,
  begin: String.raw`^[ \t]*(?i:(SHELL))(?=[ \t]+\[[ \t]*"(?:[^"]*[\\/])?(?:${shell.programs})")`,
  beginCaptures: scopes({ 1: "keyword.other.special-method.dockerfile" }),
  end: String.raw`^(?=[ \t]*(?i:FROM|SHELL)(?:[ \t]|$))`,
  patterns: [...include("exec"), ...lines(shell)],
});

const fileWith = (usual: Language): readonly Rule[] => [
  ...SHELLS.filter((shell) => shell !== usual).map(withShell),
  ...lines(usual),
];

export const dockerfile: Grammar = {
  name: "Dockerfile",
  scopeName: "source.dockerfile",
  patterns: [...include("directives"), ...fileWith(SHELL)],
  injections: { ...CONTINUATIONS, ...ESCAPES, ...FURTHER_MARKERS },
  repository: {
    ...lineRules(fileWith(CMD)),
    ...WORD_RULES,
    ...HEREDOC_RULES,
    ...INSTRUCTION_RULES,
    ...Object.assign({}, ...SHELLS.map(instructionsIn)),
  },
};

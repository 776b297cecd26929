/**
 * Grammars in the place of the editor's for embedded languages, as ill-behaved as those can be: a quote that is not closed stays open for
 * ever. The real ones are in an editor; `test/vscode/suite/grammar.test.ts` has them.
 */
import { LANGUAGES } from "../../scripts/grammars/dockerfile/languages.ts";
import type { Rule } from "../../scripts/grammars/rule.ts";

interface StandIn {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository?: Readonly<Record<string, Rule>>;
}

const open = (quote: string, name: string): Rule => ({ name, begin: quote, end: quote });

const language = (scopeName: string, id: string): StandIn => ({
  scopeName,
  patterns: [
    { match: "#.*", name: `comment.line.number-sign.${id}` },
    { match: String.raw`\b(?:import|const|set|select|if|then|fi)\b`, name: `keyword.control.${id}` },
    { match: String.raw`\$[A-Za-z_]\w*`, name: `variable.other.normal.${id}` },
    { match: "&&|[|;{}]", name: `keyword.operator.${id}` },
    open(`"""`, `string.quoted.multi.${id}`),
    open(`"`, `string.quoted.double.${id}`),
    open("'", `string.quoted.single.${id}`),
    open("`", `string.template.${id}`),
  ],
});

/** Ours names this part of the editor's grammar of shells. */
const shell: StandIn = {
  ...language("source.shell", "shell"),
  repository: {
    typical_statements: {
      patterns: [
        { match: String.raw`\G[a-z./-]+`, name: "entity.name.command.shell" },
        ...language("source.shell", "shell").patterns,
      ],
    },
  },
};

const yaml: StandIn = {
  scopeName: "source.yaml",
  patterns: [
    { match: "#.*", name: "comment.line.number-sign.yaml" },
    {
      name: "meta.map.key.yaml string.unquoted.plain.yaml entity.name.tag.yaml",
      begin: String.raw`(?=[A-Za-z0-9_.<-]+:(?:\s|$))`,
      end: "(?=:)",
    },
    { match: String.raw`[:-](?=\s|$)|[\[\]{},]`, name: "punctuation.yaml" },
    open(`"`, "string.quoted.double.yaml"),
    open("'", "string.quoted.single.yaml"),
    { name: "string.unquoted.plain.out.yaml", begin: String.raw`(?=[^\s:,\[\]{}#&*])`, end: "(?= #)|$" },
  ],
};

export const STAND_INS: readonly StandIn[] = [
  shell,
  yaml,
  ...LANGUAGES.filter(({ id }) => id !== "shell" && id !== "yaml").map(({ scope, id }) => language(scope, id)),
];

import type { Instruction, Logical } from "../../model/dockerfile/model.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import { behindFirstWord } from "../../model/dockerfile/words.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { type Edit, remove, replace } from "../../text/edit.ts";

export default defineRule({
  id: "exec-form-single-quotes",
  summary: "JSON form written with single quotes",
  severity: "error",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["dockerfile-utils:JSON_IN_SINGLE_QUOTES"],
  why: `
JSON has double quotes only. \`CMD ['node', 'app.js']\` is no array but a shell command, whose program is called \`[node,\`;
\`COPY ['a', 'b']\` looks for a file called \`['a',\`. The build may pass, and the container then does not start.`,
  fixSafety: "Safe: as it stands, it cannot do what it says; with double quotes it does.",
  examples: [
    { bad: "FROM node:22\nCMD ['node', 'app.js']\n", fixed: 'FROM node:22\nCMD ["node", "app.js"]\n' },
    { good: 'FROM node:22\nCMD ["node", "app.js"]\n' },
    { good: "FROM node:22\nRUN [ 'a' = 'b' ] || true\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.all) {
      if (instruction.json || !INSTRUCTIONS.get(instruction.name)?.json) continue;
      const list = listOf(instruction);
      const edits = list && editsFor(list);
      if (!list || !edits) continue;
      const end = list.text.trimEnd().length;
      const start = list.text.search(/\S/);
      report(list.span(start, end), {
        message: `${instruction.name} is not in JSON form: JSON strings have double quotes`,
        fixes: [safeFix("Write double quotes", ...edits)],
      });
    }
  },
});

/** The part that would be the array. */
function listOf({ name, body }: Instruction): Logical | undefined {
  if (name !== "HEALTHCHECK") return body;
  const split = behindFirstWord(body);
  return split?.first.text.toUpperCase() === "CMD" ? split.rest : undefined;
}

const ELEMENT = /\s*(?:'([^']*)'|"(?:[^"\\]|\\.)*")\s*(,\s*\]\s*$|,|\]\s*$)/y;

/** What makes it JSON; undefined when it is no list of strings, or has no single quotes. */
function editsFor(list: Logical): Edit[] | undefined {
  const open = /^\s*\[/.exec(list.text);
  if (!open) return undefined;
  const edits: Edit[] = [];
  for (ELEMENT.lastIndex = open[0].length; ; ) {
    const start = ELEMENT.lastIndex;
    const found = ELEMENT.exec(list.text);
    if (!found) return undefined;
    const [whole, single, separator = ""] = found;
    if (single !== undefined) {
      const from = start + whole.indexOf("'");
      edits.push(replace(list.span(from, from + single.length + 2), JSON.stringify(single)));
    }
    if (separator === ",") continue;
    const comma = start + whole.length - separator.length;
    if (separator.startsWith(",")) edits.push(remove(list.span(comma, comma + 1)));
    return edits.length > 0 && list.text.includes("'") ? edits : undefined;
  }
}

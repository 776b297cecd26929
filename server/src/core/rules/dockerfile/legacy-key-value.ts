import type { Dockerfile, Instruction, Pair } from "../../model/dockerfile/model.ts";
import { asOneWord } from "../../model/dockerfile/quoting.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { type Edit, replace } from "../../text/edit.ts";
import { allNamedEither } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "legacy-key-value",
  summary: "ENV or LABEL with a blank instead of =",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["buildkit:LegacyKeyValueFormat", "dockerfilelint:label_invalid"],
  why: `
\`ENV ONE two=2 three=3\` sets a single variable, \`ONE\`, to all of the rest. With \`=\` an instruction sets what it seems to set.
The form with a blank is kept for old files only, and Docker has announced its end.`,
  fixSafety: `
Safe: the value is quoted where it needs to be, so that it is the same after quotes, escapes and variables are read. Where that
cannot be said (an open quote, quotes inside \`\${…}\`), there is no fix.`,
  examples: [
    { bad: "FROM alpine:3.22\nENV LANG C.UTF-8\n", fixed: "FROM alpine:3.22\nENV LANG=C.UTF-8\n" },
    {
      bad: "FROM alpine:3.22\nENV DEPS \\\n    curl \\\n    git\n",
      fixed: 'FROM alpine:3.22\nENV DEPS="curl \\\n    git"\n',
    },
    { good: "FROM alpine:3.22\nENV LANG=C.UTF-8 TZ=UTC\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamedEither(dockerfile, "ENV", "LABEL")) {
      for (const pair of instruction.pairs) {
        // A name without any value is argument-count's.
        if (!pair.legacy || !pair.value) continue;
        const result = fixFor(dockerfile, instruction, pair);
        report(pair.key.span, {
          message: `${instruction.name} ${pair.key.text} has a blank where = belongs`,
          ...(typeof result === "string" ? { refusal: result } : { fixes: [result] }),
        });
      }
    }
  },
});

const QUOTED_KEY = /^(?:[^"']*|"[^"]*"|'[^']*')$/;

/** The fix, or why there is none. */
function fixFor(dockerfile: Dockerfile, instruction: Instruction, { key, value }: Pair): Fix | string {
  if (!value) return "there is no value";
  if (!QUOTED_KEY.test(key.text)) return "the name has a quote in it";
  const edits = asOneWord(value.text, dockerfile.escape);
  if (!edits) return "the quotes of the value do not come out right in the other form";
  const gap = { start: key.span.end, end: value.span.start };
  if (instruction.comments.some(({ span }) => span.start >= gap.start && span.end <= gap.end))
    return "a comment stands between the name and its value";
  const { body } = instruction;
  const from = body.text.length - value.text.length;
  const [first, ...others] = edits;
  // The first quote goes where the blank was: two edits must not meet.
  const opening = first?.start === 0 ? first : undefined;
  const firstEdit: Edit = opening
    ? replace(
        { start: gap.start, end: opening.end === 0 ? gap.end : body.sourceAt(from + opening.end) },
        `=${opening.text}`,
      )
    : replace(gap, "=");
  const rest = (opening ? others : edits).map(({ start, end, text }) =>
    replace(body.span(from + start, from + end), text),
  );
  return safeFix("Write it with =", firstEdit, ...rest);
}

import { tailOf } from "../../model/dockerfile/logical.ts";
import type { Instruction, Logical } from "../../model/dockerfile/model.ts";
import { plainWords } from "../../model/dockerfile/plain-words.ts";
import { isPosixShell } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { isProgram, jsonEdits } from "../../model/dockerfile/exec-words.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "healthcheck-shell-form",
  summary: "HEALTHCHECK CMD in shell form",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3025"],
  why: `
Every check in shell form starts a shell, and the image needs to have one. Where the command is one program with plain words, the exec
form does the same with one process less. A check that uses what a shell does, as \`|| exit 1\`, is shown in the profile \`all\` only.
The command and its start are [exec-form](exec-form.md)'s.`,
  fixSafety:
    "Safe: the same program starts with the same arguments, without a shell in front of it; its exit status decides as before.",
  examples: [
    {
      bad: "FROM nginx:1.29\nHEALTHCHECK --interval=30s CMD curl -f http://127.0.0.1/\n",
      fixed: 'FROM nginx:1.29\nHEALTHCHECK --interval=30s CMD ["curl", "-f", "http://127.0.0.1/"]\n',
    },
    { good: 'FROM nginx:1.29\nHEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1/"]\n' },
    { good: "FROM nginx:1.29\nHEALTHCHECK NONE\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "HEALTHCHECK")) {
      const command = shellFormOf(instruction);
      if (!command) continue;
      const shell = shellAt(dockerfile, instruction);
      const words = isPosixShell(shell.name) && !shell.set ? plainWords(command) : undefined;
      const span = command.span(0, command.text.length);
      if (words && isProgram(words))
        report(span, {
          message: "HEALTHCHECK CMD in shell form starts a shell for every check, which this one does not need",
          fixes: [safeFix("Use the exec form", ...jsonEdits(words))],
        });
      else
        report(span, {
          message: "HEALTHCHECK CMD in shell form starts a shell for every check",
          severity: "hint",
          profile: "all",
          refusal: "it is not known to work without the shell: put it into a script that the exec form starts",
        });
    }
  },
});

/** What stands behind CMD; undefined for JSON form, NONE and nothing at all. */
function shellFormOf({ json, body, words }: Instruction): Logical | undefined {
  if (json || words[0]?.text.toUpperCase() !== "CMD") return undefined;
  const start = /^\s*\S+\s*/.exec(body.text)?.[0].length ?? 0;
  return start < body.text.length ? tailOf(body, start) : undefined;
}

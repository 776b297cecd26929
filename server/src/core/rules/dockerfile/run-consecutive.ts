import { flagsOf, joinRuns } from "../../assists/dockerfile/join-runs.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isPosixShell, programsOf } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";

/** A RUN of more commands than this was put together on purpose. */
const FEW = 1;

export default defineRule({
  id: "run-consecutive",
  summary: "RUN right after RUN",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3059", "kics:Multiple RUN, ADD, COPY, Instructions Listed"],
  why: `
Every RUN makes a layer, and what a later one deletes stays in the one before. One RUN with \`&&\` keeps what is cleaned up out of
the image. The price is the cache: a change to one command runs all of them again, which is why this is a matter of taste where
nothing is deleted. Only RUNs of a single command each, with the same flags, are reported; COPY and ADD in
a row, which KICS counts among them, are the matter of copy-consecutive. hadolint reads PowerShell as if it
were sh and loses count; here its \`;\`, \`&&\` and pipes outside of quotes and braces are counted.`,
  fixSafety: `
Unsafe: the layers and what the cache can reuse change, and a command sees what the one before left in the shell. Refused for
heredocs and JSON forms, where the shell's state would leak over (\`cd\`, \`set\`, \`export\`), and where \`;\` or \`||\` would
swallow a failure of the first.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN /install.sh\nRUN rm /install.sh\n",
      fixed: "FROM debian:13\nRUN /install.sh && \\\n    rm /install.sh\n",
    },
    { good: "FROM debian:13\nRUN /install.sh && rm /install.sh\n" },
  ],
  check({ dockerfile, report }) {
    let first: { flags: string; count: number } | undefined;
    for (const instruction of dockerfile.instructions) {
      if (instruction.name !== "RUN") {
        first = undefined;
        continue;
      }
      const own = { flags: flagsOf(instruction), count: commandsIn(dockerfile, instruction) };
      if (first?.flags !== own.flags || own.count > FEW || first.count > FEW || own.count === 0 || first.count === 0) {
        first = own;
        continue;
      }
      const before = dockerfile.instructions[instruction.index - 1];
      if (before)
        report(instruction.keyword.span, {
          message: "This RUN could be part of the one above: each makes a layer of its own",
          ...remedy(dockerfile, before, instruction),
        });
    }
  },
});

/** A test in brackets is part of what it decides. PowerShell and cmd are not read: what separates commands there is counted. */
function commandsIn(dockerfile: Dockerfile, instruction: Instruction): number {
  if (!instruction.json && !isPosixShell(shellAt(dockerfile, instruction).name))
    return statementsIn(instruction.body.text);
  return programsOf(dockerfile, instruction).filter(
    ({ name, wrappers }) => wrappers.length === 0 && name !== "[" && name !== "[[",
  ).length;
}

/** What is in quotes, brackets and braces belongs to the statement around it. */
function statementsIn(text: string): number {
  let outer = text.replace(/"(?:[^"`]|`.)*"|'[^']*'/gs, "");
  for (let inner = ""; inner !== outer; ) {
    inner = outer;
    outer = inner.replace(/\([^(){}]*\)|\{[^(){}]*\}/g, "");
  }
  return outer.split(/;|&&|\|/).filter((part) => part.trim() !== "").length;
}

function remedy(dockerfile: Dockerfile, first: Instruction, second: Instruction): Pick<Report, "fixes" | "refusal"> {
  const joined = joinRuns(dockerfile, first, second);
  if ("refusal" in joined) return joined;
  if (joined.first === "subshell")
    return { refusal: "the first RUN changes the state of its shell, which the second would then see" };
  if (joined.second === "braces")
    return { refusal: "the second RUN has a ; or ||, which would hide a failure of the first" };
  return { fixes: [unsafeFix("Join it with the RUN above", ...joined.edits)] };
}

import { indentAt } from "../../model/dockerfile/append-command.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isPosixShell, programsOf, scriptsOf, type ShellScript } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

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
    for (const [at, instruction] of dockerfile.instructions.entries()) {
      if (instruction.name !== "RUN") {
        first = undefined;
        continue;
      }
      const own = { flags: flagsOf(instruction), count: commandsIn(dockerfile, instruction) };
      if (first?.flags !== own.flags || own.count > FEW || first.count > FEW || own.count === 0 || first.count === 0) {
        first = own;
        continue;
      }
      const before = dockerfile.instructions[at - 1];
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

const flagsOf = ({ flags }: Instruction): string =>
  flags
    .map(({ name, value }) => `${name}=${value?.text ?? ""}`)
    .sort()
    .join(" ");

/** What a command leaves in the shell for the next one. */
const STATE: ReadonlySet<string> = new Set(
  "cd pushd popd set shopt export unset readonly declare typeset local umask ulimit trap alias source . exec exit return eval".split(
    " ",
  ),
);

function remedy(dockerfile: Dockerfile, first: Instruction, second: Instruction): Pick<Report, "fixes" | "refusal"> {
  const [above, ...othersAbove] = scriptsOf(dockerfile, first);
  const [below, ...othersBelow] = scriptsOf(dockerfile, second);
  if (first.heredocs.length > 0 || second.heredocs.length > 0) return { refusal: "a heredoc cannot be joined with &&" };
  if (first.json || second.json) return { refusal: "the JSON form has no shell that could join them" };
  if (!above || !below || othersAbove.length > 0 || othersBelow.length > 0 || above.broken || below.broken)
    return { refusal: "the commands cannot be read for certain" };
  if (leavesState(above))
    return { refusal: "the first RUN changes the state of its shell, which the second would then see" };
  if (!endsPlainly(dockerfile, above) || first.open)
    return { refusal: "something stands behind the last command of the first RUN" };
  if (below.statements.length > 1 || below.commands.some(({ joinedBy }) => joinedBy === "||" || joinedBy === ";"))
    return { refusal: "the second RUN has a ; or ||, which would hide a failure of the first" };
  const comments = dockerfile.comments.filter(
    ({ span }) => span.start >= first.span.end && span.end <= second.span.start,
  );
  if (comments.some(({ text }) => /^(?:hadolint|dockwright|check=|checkov|kics|trivy)/i.test(text)))
    return { refusal: "a comment between them says what a linter has to ignore there" };
  const { text, eol, escape } = dockerfile;
  const indent =
    first.head.end > first.keyword.span.end && text.slice(first.head.start, first.head.end).includes("\n")
      ? indentAt(text, first.head.end) || "    "
      : "    ";
  const kept = comments.map(({ span }) => text.slice(span.start, span.end) + eol).join("");
  const span = { start: first.head.end, end: second.body.sourceAt(0) };
  return { fixes: [unsafeFix("Join it with the RUN above", replace(span, ` && ${escape}${eol}${kept}${indent}`))] };
}

const leavesState = ({ commands }: ShellScript): boolean =>
  commands.some(
    ({ name, nameWord, isolated }) => !isolated && (nameWord === undefined || (name !== undefined && STATE.has(name))),
  );

/** No `;`, `&` or comment behind the last statement. */
const endsPlainly = ({ text }: Dockerfile, { statements, instruction }: ShellScript): boolean => {
  const last = statements.at(-1);
  return (
    last !== undefined &&
    text.slice(last.end, instruction.head.end).trim() === "" &&
    !/[&;]\s*$/.test(text.slice(last.start, last.end))
  );
};

import { allNamed } from "../../model/dockerfile/named.ts";
import { indentAt } from "../../model/dockerfile/append-command.ts";
import type { Dockerfile, Heredoc } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellCommand, type ShellScript } from "../../model/dockerfile/shell.ts";
import { onSince } from "../../model/dockerfile/shell-options.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { contains, insert, type Span } from "../../text/edit.ts";

/** What does not fail in a build, or whose failure changes nothing. */
const HARMLESS: ReadonlySet<string> = new Set([
  "echo",
  "printf",
  "set",
  "export",
  "readonly",
  "local",
  "declare",
  "shopt",
  "umask",
  "true",
  ":",
  "unset",
  "trap",
  "alias",
  "exit",
  "sleep",
]);

/** Nothing is lost by its failure: it has none, or it was asked for. */
const isHarmless = ({ name = "", nameWord, asked }: ShellCommand): boolean =>
  nameWord === undefined || asked || HARMLESS.has(name);

export default defineRule({
  id: "heredoc-without-set-e",
  summary: "RUN heredoc that goes on after a failing line",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [],
  why: `
The lines of a \`RUN\` heredoc are not joined by \`&&\`. When one of them fails the shell goes on, and only the last line decides
whether the build fails: an image is made, tagged and pushed without what the failing line should have put into it.
\`set -e\` as the first line makes the build stop at the failure.`,
  fixSafety: `
Unsafe: a line that fails today without anybody noticing will stop the build. That is the point, but it may stop yours; a
line that may fail wants \`|| true\`.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n",
      fixed: "FROM debian:13\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\n",
    },
    { good: "FROM debian:13\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\n" },
    { good: "FROM debian:13\nRUN <<EOF\napt-get update &&\napt-get install -y curl\nEOF\n" },
  ],
  check({ dockerfile, report }) {
    for (const run of allNamed(dockerfile, "RUN").filter(({ heredocs }) => heredocs.length > 0))
      for (const script of scriptsOf(dockerfile, run)) {
        const { heredoc } = script;
        if (!heredoc || script.broken) continue;
        const [first] = unseen(dockerfile, script);
        if (!first) continue;
        report(heredoc.marker, {
          message: `The heredoc goes on when a line fails, such as ${nameOf(script, first)}: only the last one decides whether the RUN fails`,
          related: [{ span: first, message: "a failure here is not seen" }],
          fixes: [addSetE(dockerfile, heredoc)],
        });
      }
  },
});

const nameOf = (script: ShellScript, statement: Span): string =>
  commandsIn(script, statement).find((command) => command.name !== undefined && !isHarmless(command))?.name ??
  "the first";

const commandsIn = ({ commands }: ShellScript, statement: Span): readonly ShellCommand[] =>
  commands.filter(({ span }) => contains(statement, span));

/** The statements whose failure the shell passes over. */
function unseen(dockerfile: Dockerfile, script: ShellScript): readonly Span[] {
  const since = onSince(dockerfile, script, "e", "errexit");
  return script.statements.slice(0, -1).filter((statement) => {
    if (since !== undefined && statement.end >= since) return false;
    const commands = commandsIn(script, statement);
    if (commands.some(({ joinedBy }) => joinedBy === "||")) return false;
    if (/^(?:function\s|[\w-]+\s*\(\s*\))/.test(dockerfile.text.slice(statement.start, statement.end))) return false;
    return !commands.every(isHarmless);
  });
}

/** Below a `#!` line, indented as the line it stands above. */
function addSetE({ text, eol }: Dockerfile, { body }: Heredoc): Fix {
  const shebang = /^[ \t]*#![^\n]*\n/.exec(text.slice(body.start, body.end));
  const at = body.start + (shebang?.[0].length ?? 0);
  return unsafeFix("Stop at the first failing line with set -e", insert(at, `${indentAt(text, at)}set -e${eol}`));
}

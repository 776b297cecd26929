import { downloadsOf } from "../../model/dockerfile/downloads.ts";
import { familyUnder } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { instructionsBefore } from "../../model/dockerfile/before.ts";
import { packageCalls } from "../../model/dockerfile/packages.ts";
import { defineRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";

/** What keeps the bar away: quiet, a log file, another kind of progress. */
const QUIET: ReadonlySet<string> = new Set([
  "-q",
  "--quiet",
  "-nv",
  "--no-verbose",
  "-o",
  "--output-file",
  "-a",
  "--append-output",
  "--progress",
]);

export default defineRule({
  id: "wget-progress",
  summary: "wget fills the log with its progress",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3047"],
  why: `
Where there is no terminal, wget writes a dot for each kilobyte: thousands of lines in the build's log, in which the error that
matters is lost. \`--progress=dot:giga\` writes one line for 32 megabytes, \`-nv\` one for each file. BusyBox's wget, that of
Alpine, knows neither: there it is \`-q\`. The script of a \`sh -c\` is
looked at too. hadolint does not, and reads every letter behind a dash as an option of its own, so that it
takes the folder of \`-P/tmp/downloads\` for \`-o\` and \`-a\`.`,
  fixSafety: `
Safe where the distribution says which wget it is: the same files arrive. Unsafe on an unknown base, because BusyBox's wget stops
at \`--progress\`.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN wget https://example.org/app.tar.gz\n",
      fixed: "FROM debian:13\nRUN wget --progress=dot:giga https://example.org/app.tar.gz\n",
    },
    {
      bad: "FROM alpine:3.22\nRUN wget https://example.org/app.tar.gz\n",
      fixed: "FROM alpine:3.22\nRUN wget -q https://example.org/app.tar.gz\n",
    },
    { good: "FROM debian:13\nRUN wget -nv https://example.org/app.tar.gz\n" },
  ],
  check({ dockerfile, report }) {
    for (const { tool, options, command, instruction } of downloadsOf(dockerfile)) {
      if (tool !== "wget" || !command.nameWord || options.some(({ name }) => QUIET.has(name))) continue;
      if (command.args.some(({ value }) => ASKS.test(value)) || command.args.length === 0) continue;
      const { end } = command.nameWord.span;
      const add = (option: string): string => (instruction.json ? `, "${option}"` : ` ${option}`);
      report(command.nameWord.span, {
        message: "wget writes its progress into the log, a line for every 50 kilobytes",
        fixes: [fixFor(dockerfile, instruction, (option) => insert(end, add(option)))],
      });
    }
  },
});

/** Nothing is fetched. */
const ASKS = /^(?:-V|--version|-h|--help)$/;

function fixFor(
  dockerfile: Dockerfile,
  instruction: Instruction,
  add: (option: string) => ReturnType<typeof insert>,
): Fix {
  const stage = dockerfile.stages[instruction.stage];
  const family = stage && familyUnder(dockerfile, stage);
  if (family === "alpine" && !installsWget(dockerfile, instruction)) return safeFix("Add -q", add("-q"));
  const make = family === undefined && !installsWget(dockerfile, instruction) ? unsafeFix : safeFix;
  return make("Add --progress=dot:giga", add("--progress=dot:giga"));
}

/** GNU wget comes as a package, on Alpine too. */
const installsWget = (dockerfile: Dockerfile, instruction: Instruction): boolean =>
  [...instructionsBefore(dockerfile, instruction), instruction].some((each) =>
    packageCalls(dockerfile, each).some(({ operands }) =>
      operands.some(({ value }) => /^wget(?:[=~<>@]|$)/.test(value)),
    ),
  );

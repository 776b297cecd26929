import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { readOptions, type OptionSyntax } from "../../model/dockerfile/options.ts";
import { type Program, programsCalled } from "../../model/dockerfile/programs.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { type Context, defineRule } from "../../rule.ts";
import { isCommit, isVersion, movingPart, uncheckedSources } from "../../model/dockerfile/remote.ts";
import { isLoopback } from "../verification.ts";

export default defineRule({
  id: "unpinned-git-or-url-add",
  summary: "ADD or git clone of what changes tomorrow",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["kics:Curl or Wget Instead of Add"],
  why: `
A branch, and a URL with \`/latest/\` or \`/master/\` in it, mean another file after every push: the same Dockerfile builds another
image, and a cached layer keeps the old one without saying so. A commit (\`#24454f8…\`, \`git checkout 24454f8…\`) means one thing for
ever, a version's tag nearly so; both are accepted, so is a variable, since somebody decides its value, and a checkout, fetch or
reset behind the clone. For a URL there is \`--checksum\`, or the version in its path. There is no fix, because only the repository
tells today's commit.`,
  examples: [
    { bad: "FROM debian:13\nADD https://git.example.org/app.git /src\n" },
    { bad: "FROM debian:13\nRUN git clone --depth 1 https://git.example.org/app.git\n" },
    { bad: "FROM debian:13\nADD https://example.org/app/latest/app.jar /\n" },
    { good: "FROM debian:13\nADD https://git.example.org/app.git#v1.4.2 /src\n" },
    { good: "FROM debian:13\nRUN git clone --branch v1.4.2 --depth 1 https://git.example.org/app.git\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    for (const { word, url, kind } of uncheckedSources(dockerfile)) {
      if (kind === "git") {
        const branch = branchOf(url);
        if (branch === undefined) continue;
        report(word.span, {
          message: `ADD takes ${branch === "" ? "the default branch" : `the branch ${branch}`} as it is on the day of the build: a commit or a version's tag behind # would pin it`,
          refusal: "only the repository tells today's commit",
        });
        continue;
      }
      const moving = movingPart(url);
      if (moving !== undefined)
        report(word.span, {
          message: `ADD takes what ${moving} is on the day of the build: name a version, or give --checksum`,
          refusal: "only the server tells what it is today",
        });
    }
    for (const program of programsCalled(dockerfile, "git")) reportClone(context, program);
  },
});

/** The branch of a git URL, empty for the default one; undefined when it is pinned or a variable decides. */
function branchOf(url: string): string | undefined {
  if (/[?&](?:commit|checksum|tag)=/.test(url)) return undefined;
  const query = /[?&](?:ref|branch)=([^&#]+)/.exec(url)?.[1];
  const reference = query ?? /#([^:]*)/.exec(url)?.[1] ?? "";
  if (reference.includes("$") || url.startsWith("$")) return undefined;
  if (isCommit(reference) || isVersion(reference) || reference.startsWith("refs/tags/")) return undefined;
  return reference;
}

/** The options of git-clone(1) that take a value. */
const CLONE: OptionSyntax = {
  short: "obujc",
  long: new Set(
    "branch revision origin upload-pack reference reference-if-able depth shallow-since shallow-exclude template config jobs separate-git-dir server-option filter bundle-uri ref-format"
      .split(" ")
      .map((name) => `--${name}`),
  ),
};

/** What sets another commit behind a clone. */
const MOVES: ReadonlySet<string> = new Set([
  "checkout",
  "reset",
  "switch",
  "fetch",
  "pull",
  "worktree",
  "bisect",
  "describe",
]);

function reportClone({ dockerfile, report }: Context, program: Program): void {
  const { command, instruction } = program;
  const at = command.args.findIndex(({ value }) => value === "clone");
  if (at === -1 || subcommandOf(program) !== "clone") return;
  const { options, operands } = readOptions({ ...command, args: command.args.slice(at + 1) }, CLONE);
  const [repository] = operands;
  if (!repository) return;
  const { text: url } = expandIn(dockerfile, instruction, repository.value);
  if (!/^(?:https?|git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(url) || isLoopback(url)) return;
  const branch = options.find(({ name }) => name === "-b" || name === "--branch" || name === "--revision");
  const reference = expandIn(dockerfile, instruction, branch?.value ?? "").text;
  if (reference.includes("$") || isCommit(reference) || isVersion(reference) || reference.startsWith("tags/")) return;
  if (options.some(({ name }) => name === "--mirror" || name === "--bare") || movesLater(dockerfile, program)) return;
  report(repository.span, {
    message: `git clone takes ${reference === "" ? "the default branch" : `the branch ${reference}`} as it is on the day of the build: --branch with a version's tag, or a checkout of a commit, would pin it`,
  });
}

/** The first word that is neither an option nor one's value. */
function subcommandOf({ command: { args } }: Program): string | undefined {
  return args.find(({ value }, at) => !value.startsWith("-") && !/^-[cC]$/.test(args[at - 1]?.value ?? ""))?.value;
}

const movesLater = (dockerfile: Dockerfile, clone: Program): boolean =>
  programsCalled(dockerfile, "git").some(
    (other) =>
      other.instruction.stage === clone.instruction.stage &&
      other.command.span.start > clone.command.span.start &&
      MOVES.has(subcommandOf(other) ?? ""),
  );

import { instructionsBefore } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import { programsCalled, programsWithin } from "../../model/dockerfile/programs.ts";
import type { ShellCommand, ShellWord } from "../../model/dockerfile/shell.ts";
import { defineRule } from "../../rule.ts";
import { reportUnpinned } from "../language-packages.ts";

export default defineRule({
  id: "go-unpinned",
  summary: "go install without a version",
  severity: "warning",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3062"],
  why: `
\`go install example.com/tool@latest\`, and \`go get\` of a module without a version, build whatever was released last on the day of the
build: another image tomorrow, from the same Dockerfile. Write the version, \`@v1.2.3\`, or a commit.

\`@master\`, \`@main\` and \`@HEAD\` move as \`@latest\` does and are reported with it; hadolint lets them off. Where the file
copies, mounts or clones source before it, \`go install\` and \`go run\` of a package without a version take the one go.mod says, or
are about that source itself: hadolint reports them, this rule does not. Packages by path, of the standard library, and
versions from a variable are fine. Which version is right only the module proxy and a test know: there is no fix.`,
  examples: [
    { bad: "FROM golang:1.25\nRUN go install github.com/go-delve/delve/cmd/dlv@latest\n" },
    { good: "FROM golang:1.25\nRUN go install github.com/go-delve/delve/cmd/dlv@v1.25.2\n" },
    { good: "FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go install ./cmd/server\n" },
  ],
  check({ dockerfile, report }) {
    for (const { command, instruction } of programsCalled(dockerfile, "go")) {
      const [action, ...args] = command.args;
      if (!action || !/^(?:install|get|run)$/.test(action.value)) continue;
      const named = packagesAmong(args);
      const packages = action.value === "run" ? named.slice(0, 1) : named;
      const inModule = action.value !== "get" && hasSource(dockerfile, instruction, command);
      const unpinned = packages
        .filter(({ value }) => isUnpinned(value, inModule))
        .map(({ value, span }) => ({ text: value.replace(/@.*/, ""), span }));
      reportUnpinned({ report }, unpinned, (names) => `go ${action.value} takes the newest ${names} of the day`);
    }
  },
});

/** Flags of the build, by `go help build`, `go help run` and `go help get`, whose value is the next word. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  "C o p asmflags buildmode compiler gccgoflags gcflags installsuffix ldflags mod modfile overlay pgo pkgdir tags toolexec exec covermode coverpkg".split(
    " ",
  ),
);

function packagesAmong(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.filter(({ value }, at) => {
    const before = /^--?([A-Za-z]+)$/.exec(args[at - 1]?.value ?? "")?.[1];
    return !value.startsWith("-") && !(before !== undefined && WITH_VALUE.has(before));
  });
}

const MOVING = /@(?:latest|upgrade|master|main|HEAD)$/;

function isUnpinned(text: string, inModule: boolean): boolean {
  if (text.includes("@")) return MOVING.test(text);
  // Only a path with a dot in its first part comes from elsewhere: `fmt` and `cmd/vet` are Go's own.
  return !inModule && /^[\w-]+(?:\.[\w-]+)+\//.test(text) && !/[$`]/.test(text) && !text.endsWith(".go");
}

/** Source has come in before: a module may say which versions hold. */
function hasSource(dockerfile: Dockerfile, instruction: Instruction, { span }: ShellCommand): boolean {
  const own = dockerfile.instructions[instruction.index] ?? instruction;
  if (mountsOf(dockerfile, own).some(({ type }) => type === "bind")) return true;
  return [...instructionsBefore(dockerfile, own), own].some((each) => {
    if (each.name === "COPY" || each.name === "ADD") return true;
    return (
      each.name === "RUN" &&
      programsWithin(dockerfile, each).some(
        ({ command: { name, args, span: earlier } }) =>
          earlier.start < span.start &&
          (name === "git" || name === "tar" || name === "unzip") &&
          (name !== "git" || args.some(({ value }) => value === "clone" || value === "fetch")),
      )
    );
  });
}

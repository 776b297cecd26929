import { settingBefore } from "../../model/dockerfile/before.ts";
import { knownBase } from "../../model/dockerfile/bases.ts";
import { installerOf } from "../../model/dockerfile/dependencies.ts";
import { shippedStages, startedPrograms } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { isSystemManager } from "../../model/dockerfile/managers.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { finalStage, lineage, lineageInstructions, rootBase } from "../../model/dockerfile/stages.ts";
import { type Context, defineRule } from "../../rule.ts";
import { listed } from "../unpinned.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "build-tools-in-final-stage",
  summary: "compilers and other build tools in the image that ships",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: [],
  why: `
What only the build needs is in the image for good: compilers and headers are often most of its size, each one is one more
package with vulnerabilities to patch, and they are at hand for whoever gets into the container. Build in a stage of its own, and copy what
it made into a stage on a small base: \`COPY --from=build …\`.

Four things are reported in the stage that ships and those it is built on: an SDK as base (Go, Rust, .NET, Maven, Gradle) with a compile in it;
compilers, headers and build systems installed by apt, apk, dnf, yum or zypper, as a hint, when something is built behind
them and nothing removes them in the same \`RUN\`; Git, when it has cloned something; and development
dependencies of npm, Yarn or pnpm when a build script runs behind the install. Nothing is said when the image starts such a tool
itself or a shell, starts nothing at all, takes no source from the build context, or stands on an image that is made for developing. Which files the program needs when it runs no linter can be
sure of: there is no fix.`,
  examples: [
    {
      bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -o /server ./cmd/server\nCMD ["/server"]\n',
    },
    {
      good: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /server ./cmd/server\n\nFROM gcr.io/distroless/static-debian12\nCOPY --from=build /server /server\nCMD ["/server"]\n',
    },
    {
      bad: 'FROM python:3.14-slim\nRUN apt-get update && apt-get install -y gcc libpq-dev\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
    },
  ],
  check(context) {
    const { dockerfile } = context;
    const stage = finalStage(dockerfile);
    if (!stage || !isApplication(dockerfile, stage)) return;
    const shipped = shippedStages(dockerfile, stage);
    const runs = allNamed(dockerfile, "RUN").filter((each) => !each.triggered && shipped.has(each.stage));
    const commands = runs.flatMap((run) => programsWithin(dockerfile, run).map(({ command }) => ({ run, command })));
    reportSdk(context, stage, commands);
    reportPackages(context, runs, commands);
    reportDevelopment(context, commands);
  },
});

interface Called {
  readonly run: Instruction;
  readonly command: ShellCommand;
}

/** Shells, and what keeps a container open for somebody to work in. */
const IDLE: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "zsh",
  "ash",
  "fish",
  "sleep",
  "tail",
  "sshd",
  "jupyter",
  "pwsh",
]);
const TOOLS: ReadonlySet<string> = new Set(
  "go cargo rustc mvn mvnw gradle gradlew dotnet-watch make gcc g++ cmake javac ninja rake mix tsc nodemon air".split(
    " ",
  ),
);
/** Bases that are made to develop or build in. */
const WORKSHOP =
  /devcontainer|vscode|gitpod|workspace|codespace|builder|buildpack|toolchain|\bci\b|jenkins|runner|agent/i;

function isApplication(dockerfile: Dockerfile, stage: Stage): boolean {
  const started = startedPrograms(dockerfile, stage);
  if (started.length === 0 || started.some((name) => IDLE.has(name) || TOOLS.has(name))) return false;
  const base = rootBase(dockerfile, stage);
  if (base.kind !== "image" || WORKSHOP.test(base.reference)) return false;
  return lineageInstructions(dockerfile, stage).some(bringsSource);
}

const MANIFEST =
  /^(?:package.*\.json|\*?requirements.*\.txt|pyproject\.toml|Pipfile.*|Gemfile.*|go\.(?:mod|sum|\*)|pom\.xml|Cargo\..*|composer\..*|.*\.csproj|.*\.gradle(?:\.kts)?)$/;

/** A folder or a manifest comes in: an image of a program, not one of a language, which brings a script or two. */
const bringsSource = ({ name, flags, words }: Instruction): boolean =>
  (name === "COPY" || name === "ADD") &&
  !flags.some((flag) => flag.name === "--from") &&
  words.slice(0, -1).some(({ text }) => {
    const last = text.replace(/\/+$/, "").split("/").at(-1) ?? "";
    return (
      text.endsWith("/") || last === "." || last === "" || last === "*" || /^[\w-]+$/.test(last) || MANIFEST.test(last)
    );
  });

interface Sdk {
  readonly name: string;
  readonly image: RegExp;
  readonly compiles: (command: ShellCommand) => boolean;
}

const calls =
  (program: RegExp, words: RegExp) =>
  ({ name, args }: ShellCommand): boolean =>
    program.test(name ?? "") && args.some(({ value }) => words.test(value));

const SDKS: readonly Sdk[] = [
  { name: "Go", image: /^golang$/, compiles: calls(/^go$/, /^build$/) },
  { name: "Rust", image: /^rust$/, compiles: calls(/^cargo$/, /^(?:build|b|install)$/) },
  {
    name: ".NET",
    image: /^mcr\.microsoft\.com\/dotnet\/(?:nightly\/)?sdk$/,
    compiles: calls(/^dotnet$/, /^(?:publish|build)$/),
  },
  { name: "Maven", image: /^maven$/, compiles: calls(/^mvnw?$/, /^(?:package|install|verify|compile)$/) },
  {
    name: "Gradle",
    image: /^gradle$/,
    compiles: calls(/^gradlew?$/, /(?:^|:)(?:build|assemble|\w*[jJ]ar|installDist|distTar)$/),
  },
];

function reportSdk({ dockerfile, report }: Context, stage: Stage, commands: readonly Called[]): void {
  const root = lineage(dockerfile, stage)[0] ?? stage;
  const reference = root.base.kind === "image" ? root.base.reference : "";
  const name = knownBase(reference)?.name ?? "";
  const sdk = SDKS.find(({ image }) => image.test(name));
  if (!sdk || !root.image) return;
  const compile = commands.find(({ command }) => sdk.compiles(command));
  if (!compile) return;
  report(root.image.span, {
    message: `The whole ${sdk.name} toolchain ships with what it builds: build in a stage of its own and copy the result`,
    related: [{ span: compile.command.span, message: "built here" }],
  });
}

/** Names of packages that nothing needs when it runs, in the distributions' spellings. */
const BUILD_PACKAGE =
  /^(?:build-essential|build-base|base-devel|alpine-sdk|gcc|gcc-\d+|gcc-c\+\+|g\+\+|g\+\+-\d+|gfortran|clang|clang-\d+|llvm|make|gmake|cmake|autoconf|automake|libtool|ninja-build|ninja|samurai|meson|bison|flex|maven|gradle|ant|cargo|rust|rustc|golang|golang-go|go|default-jdk(?:-headless)?|openjdk-?\d+(?:-jdk(?:-headless)?)|java-[\d.]+-openjdk-devel|@development-tools|.+-dev|.+-devel)$/;
/** Programs that build, or install what has to be built. */
const BUILDERS =
  /^(?:make|gmake|cmake|ninja|meson|gcc|g\+\+|cc|clang|configure|go|cargo|mvn|mvnw|gradle|gradlew|pip[\d.]*|python[\d.]*|uv|poetry|pipenv|npm|yarn|pnpm|gem|bundle|docker-php-ext-install|pecl|cpanm|R|Rscript|mix|stack|cabal)$/;

function reportPackages(
  { dockerfile, report }: Context,
  runs: readonly Instruction[],
  commands: readonly Called[],
): void {
  const cloned = commands.some(
    ({ command: { name, args } }) =>
      name === "git" && args.some(({ value }) => value === "clone" || value === "submodule"),
  );
  for (const run of runs) {
    const inRun = packageCalls(dockerfile, run).filter(({ manager }) => isSystemManager(manager));
    if (inRun.some(({ action }) => /^(?:purge|remove|autoremove|del|erase)$/.test(action.value))) continue;
    for (const call of inRun) {
      if (!/^(?:install|add|in)$/.test(call.action.value) || call.hidden) continue;
      const tools = call.operands.filter(({ value, literal }) => literal && isTool(value, cloned));
      const [first] = tools;
      if (!first || !commands.some((each) => buildsBehind(each, call))) continue;
      if (
        isRemovedLater(
          dockerfile,
          runs,
          tools.map(({ value }) => nameOf(value)),
        )
      )
        continue;
      report(first.span, {
        message: `${listed(tools.map(({ value }) => value))} ship${tools.length > 1 ? "" : "s"} in the image, though only the build needs ${tools.length > 1 ? "them" : "it"}`,
        severity: "hint",
      });
    }
  }
}

const nameOf = (value: string): string => value.replace(/[=<>~:].*$/, "");

const isTool = (value: string, cloned: boolean): boolean => {
  const name = nameOf(value);
  return BUILD_PACKAGE.test(name) || (cloned && (name === "git" || name === "git-core"));
};

const buildsBehind = ({ command: { name, span } }: Called, call: PackageCall): boolean =>
  name !== undefined && BUILDERS.test(name) && span.start > call.command.span.end;

/** Taken out by a later RUN: it does not make the image smaller, but they do not run any more. */
const isRemovedLater = (dockerfile: Dockerfile, runs: readonly Instruction[], names: readonly string[]): boolean =>
  runs.some((run) =>
    packageCalls(dockerfile, run).some(
      ({ action, operands }) =>
        /^(?:purge|remove|del|erase)$/.test(action.value) && operands.some(({ value }) => names.includes(value)),
    ),
  );

/** Scripts that make what is shipped. */
const BUILD_SCRIPT = /^(?:build|compile|bundle|dist)(?::|$)/;
const PRODUCTION =
  /^(?:--omit(?:=dev)?|--only=prod(?:uction)?|--production(?:=true)?|--prod|-P|--no-dev|--include=prod)$/;

function reportDevelopment({ dockerfile, report }: Context, commands: readonly Called[]): void {
  for (const { run, command } of commands) {
    const installer = /^(?:npm|yarn|pnpm)$/.test(command.name ?? "") ? installerOf(command) : undefined;
    if (!installer || command.args.some(({ value }) => PRODUCTION.test(value))) continue;
    if (settingBefore(dockerfile, run, "NODE_ENV")?.value?.startsWith("prod")) continue;
    if (command.assignments.some(({ name }) => name === "NODE_ENV")) continue;
    const behind = commands
      .filter(({ command: { span } }) => span.start > command.span.end)
      .map((each) => each.command);
    const built = behind.find(
      (each) => /^(?:npm|yarn|pnpm)$/.test(each.name ?? "") && each.args.some(({ value }) => BUILD_SCRIPT.test(value)),
    );
    if (!built || behind.some(dropsDevelopment)) continue;
    report(
      { start: command.nameWord?.span.start ?? command.span.start, end: command.span.end },
      {
        message: `The development dependencies of ${installer.label} ship in the image, though only the build needs them`,
        related: [{ span: built.span, message: "built here" }],
      },
    );
  }
}

/** `npm prune --omit=dev`, a second install without them, or `rm -rf node_modules`. */
const dropsDevelopment = ({ name, args }: ShellCommand): boolean =>
  (/^(?:npm|yarn|pnpm)$/.test(name ?? "") &&
    args.some(({ value }) => PRODUCTION.test(value) || value === "prune" || value === "deploy" || value === "focus")) ||
  (name === "rm" && args.some(({ value }) => /(?:^|\/)node_modules\/?$/.test(value)));

/** A base image → its smaller relative: slim, a JRE in place of a JDK, distroless for a static binary. */
import { resolvePath } from "../../model/dockerfile/before.ts";
import { folderOfCommand, originOf } from "../../model/dockerfile/context-files.ts";
import { scriptArgvs } from "../../model/dockerfile/flow/starts.ts";
import { runtimeOf, type Runtime } from "../../model/dockerfile/flow/runtime.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import type { ShellCommand, ShellWord } from "../../model/dockerfile/shell.ts";
import { finalStage, lineage } from "../../model/dockerfile/stages.ts";
import { systemCalls } from "../../model/dockerfile/system-packages.ts";
import { known } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { NOTHING_DECLARED } from "../post-conditions/declared.ts";
import type { Lookup, Offer, Refactoring, Refusal, Rewrite } from "./assist.ts";
import { STATIC, type Swap, swapsFor } from "./base-swaps.ts";
import { installedNeeds } from "./installed-needs.ts";
import { instructionsNamed } from "./places.ts";

export const slimBase: Refactoring = {
  id: "slim-base",
  about: "build on the smaller variant of the base image: slim, a JRE, distroless for a static binary",
  safety: "unsafe",
  why: "The smaller image lacks tools: refused where the file, what it installs or what it starts is known to need one, and what the program itself starts nobody sees from here.",
  everywhere: false,
  offers: (dockerfile, at, lookup) =>
    instructionsNamed(dockerfile, at, "FROM").flatMap((from) => {
      const stage = dockerfile.stages.find((each) => each.from === from);
      return stage ? swapsFor(dockerfile, stage).map((swap) => offerFor(dockerfile, stage, swap, lookup)) : [];
    }),
};

function offerFor(dockerfile: Dockerfile, stage: Stage, swap: Swap, lookup: Lookup): Offer {
  const common = {
    kind: "refactor.rewrite",
    title: `Build on ${swap.image}, without ${swap.without}`,
    span: stage.from.span,
  } as const;
  const refusal = swap.refusal ?? whatNeeds(dockerfile, stage, swap);
  if (refusal !== undefined) return { ...common, refusal, rewrite: () => ({ refusal }) };
  return { ...common, rewrite: () => swapped(dockerfile, stage, swap, lookup) };
}

/** The stages that stand on it, itself among them. */
const family = (dockerfile: Dockerfile, stage: Stage): readonly Stage[] =>
  dockerfile.stages.filter((each) => lineage(dockerfile, each).includes(stage));

const runsOf = (dockerfile: Dockerfile, stage: Stage): readonly Instruction[] =>
  family(dockerfile, stage).flatMap(({ instructions }) => instructions.filter(({ name }) => name === "RUN"));

/** What the file itself shows: commands of RUN, and what is started. */
function whatNeeds(
  dockerfile: Dockerfile,
  stage: Stage,
  swap: Swap,
  runtimes = runtimesOf(dockerfile, stage),
): string | undefined {
  const runs = runsOf(dockerfile, stage);
  const installs = runs.flatMap((run) => systemCalls(dockerfile, run)).filter(({ effect }) => effect === "install");
  if (swap.otherDistribution && installs.length > 0)
    return `it is another distribution, and ${installs[0]?.manager ?? "a package manager"} installs packages of this one`;
  const installed = new Set(
    installs.flatMap(({ packages }) => packages.map(({ value }) => value.replace(/[=:].*$/, ""))),
  );
  const isMissing = (program: string | undefined): program is string =>
    program !== undefined &&
    Object.hasOwn(swap.missing, program) &&
    !(swap.missing[program] ?? []).some((each) => installed.has(each));
  for (const run of runs) {
    const used = programsWithin(dockerfile, run).find(
      ({ command }) => isMissing(command.name) && !isFallback(command.name, run),
    );
    if (used) return `RUN uses ${used.command.name ?? ""}, which is not in it`;
  }
  const { starts } = swap;
  const programs = runtimes.at(-1)?.started.map(({ argv }) => argv[0]?.slice(argv[0].lastIndexOf("/") + 1)) ?? [];
  if (starts !== undefined && !programs.includes(starts))
    return `the file does not say that ${starts} is all that is started`;
  for (const { started } of runtimes)
    for (const { argv, by } of started) {
      const program = argv[0]?.slice(argv[0].lastIndexOf("/") + 1);
      if (isMissing(program)) return `${by} starts ${program}, which is not in it`;
    }
  return undefined;
}

/** Scripts of the build context that RUNs start; what nobody can read may need anything. */
function scriptNeeds(dockerfile: Dockerfile, stage: Stage, { missing }: Swap, lookup: Lookup): string | undefined {
  if (Object.keys(missing).length === 0) return undefined;
  for (const run of runsOf(dockerfile, stage))
    for (const { command } of programsWithin(dockerfile, run)) {
      const script = scriptOf(command);
      const folder = script && folderOfCommand(dockerfile, run, command);
      const path = script?.literal && folder !== undefined ? resolvePath(folder, script.value) : undefined;
      if (!script) continue;
      const origin = path === undefined ? undefined : originOf(dockerfile, run, path);
      if (!origin || origin.kind === "hidden") return `what ${script.value} needs is not known`;
      const answer = lookup({ ask: "read", path: origin.path });
      if (answer === undefined) return "waiting";
      if (typeof answer !== "string") return `what ${script.value} needs is not known: ${answer.unknown}`;
      const used = scriptArgvs(answer)
        .map(([program = ""]) => program)
        .find((program) => Object.hasOwn(missing, program));
      if (used !== undefined) return `${script.value} uses ${used}, which is not in it`;
    }
  return undefined;
}

/** What a shell is given to run, or a program that is a script by its name. */
function scriptOf({ name = "", nameWord, args }: ShellCommand): ShellWord | undefined {
  if (/^(?:ba|da|a)?sh$|^(?:\.|source)$/.test(name))
    return args.some(({ value }) => /^-\w*c/.test(value))
      ? undefined
      : args.find(({ value }) => !value.startsWith("-"));
  return nameWord && /^(?!\/(?:usr|opt|bin|sbin)\/).*\.(?:ba)?sh$|^\.{1,2}\//.test(nameWord.value)
    ? nameWord
    : undefined;
}

/** `command -v git` and the like ask whether it is there. */
const isFallback = (program: string, { args }: Instruction): boolean =>
  new RegExp(`\\b(?:command -v|which|type) ${program.replace(/\+/g, "\\+")}\\b`).test(args.text);

const runtimesOf = (
  dockerfile: Dockerfile,
  stage: Stage,
  read?: (path: string) => string | undefined,
): readonly Runtime[] =>
  family(dockerfile, stage)
    .filter((each) => each === finalStage(dockerfile) || each === stage)
    .map((each) => runtimeOf(dockerfile, each, read));

function swapped(dockerfile: Dockerfile, stage: Stage, swap: Swap, lookup: Lookup): Rewrite | Refusal {
  let waiting = false;
  const runtimes = runtimesOf(dockerfile, stage, (path) => {
    const answer = lookup({ ask: "read", path });
    waiting ||= answer === undefined;
    return known(answer);
  });
  const reason = whatNeeds(dockerfile, stage, swap, runtimes) ?? scriptNeeds(dockerfile, stage, swap, lookup);
  if (reason === "waiting") waiting = true;
  else if (reason !== undefined) return { refusal: reason };
  if (swap.libraries) {
    const needs = installedNeeds(dockerfile, runsOf(dockerfile, stage), lookup);
    if (needs === "waiting") waiting = true;
    else if ("unknown" in needs) return { refusal: needs.unknown };
    else {
      const installed = installedPackages(dockerfile, stage);
      const need = needs.find(({ needs: what }) =>
        what === "git"
          ? !installed.has("git")
          : what === "a compiler"
            ? !hasCompiler(installed)
            : !installed.has(what.loads),
      );
      if (need)
        return {
          refusal:
            need.needs === "git"
              ? `${need.package} is fetched with git, which is not in it`
              : need.needs === "a compiler"
                ? `${need.package} is compiled when it is installed, and there is no compiler in it`
                : `${need.package} needs ${need.needs.loads}, which may not be in it: install it first`,
        };
    }
  }
  const digest = stage.image?.text.includes("@") ? lookup({ ask: "digest", image: swap.image }) : "";
  if (digest === undefined) waiting = true;
  if (waiting) return { refusal: "what is in the build context is not known yet" };
  if (typeof digest === "object") return { refusal: `its digest is not known: ${digest.unknown}` };
  if (!stage.image) return { refusal: "FROM has no image" };
  // Both begin at /, and a start through the new image's own entrypoint ends in the same program.
  const changes = swap.otherDistribution === undefined ? [] : (["ENTRYPOINT", "WORKDIR"] as const);
  const unknown = [...new Set(runtimes.flatMap((runtime) => runtime.unknown))];
  return {
    edits: [replace(stage.image.span, digest === "" || digest === undefined ? swap.image : `${swap.image}@${digest}`)],
    declared: { ...NOTHING_DECLARED, changes, static: swap.image === STATIC },
    left: [
      `not in it: ${Object.keys(swap.missing).length > 0 ? Object.keys(swap.missing).join(", ") : swap.without}`,
      ...(swap.image === STATIC ? ["what the program itself starts nobody sees from here"] : []),
      ...(swap.libraries ? ["libraries that packages load are known for the usual ones alone"] : []),
      ...unknown,
    ],
  };
}

const installedPackages = (dockerfile: Dockerfile, stage: Stage): ReadonlySet<string> =>
  new Set(
    runsOf(dockerfile, stage)
      .flatMap((run) => systemCalls(dockerfile, run))
      .filter(({ effect }) => effect === "install")
      .flatMap(({ packages }) => packages.map(({ value }) => value.replace(/[=:].*$/, ""))),
  );

const hasCompiler = (installed: ReadonlySet<string>): boolean =>
  installed.has("build-essential") || ((installed.has("gcc") || installed.has("g++")) && installed.has("make"));

/** Go: one program, most often without anything around it. */
import { cgoRequires, readGoMod } from "../../../model/project/go-mod.ts";
import { type GoSource, pathsNamed, readGoSource } from "../../../model/project/go-source.ts";
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import {
  assetsOf,
  carriedFile,
  commonData,
  distinct,
  distributionNeeds,
  filesDecision,
  foldersOf,
  madeBeside,
  onlyBuilds,
  startedArtefact,
} from "../artefact.ts";
import { type BuildBase, buildBase, runtimeBase } from "../base.ts";
import { librarySteps } from "../libraries.ts";
import { commandsNamed, execForms, installedPackages, namedFiles, startedBy, variable } from "../look.ts";
import { type Case, type Decision, type Recipe, refused, type RuntimeBase, type Verdict } from "../recipe.ts";

export const go: Recipe = {
  name: "Go",
  recognise(it) {
    const base = buildBase(it);
    const calls = commandsNamed(it, /^(?:go|xx-go)$/);
    if (base?.name !== "golang" && calls.length === 0) return undefined;
    const started = startedBy(it).map(({ argv }) => argv);
    const tool = started.find(([program = ""]) => /(?:^|\/)(?:go|air|reflex|CompileDaemon|gin|dlv)$/.test(program));
    if (tool) return refused(`it starts ${tool.slice(0, 2).join(" ")}, which compiles when the container starts`);
    if (base === undefined) return refused("a variable hides the base image");
    if (base.name !== "golang")
      return refused(
        `Go comes from somewhere else than the image golang, and where ${base.written} puts it is not known`,
      );
    return split(it, base, calls);
  },
};

function split(it: Case, base: BuildBase, calls: readonly Answer[]): Verdict {
  const builds = calls.filter(
    ({ effect }) => effect.does === "build" && !/^(?:generate|run)$/.test(verb(effect.command?.args)),
  );
  const artefact = startedArtefact(it, builds);
  if (!artefact) return refused("the program that starts is not one that go build or go install is seen to write");
  const sources = sourcesOf(it);
  const started = [...new Set(sources.flatMap(({ starts }) => starts))];
  if (started.length > 0) return refused(`the program starts other programs: ${started.slice(0, 3).join(", ")}`);
  if (sources.some(({ loadsPlugins }) => loadsPlugins)) return refused("the program loads plugins when it runs");
  const linked = linking(it, base, sources);
  if (typeof linked === "string") return refused(linked);
  const wants = distributionNeeds(it);
  const forms = execForms(it);
  const needsDistribution = forms === undefined || wants.some((want) => want !== "a shell");
  const runtime = runtimeOf(base, linked, needsDistribution, forms === undefined ? ["a shell", ...wants] : wants);
  if (typeof runtime === "string") return refused(runtime);
  const libraries =
    linked.static || runtime.packages === undefined
      ? undefined
      : librarySteps(it, runtime.packages, `ldd ${artefact.path}`, commonData(it));
  const literals = sources.flatMap((source) => source.literals);
  const assets = assetsOf(
    it,
    it.context.paths ? pathsNamed(literals, [...it.context.paths, ...foldersOf(it.context.paths)]) : [],
    artefact.at,
  );
  const beside = madeBeside(it, artefact);
  if (typeof beside === "string") return refused(beside);
  const named = namedFiles(it, [artefact.path]).map((path) => carriedFile(path, artefact.at));
  const carried = distinct([carriedFile(artefact.path, artefact.at), ...assets, ...beside, ...named]);
  const build = builds.find(({ effect }) => effect.instruction === artefact.at)?.effect.instruction ?? artefact.at;
  const above: ReadonlyMap<Instruction, readonly string[]> = linked.set
    ? new Map([[build, ["ENV CGO_ENABLED=0"]]])
    : new Map();
  return {
    is: "split",
    split: {
      ecosystem: "Go",
      runtime,
      carried,
      above,
      ...(!libraries && runtime.packages !== undefined && { packages: commonData(it) }),
      ...(libraries && { buildEnd: libraries.build, head: libraries.runtime }),
      side: onlyBuilds(it),
      ...(forms && !needsDistribution && { inRuntime: forms }),
      decisions: [...linked.decisions, filesDecision(it, carried)],
    },
  };
}

const verb = (args: readonly { readonly value: string }[] | undefined): string =>
  args?.find(({ value }) => !value.startsWith("-"))?.value ?? "";

/** The Go files of the build context that are part of the program. */
const sourcesOf = ({ context }: Case): readonly GoSource[] =>
  (context.paths ?? [])
    .filter((path) => path.endsWith(".go") && !/_test\.go$|(?:^|\/)(?:testdata|vendor)\//.test(path))
    .flatMap((path) => {
      const text = context.read(path);
      return text === undefined ? [] : [readGoSource(text)];
    });

interface Linking {
  readonly static: boolean;
  /** CGO_ENABLED=0 has to be written. */
  readonly set: boolean;
  readonly decisions: readonly Decision[];
}

const CGO = "cgo";

/** Whether the program needs a C library of the distribution; a text where nobody can tell. */
function linking(it: Case, base: BuildBase, sources: readonly GoSource[]): Linking | string {
  const said = variable(it, "CGO_ENABLED") ?? assigned(it);
  if (said === "0") return { static: true, set: false, decisions: [] };
  const { context, choices } = it;
  const manifest = context.read("go.mod");
  const needed =
    manifest === undefined
      ? []
      : [...cgoRequires(readGoMod(manifest) ?? NO_MODULE).values()].filter(({ indirect }) => !indirect);
  const usesC = said === "1" || sources.some(({ usesCgo }) => usesCgo) || needed.length > 0;
  const compilers = installedPackages(it).filter((name) =>
    /^(?:gcc|g\+\+|build-base|build-essential|musl-dev|libc-dev|libc6-dev|.*-dev)$/.test(name),
  );
  if (usesC || choices.get(CGO) === "keep") return { static: false, set: false, decisions: [] };
  // golang:alpine has no C compiler: there Go links without C by itself.
  if (base.variant === "alpine" && compilers.length === 0) return { static: true, set: false, decisions: [] };
  if (compilers.length > 0 && sources.length === 0) return { static: false, set: false, decisions: [] };
  return {
    static: true,
    set: true,
    decisions: [
      {
        id: CGO,
        what: "CGO_ENABLED=0 makes a program that needs no C library",
        why:
          sources.length > 0
            ? "no source imports C, and no module it requires needs it"
            : "the sources could not be read: a program that uses C would not build",
        doubtful: sources.length === 0,
        alternatives:
          base.suite === undefined && base.variant !== "alpine"
            ? []
            : [{ id: "keep", label: "link with the C library, on the same distribution" }],
      },
    ],
  };
}

const NO_MODULE = { module: undefined, go: undefined, toolchain: undefined, requires: [], replaces: [], tools: [] };

const assigned = (it: Case): string | undefined =>
  commandsNamed(it, /^(?:go|xx-go)$/)
    .flatMap(({ effect }) => effect.command?.assignments ?? [])
    .find(({ name }) => name === "CGO_ENABLED")?.value;

/** A text where there is none that fits. */
function runtimeOf(
  base: BuildBase,
  linked: Linking,
  needsDistribution: boolean,
  wants: readonly string[],
): RuntimeBase | string {
  if (linked.static && !needsDistribution)
    return runtimeBase(
      "gcr.io/distroless/static-debian13:nonroot",
      "the program is linked without C and needs no shell; certificates, time zones and a user are there",
    );
  const because = linked.static
    ? `it needs ${wants.join(", ")}`
    : "the program is linked with the C library of this distribution";
  if (base.variant === "alpine") {
    const version = /alpine(\d+\.\d+)/.exec(base.tag)?.[1];
    if (version === undefined && !linked.static)
      return "the program is linked with Alpine's C library, and the tag does not say of which release: write it, as in golang:1.26-alpine3.23";
    return runtimeBase(version === undefined ? "alpine:3" : `alpine:${version}`, because);
  }
  if (linked.static) return runtimeBase("debian:stable-slim", because);
  if (base.suite === undefined)
    return "the program is linked with the C library, and the tag does not say of which Debian release: write it, as in golang:1.26-trixie";
  return runtimeBase(`debian:${base.suite}-slim`, because);
}

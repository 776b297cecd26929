/** Go: one program, most often without anything around it. */
import { cgoRequires, readGoMod } from "../../../model/project/go-mod.ts";
import { type GoSource, readGoSource } from "../../../model/project/go-source.ts";
import { contextSources } from "../../../model/dockerfile/copies.ts";
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import { commonData, distributionNeeds, onlyBuilds, startedArtefact } from "../artefact.ts";
import { carriedFile, carriedWith, filesDecision } from "../carried.ts";
import { withRoot, writingSource } from "../writing.ts";
import { type BuildBase, buildBase, runtimeBase } from "../base.ts";
import { librarySteps } from "../libraries.ts";
import { commandsNamed, execForms, imagePath, installedPackages, startedBy, variable, workdir } from "../look.ts";
import {
  type Carried,
  type Case,
  type Decision,
  type Recipe,
  refused,
  type RuntimeBase,
  type Verdict,
} from "../recipe.ts";

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
  const writing = writingSource(it, "go", /\.go$/);
  const plain = runtimeOf(base, linked, needsDistribution, forms === undefined ? ["a shell", ...wants] : wants);
  const runtime = typeof plain === "string" || writing === undefined ? plain : withRoot(plain);
  if (typeof runtime === "string") return refused(runtime);
  const libraries =
    linked.static || runtime.packages === undefined
      ? undefined
      : librarySteps(it, runtime.packages, `ldd ${artefact.path}`, commonData(it));
  const carried = carriedWith(
    it,
    artefact,
    sources.flatMap((source) => source.literals),
    otherPrograms(builds, artefact.path),
  );
  if (typeof carried === "string") return refused(carried);
  const build = builds[0]?.effect.instruction ?? artefact.at;
  const modules = modulesFirst(it, calls);
  const above = new Map<Instruction, readonly string[]>([
    ...(modules ? [[modules, MODULES] as const] : []),
    ...(linked.set ? [[build, ["ENV CGO_ENABLED=0"]] as const] : []),
  ]);
  return {
    is: "split",
    split: {
      ecosystem: "Go",
      runtime,
      carried,
      above,
      static: linked.static,
      ...(writing !== undefined && { staysRoot: writing }),
      ...(!libraries && runtime.packages !== undefined && { packages: commonData(it) }),
      ...(libraries && { buildEnd: libraries.build, head: libraries.runtime }),
      side: onlyBuilds(it),
      ...(forms && !needsDistribution && { inRuntime: forms }),
      decisions: [...linked.decisions, ...(modules ? [ORDER] : []), filesDecision(it, carried)],
    },
  };
}

/** Programs built besides the one that starts: whoever starts the image may ask for another one. */
const otherPrograms = (builds: readonly Answer[], but: string): readonly Carried[] =>
  builds.flatMap(({ effect }) =>
    effect.writes === "anything" || effect.conditional || effect.lost.length > 0
      ? []
      : effect.writes.flatMap((place) =>
          place.kind === "files" && place.realm === "image" && !place.pattern.includes("*") && place.pattern !== but
            ? [carriedFile(place.pattern, effect.instruction)]
            : [],
        ),
  );

const MODULES = ["COPY go.mod go.sum ./", "RUN go mod download"];
const ORDER: Decision = {
  id: "order",
  what: "modules are downloaded before the sources are copied",
  why: "a change of the sources leaves the downloaded modules as they are",
  doubtful: false,
  alternatives: [{ id: "keep", label: "keep the order" }],
};

/** The COPY of everything into the working folder, where modules can come first; nothing of them is in the sources. */
function modulesFirst(it: Case, calls: readonly Answer[]): Instruction | undefined {
  const { context, choices, dockerfile, stage } = it;
  const { paths } = context;
  const text = context.read("go.mod");
  if (choices.get("order") === "keep" || paths === undefined || text === undefined || !paths.includes("go.sum"))
    return undefined;
  if (paths.includes("go.work") || paths.includes("vendor/modules.txt")) return undefined;
  if (readGoMod(text)?.replaces.some(({ folder }) => folder !== undefined) ?? true) return undefined;
  if (calls.some(({ effect }) => verb(effect.command?.args) === "mod")) return undefined;
  const source = contextSources(dockerfile).find(
    ({ instruction, path }) => instruction.stage === stage.index && path === ".",
  );
  return source && imagePath(it, "go.mod") === `${workdir(it)}/go.mod` ? source.instruction : undefined;
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
          base.release === undefined && base.variant !== "alpine"
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
  if (base.release === undefined)
    return "the program is linked with the C library, and the tag does not say of which Debian release: write it, as in golang:1.26-trixie";
  return runtimeBase(`debian:${base.release}-slim`, because);
}

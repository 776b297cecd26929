/** What the last stage of a Node image is built on, and what of the distribution it needs besides. */
import { allSystemCalls } from "../../../model/dockerfile/system-packages.ts";
import { purposeOf } from "../../../model/dockerfile/flow/purposes.ts";
import { nodeNatives } from "../../../model/project/node-native.ts";
import { type BuildBase, runtimeBase, slimTag } from "../base.ts";
import { type LibrarySteps, librarySteps } from "../libraries.ts";
import { installedPackages } from "../look.ts";
import type { Case, Decision, RuntimeBase } from "../recipe.ts";
import { mayBeNative, type NodeFacts, systemPackagesOf } from "./node-facts.ts";
import { programsNeeded, type SourceFile } from "./node-sources.ts";

const BASE = "runtime-base";

export interface NodeRuntime {
  readonly base: RuntimeBase;
  /** It is another image than the build's. */
  readonly isSmaller: boolean;
  readonly packages: readonly string[];
  readonly libraries: LibrarySteps | undefined;
  readonly decisions: readonly Decision[];
}

export function nodeRuntime(
  it: Case,
  base: BuildBase,
  facts: NodeFacts,
  sources: readonly SourceFile[] | undefined,
): NodeRuntime {
  const slim = slimOf(base);
  const isSmaller = slim !== undefined && it.choices.get(BASE) !== "keep";
  const image = isSmaller ? slim : base.written;
  const runtime = runtimeBase(
    image,
    isSmaller
      ? `it has the same ${base.name === "oven/bun" ? "Bun" : "Node"} on the same distribution as ${base.written}, without compilers and their headers`
      : "it is the person's own base",
  );
  const decisions: Decision[] = [];
  if (slim !== undefined)
    decisions.push({
      id: BASE,
      what: `the last stage is built on ${image}`,
      why: isSmaller ? runtime.why : "you chose so",
      doubtful: false,
      alternatives: isSmaller
        ? [{ id: "keep", label: `keep ${base.written}` }]
        : [{ id: "slim", label: `build it on ${slim}` }],
    });
  const installed = installedPackages(it);
  const programs = isSmaller
    ? programsNeeded(it, sources ?? []).filter((each) => !installed.includes(each.package))
    : [];
  const wanted = isSmaller ? systemPackagesOf(facts).filter((name) => !installed.includes(name)) : [];
  if (programs.length > 0)
    decisions.push({
      id: "programs",
      what: `${programs.map((each) => each.package).join(", ")} ${programs.length === 1 ? "is" : "are"} installed in the last stage`,
      why: `${programs.map(({ by, program }) => `${by} starts ${program}`).join(", ")}, which ${image} does not have`,
      doubtful: false,
      alternatives: [],
    });
  const hidden = isSmaller ? sources?.find(({ source }) => source.startsUnknown) : undefined;
  if (hidden)
    decisions.push({
      id: "other-programs",
      what: `programs that ${hidden.path} starts are looked for in ${image}`,
      why: "their names are not written in it, and the slim image has fewer of them",
      doubtful: true,
      alternatives: [],
    });
  if (isSmaller && sources === undefined)
    decisions.push({
      id: "other-programs",
      what: `no program of ${base.written} is kept that ${image} has not`,
      why: "the sources could not be read: whether they start git, curl or another one is not known",
      doubtful: true,
      alternatives: [],
    });
  const libraries =
    needsLibraries(it, facts, isSmaller) && runtime.packages ? it.choices.get("libraries") !== "none" : false;
  const unsure = isSmaller && mayBeNative(facts) === undefined;
  if (libraries || it.choices.get("libraries") === "none")
    decisions.push({
      id: "libraries",
      what: libraries
        ? "shared libraries that installed modules load are installed in the last stage"
        : "no shared libraries are installed in the last stage",
      why: unsure
        ? "without a lock file nobody knows whether a module is compiled: the first stage looks"
        : "modules are compiled: the first stage asks them what they load",
      doubtful: unsure,
      alternatives: libraries
        ? [{ id: "none", label: "install none: no module is compiled" }]
        : [{ id: "look", label: "look for them" }],
    });
  const packages = [...new Set([...programs.map((each) => each.package), ...wanted])].toSorted();
  const look = `find ${facts.root} -path '*/node_modules/*' -name '*.node' -type f -exec ldd {} +`;
  const looked = libraries && runtime.packages ? librarySteps(it, runtime.packages, look, packages) : undefined;
  return {
    base: runtime,
    isSmaller,
    // Where libraries are installed, these are with them.
    packages: looked ? [] : packages,
    libraries: looked,
    decisions,
  };
}

function slimOf(base: BuildBase): string | undefined {
  if (base.variant !== "full") return undefined;
  if (base.name !== "oven/bun") return slimTag(base);
  // bun's own: `1-debian` is the full one, `1-slim` the small one.
  const tag = base.tag.replace(/-?debian$/, "");
  return tag === "" || tag === "latest" ? `${base.repository}:slim` : `${base.repository}:${tag}-slim`;
}

function needsLibraries(it: Case, facts: NodeFacts, isSmaller: boolean): boolean {
  // Headers the file installs are for something that is linked with their library.
  const headers = installedPackages(it).some(
    (name) => /-dev(?:el)?$/.test(name) && !/^(?:musl|libc6?|linux|python3?)-dev$/.test(name),
  );
  if (headers) return true;
  if (!isSmaller) return false;
  const native = mayBeNative(facts);
  if (native !== true) return native === undefined;
  const { lock } = facts;
  // What only needs the C and C++ libraries finds them in every image of Node.
  if (!lock?.scripted) return true;
  const rows = nodeNatives(lock.scripted);
  return [...lock.scripted].some((name) => {
    const row = rows.get(name);
    return row ? row.builds !== undefined || row.runs !== undefined : !HARMLESS.has(name);
  });
}

/** Their install scripts compile nothing for this system. */
const HARMLESS: ReadonlySet<string> = new Set(
  "core-js core-js-pure core-js-bundle @nestjs/core protobufjs @apollo/protobufjs es5-ext @scarf/scarf msw nodemon fsevents styled-components husky nx unrs-resolver".split(
    " ",
  ),
);

/** Compilers and headers the file installs and leaves in the image. */
export function compilersLeft({ dockerfile }: Case): readonly string[] {
  const calls = allSystemCalls(dockerfile);
  const removed = calls.filter(({ effect }) => effect === "remove").map(({ instruction }) => instruction);
  return calls
    .filter(({ effect, instruction }) => effect === "install" && !removed.includes(instruction))
    .flatMap(({ packages }) => packages.map(({ value }) => value.replace(/[=<>~].*$/, "")))
    .filter((name) => purposeOf(name) === "build");
}

/** With make and a compiler beside it, Python is there for node-gyp. */
export const isForNodeGyp = (it: Case, name: string): boolean =>
  /^python(?:[23](?:\.\d+)?)?(?:-minimal|-dev)?$/.test(name) &&
  installedPackages(it).some((each) => /^(?:make|g\+\+|gcc|build-base|build-essential)$/.test(each));

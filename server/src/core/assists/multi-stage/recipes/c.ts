/** C and C++ with make, cmake, meson or a compiler alone: the program that starts, and the libraries it loads. */
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import { familyUnder } from "../../../model/dockerfile/facts.ts";
import { commonData, distributionNeeds, onlyBuilds, startedArtefact } from "../artefact.ts";
import { carriedWith, filesDecision, literalsOf } from "../carried.ts";
import { writingSource } from "../writing.ts";
import { type BuildBase, buildBase, runtimeBase } from "../base.ts";
import { librarySteps } from "../libraries.ts";
import { commandsNamed } from "../look.ts";
import { type Case, noBenefit, type Recipe, refused, type RuntimeBase, type Verdict } from "../recipe.ts";
import { systemCalls } from "../../../model/dockerfile/system-packages.ts";

const BUILDERS = /^(?:make|gmake|cmake|meson|ninja|gcc|g\+\+|cc|c\+\+|clang|clang\+\+)$/;

export const c: Recipe = {
  name: "C and C++",
  recognise(it) {
    const builds = commandsNamed(it, BUILDERS).filter(
      ({ effect }) => effect.does === "build" || effect.does === "unknown",
    );
    if (builds.length === 0) return undefined;
    const base = buildBase(it);
    if (base === undefined) return refused("a variable hides the base image");
    if (cleansUp(it)) return noBenefit("what only builds is taken away again in the RUN that brought it");
    return split(it, base, builds);
  },
};

const cleansUp = ({ dockerfile, stage }: Case): boolean =>
  stage.instructions.some(
    (run) => run.name === "RUN" && systemCalls(dockerfile, run).some(({ effect }) => effect === "remove"),
  );

function split(it: Case, base: BuildBase, builds: readonly Answer[]): Verdict {
  const artefact = startedArtefact(it, builds);
  if (!artefact) return refused("the program that starts is not one that make, cmake or a compiler is seen to write");
  if (builds.some(({ effect }) => effect.instruction.index > artefact.at.index))
    return refused(`what is built after ${artefact.path} may belong to it`);
  if (installs(builds))
    return refused(
      "make install writes to folders nobody sees from here: start the program where it is built, or install below one folder",
    );
  const runtime = runtimeOf(it, base);
  if (typeof runtime === "string") return refused(runtime);
  const { paths } = it.context;
  const sources = (paths ?? [])
    .filter((path) => /\.(?:c|cc|cpp|cxx|h|hh|hpp)$/.test(path))
    .map((path) => it.context.read(path) ?? "");
  if (sources.some((text) => /\b(?:dlopen|LoadLibrary)\s*\(/.test(text)))
    return refused("the program loads libraries by name when it runs (dlopen)");
  // The image gcc has a C++ library of its own, newer than Debian's, in a folder no package has.
  const plain = paths !== undefined && !paths.some((path) => /\.(?:cc|cpp|cxx|C|hpp)$/.test(path));
  if (base.name === "gcc" && !plain)
    return refused(
      `programs in C++ load the library of ${base.written}, which Debian does not have: build on debian:… with g++`,
    );
  const writing = writingSource(it, "c", /\.(?:c|cc|cpp|cxx)$/);
  const carried = carriedWith(it, artefact, sources.flatMap(literalsOf));
  if (typeof carried === "string") return refused(carried);
  const steps =
    runtime.packages === undefined
      ? undefined
      : librarySteps(it, runtime.packages, `ldd ${artefact.path}`, needsData(it) ? commonData(it) : []);
  return {
    is: "split",
    split: {
      ecosystem: "C and C++",
      runtime,
      carried,
      side: onlyBuilds(it),
      ...(writing !== undefined && { staysRoot: writing }),
      ...(steps && { buildEnd: steps.build, head: steps.runtime }),
      decisions: [filesDecision(it, carried)],
    },
  };
}

/** Certificates and time zones for what asks other servers. */
const needsData = (it: Case): boolean => distributionNeeds(it).length > 0;

const installs = (builds: readonly Answer[]): boolean =>
  builds.some(
    ({ effect }) => effect.command?.args.some(({ value }) => value === "install" || value === "--install") ?? false,
  );

/** The same release without compilers; a text where nobody can tell which it is. */
function runtimeOf(it: Case, base: BuildBase): RuntimeBase | string {
  const family = familyUnder(it.dockerfile, it.stage);
  if (base.name === "alpine")
    return runtimeBase(base.written.replace(/@.*$/, ""), "the same Alpine, without what is installed for building");
  if (base.name === "debian") {
    const slim = /slim/.test(base.tag)
      ? base.written
      : base.tag === "" || base.tag === "latest"
        ? undefined
        : `${base.repository}:${base.tag}-slim`;
    return slim === undefined
      ? "the tag does not say which Debian it is, and the program loads its libraries: write it, as in debian:trixie"
      : runtimeBase(slim, "the same Debian, without what is installed for building");
  }
  if (base.name === "ubuntu")
    return runtimeBase(base.written, "the same Ubuntu, without what is installed for building");
  if (base.suite !== undefined && (base.name === "gcc" || base.name === "buildpack-deps"))
    return runtimeBase(`debian:${base.suite}-slim`, `the Debian under ${base.written}, without compilers`);
  return family === "debian" || base.name === "gcc"
    ? `the program loads libraries of the distribution, and the tag of ${base.written} does not say which release it is: write it, as in gcc:14-bookworm`
    : `what ${base.written} is made from is not known`;
}

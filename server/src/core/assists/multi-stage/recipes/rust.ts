/** Rust: one program, linked with the C library of the image it is built in. */
import { nativeCrates, readCargoToml } from "../../../model/project/cargo-toml.ts";
import { pathsNamed } from "../../../model/project/go-source.ts";
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
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
import { commandsNamed, execForms, installedPackages, namedFiles, startedBy } from "../look.ts";
import { type Case, type Recipe, refused, type RuntimeBase, type Verdict } from "../recipe.ts";

export const rust: Recipe = {
  name: "Rust",
  recognise(it) {
    const base = buildBase(it);
    const calls = commandsNamed(it, /^(?:cargo|cross|cargo-zigbuild|xx-cargo)$/);
    if (base?.name !== "rust" && calls.length === 0) return undefined;
    const started = startedBy(it).find(({ argv }) => /(?:^|\/)cargo$/.test(argv[0] ?? ""));
    if (started)
      return refused(
        `it starts cargo ${started.argv[1] ?? ""}, which compiles when the container starts: build in a RUN, and start target/release/…`,
      );
    if (base?.name !== "rust") return refused("Rust comes from somewhere else than the image rust");
    return split(it, base, calls);
  },
};

function split(it: Case, base: BuildBase, calls: readonly Answer[]): Verdict {
  const artefact = startedArtefact(
    it,
    calls.filter(({ effect }) => effect.does === "build"),
  );
  if (!artefact) return refused("the program that starts is not one that cargo is seen to write");
  const forms = execForms(it);
  const wants = distributionNeeds(it);
  const alone = forms !== undefined && wants.every((want) => want === "a shell");
  const musl = /-linux-musl/.test(words(calls)) || /-linux-musl/.test(artefact.path);
  const libraries = musl ? "none" : librariesOf(it, base);
  const runtime = runtimeOf(base, libraries, alone);
  if (typeof runtime === "string") return refused(runtime);
  const { paths } = it.context;
  const literals = (paths ?? [])
    .filter((path) => path.endsWith(".rs"))
    .flatMap((path) => literalsOf(it.context.read(path) ?? ""));
  const assets = assetsOf(it, paths ? pathsNamed(literals, [...paths, ...foldersOf(paths)]) : [], artefact.at);
  const beside = madeBeside(it, artefact);
  if (typeof beside === "string") return refused(beside);
  const named = namedFiles(it, [artefact.path]).map((path) => carriedFile(path, artefact.at));
  const carried = distinct([carriedFile(artefact.path, artefact.at), ...assets, ...beside, ...named]);
  const steps =
    runtime.packages !== undefined && libraries !== "none"
      ? librarySteps(it, runtime.packages, `ldd ${artefact.path}`, commonData(it))
      : undefined;
  return {
    is: "split",
    split: {
      ecosystem: "Rust",
      runtime,
      carried,
      side: onlyBuilds(it),
      ...(steps
        ? { buildEnd: steps.build, head: steps.runtime }
        : runtime.packages !== undefined && { packages: commonData(it) }),
      ...(!runtime.hasShell && forms && { inRuntime: forms }),
      decisions: [filesDecision(it, carried)],
    },
  };
}

const words = (calls: readonly Answer[]): string =>
  calls.flatMap(({ effect }) => effect.command?.args.map(({ value }) => value) ?? []).join(" ");

/** String literals of a Rust source; raw strings too. */
const literalsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\\n]|\\.){1,200})"/g)].map(([, literal = ""]) => literal);

/** Whether the program loads more than the C library. */
function librariesOf(it: Case, base: BuildBase): "none" | "some" | "unknown" {
  const dev = installedPackages(it).some(
    (name) => /-dev(?:el)?$/.test(name) && !/^(?:musl-dev|libc6?-dev)$/.test(name),
  );
  if (dev) return "some";
  // On Alpine Rust links the C library into the program.
  if (base.variant === "alpine") return "none";
  const text = it.context.read("Cargo.toml");
  const cargo = text === undefined ? undefined : readCargoToml(text);
  if (!cargo || cargo.workspace) return "unknown";
  const lock = it.context.read("Cargo.lock") ?? "";
  return nativeCrates(cargo).size > 0 || /^name = "[\w-]+-sys"$/m.test(lock) ? "some" : "none";
}

const CC: Readonly<Record<string, string>> = { bookworm: "12", trixie: "13" };

/** A text where none is known. */
function runtimeOf(base: BuildBase, libraries: "none" | "some" | "unknown", alone: boolean): RuntimeBase | string {
  if (base.variant === "alpine") {
    if (libraries === "none" && alone)
      return runtimeBase(
        "gcr.io/distroless/static-debian13:nonroot",
        "on Alpine Rust links everything into the program, and it needs no shell",
      );
    const version = /alpine(\d+\.\d+)/.exec(base.tag)?.[1];
    return version === undefined
      ? "the program loads libraries of Alpine, and the tag does not say of which release: write it, as in rust:1-alpine3.23"
      : runtimeBase(`alpine:${version}`, "the program loads libraries of this distribution, or needs a shell");
  }
  if (base.suite === undefined)
    return "the program is linked with the C library, and the tag does not say of which Debian release: write it, as in rust:1-trixie";
  const release = CC[base.suite];
  if (libraries === "none" && alone && release !== undefined)
    return runtimeBase(
      `gcr.io/distroless/cc-debian${release}:nonroot`,
      `the same C library as ${base.written}; the program needs no other and no shell`,
    );
  return runtimeBase(`debian:${base.suite}-slim`, `the same Debian as ${base.written}, without compilers`);
}

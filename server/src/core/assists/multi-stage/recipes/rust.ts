/** Rust: one program, linked with the C library of the image it is built in. */
import { nativeCrates, readCargoToml } from "../../../model/project/cargo-toml.ts";
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import { commonData, distributionNeeds, onlyBuilds, startedArtefact } from "../artefact.ts";
import { carriedWith, filesDecision, literalsOf } from "../carried.ts";
import { withRoot, writingSource } from "../writing.ts";
import { type BuildBase, buildBase, runtimeBase } from "../base.ts";
import { librarySteps } from "../libraries.ts";
import { commandsNamed, execForms, installedPackages, startedBy } from "../look.ts";
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
  const writing = writingSource(it, "rs", /\.rs$/);
  const plain = runtimeOf(base, musl ? "musl" : libraries, alone);
  const runtime = typeof plain === "string" || writing === undefined ? plain : withRoot(plain);
  if (typeof runtime === "string") return refused(runtime);
  const literals = (it.context.paths ?? [])
    .filter((path) => path.endsWith(".rs"))
    .flatMap((path) => literalsOf(it.context.read(path) ?? ""));
  const carried = carriedWith(it, artefact, ["Rocket.toml", ...literals]);
  if (typeof carried === "string") return refused(carried);
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
      static: musl || (base.variant === "alpine" && libraries === "none"),
      side: onlyBuilds(it),
      ...(writing !== undefined && { staysRoot: writing }),
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
function runtimeOf(
  base: BuildBase,
  libraries: "musl" | "none" | "some" | "unknown",
  alone: boolean,
): RuntimeBase | string {
  if (libraries === "musl" && base.variant !== "alpine")
    return alone
      ? runtimeBase(
          "gcr.io/distroless/static-debian13:nonroot",
          "the target musl links everything into the program, and it needs no shell",
        )
      : runtimeBase("debian:stable-slim", "the target musl links everything into the program");
  if (base.variant === "alpine") {
    if (libraries !== "some" && libraries !== "unknown" && alone)
      return runtimeBase(
        "gcr.io/distroless/static-debian13:nonroot",
        "on Alpine Rust links everything into the program, and it needs no shell",
      );
    const version = /alpine(\d+\.\d+)/.exec(base.tag)?.[1];
    return version === undefined
      ? "the program loads libraries of Alpine, and the tag does not say of which release: write it, as in rust:1-alpine3.23"
      : runtimeBase(`alpine:${version}`, "the program loads libraries of this distribution, or needs a shell");
  }
  if (base.release === undefined)
    return "the program is linked with the C library, and the tag does not say of which Debian release: write it, as in rust:1-trixie";
  const release = CC[base.release];
  if (libraries === "none" && alone && release !== undefined)
    return runtimeBase(
      `gcr.io/distroless/cc-debian${release}:nonroot`,
      `the same C library as ${base.written}; the program needs no other and no shell`,
    );
  return runtimeBase(`debian:${base.release}-slim`, `the same Debian as ${base.written}, without compilers`);
}

/** Go: one static program where no module needs C, else one with the libraries it is linked with. */
import { cgoRequires, readGoMod } from "../../model/project/go-mod.ts";
import { pathsNamed, readGoSource } from "../../model/project/go-source.ts";
import { type App, isPlain, notPlain, type Outcome, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf, portLines } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES, SUITE } from "../releases.ts";
import { line, saidVersion } from "../said.ts";
import {
  aptInstall,
  cache,
  cmd,
  copy,
  fileOf,
  from,
  healthcheck,
  installLinked,
  linkedPackages,
  run,
  unpinnedPackages,
} from "../text.ts";

const ENDING = /\.go$/;
/** Folders that programs read beside themselves, whether they name them or not. */
const ASSETS: ReadonlySet<string> = new Set([
  "templates",
  "static",
  "public",
  "views",
  "web",
  "migrations",
  "locales",
  "assets",
]);

export function go(app: App): Outcome {
  const { files, notes } = app;
  const mod = readGoMod(files.read("go.mod") ?? "");
  if (!mod) return refuse("go.mod says neither a module nor a version of Go");
  const outside = mod.replaces.find(({ folder }) => folder?.startsWith(".."));
  if (outside)
    return refuse(
      `go.mod replaces ${outside.path} by ${outside.folder}, which is outside of this folder: choose the folder around both`,
    );
  const texts = sourcesOf(files, ENDING);
  const sources = texts.map(({ path, text }) => ({ path, text, source: readGoSource(text) }));
  const isBuilt = (constraints: readonly string[]): boolean =>
    !constraints.some((each) => /\bignore\b|\btools\b/.test(each));
  const programs = [
    ...new Set(
      sources
        .filter(({ source }) => source.hasMain && isBuilt(source.constraints))
        .map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/")))),
    ),
  ];
  if (programs.length === 0) return refuse("no package main was found, so there is no program to start");
  const names = programs.map((folder) => ({
    folder,
    name: folder.split("/").at(-1) || lastPart(mod.module) || files.name,
  }));
  const chosen = notes.choose(
    "program",
    programs.length > 1
      ? `there are ${programs.length} programs, and nothing says which one the image is for`
      : "it is the only package main",
    programs.length > 1,
    names.map(({ folder, name }) => ({
      id: folder === "" ? "." : folder,
      label: folder === "" ? name : folder,
      what: `The image runs ${folder === "" ? "the program in the folder itself" : folder}`,
    })),
  );
  const program = names.find(({ folder }) => (folder === "" ? "." : folder) === chosen) ?? names[0];
  if (!program) return refuse("no package main was found, so there is no program to start");
  const packagePath = program.folder === "" ? "." : `./${program.folder}`;
  if (!isPlain(program.name) || !isPlain(packagePath)) return notPlain("the program", program.folder || program.name);
  const said = saidVersion(files, "go");
  const version = chooseRelease(notes, "go", {
    said: said ? { ...said, version: line(said.version) } : versionOf(mod),
  });
  const listening = listeningOf(texts, "go");
  const port = choosePort(notes, listening, 8080, undefined);
  const native = cgoRequires(mod);
  const direct = [...native.values()].filter(({ indirect }) => !indirect);
  const usesC = direct.length > 0 || sources.some(({ source }) => source.usesCgo && isBuilt(source.constraints));
  const starts = [...new Set(sources.flatMap(({ source }) => source.starts))];
  if (starts.length > 0)
    notes.note(
      "programs",
      `It starts ${starts.join(", ")}, which the image that runs may not have`,
      "the sources name it in exec.Command",
      true,
    );
  const embedded = new Set(
    sources.flatMap(({ source }) => source.embeds).map((pattern) => pattern.split("/")[0] ?? ""),
  );
  const literals = sources.flatMap(({ source }) => source.literals);
  const named = new Set([
    ...pathsNamed(literals, folderPaths(files.paths)).filter((path) => !ENDING.test(path)),
    ...[...ASSETS].filter((folder) => files.paths.some((path) => path.startsWith(`${folder}/`) && !ENDING.test(path))),
  ]);
  const assets = [...named]
    .filter(
      (path) =>
        !embedded.has(path.split("/")[0] ?? "") &&
        !isPackage(files.paths, path) &&
        !/^(?:go\.(?:mod|sum)|cmd|internal|pkg)$/.test(path),
    )
    .filter((path, _, all) => !all.some((other) => other !== path && path.startsWith(`${other}/`)))
    .toSorted();
  if (assets.length > 0)
    notes.note(
      "assets",
      `${assets.join(", ")} go along with the program`,
      "the sources name them, or programs usually read them",
    );
  const zones = sources.some(({ text }) => /\btime\.LoadLocation\(/.test(text));
  if (zones)
    notes.note(
      "time-zones",
      "The time zones are built into the program",
      "it loads some, and the image that runs has none",
    );
  const hasVendor = files.paths.includes("vendor/modules.txt");
  // What a module of the same tree requires stands in its own go.mod, so that the download needs that too.
  const hasLocal = mod.replaces.some(({ folder }) => folder !== undefined);
  const modules = files.paths.includes("go.sum") ? ["go.mod", "go.sum"] : ["go.mod"];
  const build = `${usesC ? "CGO_ENABLED=1" : "CGO_ENABLED=0"} go build -trimpath${zones ? " -tags timetzdata" : ""} -o /out/${program.name} ${packagePath}`;
  const development = direct.flatMap(({ builds }) => builds);
  const buildStage = [
    from(app.image(usesC ? `golang:${version}-${SUITE}` : `golang:${version}`), "build"),
    ...(development.length > 0 ? [unpinnedPackages(notes), run(aptInstall(development))] : []),
    "WORKDIR /src",
    ...(hasVendor || hasLocal || mod.requires.length === 0
      ? []
      : [copy(modules, "./"), run(["go mod download"], [cache("/go/pkg/mod")])]),
    copy(["."], "."),
    run([build], [...(hasVendor ? [] : [cache("/go/pkg/mod")]), cache("/root/.cache/go-build")]),
    ...(usesC ? linkedPackages(`/out/${program.name}`) : []),
  ];
  const runtime = usesC
    ? { base: IMAGES.debian, prober: "bash" as const }
    : (() => {
        const base = notes.choose(
          "runtime-base",
          port === undefined
            ? "the program is static, and nothing has to ask for its health"
            : "the program is static, and a busybox is enough to ask for its health",
          false,
          [
            ...(port === undefined ? [DISTROLESS, ALPINE] : [ALPINE, DISTROLESS]),
            { id: "debian", label: "Debian, with a package manager", what: `The program runs on ${IMAGES.debian}` },
          ],
        );
        if (base === "distroless") return { base: IMAGES.distrolessStatic, prober: undefined };
        return base === "debian"
          ? { base: IMAGES.debian, prober: "bash" as const }
          : { base: IMAGES.alpine, prober: "wget" as const };
      })();
  if (usesC)
    notes.note(
      "cgo",
      "The program is linked with C, and runs on the Debian it was built on",
      direct.length > 0 ? `${direct.map(({ path }) => path).join(", ")} needs it` : 'a source has import "C"',
    );
  const probe = runtime.prober ? chooseProbe(notes, port, runtime.prober, healthPathIn(texts)) : undefined;
  if (!runtime.prober && port !== undefined)
    notes.note("healthcheck", "No HEALTHCHECK", "distroless has no program that could ask", true);
  const needsCertificates = runtime.base === IMAGES.debian;
  const dockerfile = fileOf(app.image(IMAGES.syntax), buildStage, [
    from(app.image(runtime.base)),
    ...(usesC ? [installLinked("build")] : []),
    "WORKDIR /app",
    ...(needsCertificates ? [copy(["/etc/ssl/certs/ca-certificates.crt"], "/etc/ssl/certs/", "--from=build")] : []),
    copy([`/out/${program.name}`], "./", "--from=build"),
    ...assets.map((path) => copy([path], `./${path}`)),
    "USER 65532:65532",
    ...portLines(port, texts),
    healthcheck(probe),
    cmd([`./${program.name}`]),
  ]);
  return {
    ecosystem: usesC ? "Go with cgo" : "Go",
    dockerfile,
    port,
    probe,
    writes: [],
    init: false,
    sets: [],
    libraries: { from: "go", names: mod.requires.filter(({ indirect }) => !indirect).map(({ path }) => path) },
    sources: ENDING,
  };
}

const ALPINE = { id: "alpine", label: "Alpine, with a shell and wget", what: `The program runs on ${IMAGES.alpine}` };
const DISTROLESS = {
  id: "distroless",
  label: "distroless, without a shell and a health check",
  what: `The program runs on ${IMAGES.distrolessStatic}`,
};

const lastPart = (module: string | undefined): string | undefined =>
  module
    ?.replace(/\/v\d+$/, "")
    .split("/")
    .at(-1);

const versionOf = ({ go: said, toolchain }: { go: string | undefined; toolchain: string | undefined }) => {
  const version = toolchain?.replace(/^go/, "") ?? said;
  return version === undefined || !/^\d+\.\d+/.test(version)
    ? undefined
    : { version: line(version.replace(/[^\d.].*$/, "")), by: "go.mod" };
};

/** Folders stand for themselves too. */
const folderPaths = (paths: readonly string[]): ReadonlySet<string> =>
  new Set(
    paths.flatMap((path) => [
      path,
      ...path
        .split("/")
        .slice(0, -1)
        .map((_, at, parts) => parts.slice(0, at + 1).join("/")),
    ]),
  );

/** Go sources lie in it: it is code, not data. */
const isPackage = (paths: readonly string[], folder: string): boolean =>
  paths.some(
    (path) => path.startsWith(`${folder}/`) && ENDING.test(path) && !path.slice(folder.length + 1).includes("/"),
  );

/** C and C++, built by CMake or make: the program, and the packages of the libraries it turns out to be linked with. */
import { readCmake } from "../../model/project/cmake.ts";
import { readMakefile } from "../../model/project/makefile.ts";
import { type App, isPlain, notPlain, type Outcome, type Refusal, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf, portLines } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { IMAGES } from "../releases.ts";
import {
  aptInstall,
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

const SOURCES = /\.(?:c|cc|cpp|cxx|h|hpp)$/;

/** Modules of find_package and pkg-config: Debian's development packages. */
const PACKAGES: Readonly<Record<string, string>> = {
  openssl: "libssl-dev",
  libssl: "libssl-dev",
  zlib: "zlib1g-dev",
  curl: "libcurl4-openssl-dev",
  libcurl: "libcurl4-openssl-dev",
  sqlite3: "libsqlite3-dev",
  postgresql: "libpq-dev",
  libpq: "libpq-dev",
  libuv: "libuv1-dev",
  libevent: "libevent-dev",
  boost: "libboost-all-dev",
  libmicrohttpd: "libmicrohttpd-dev",
  jansson: "libjansson-dev",
  nlohmann_json: "nlohmann-json3-dev",
  fmt: "libfmt-dev",
  spdlog: "libspdlog-dev",
  protobuf: "libprotobuf-dev",
  libxml2: "libxml2-dev",
  "libxml-2.0": "libxml2-dev",
  png: "libpng-dev",
  libpng: "libpng-dev",
  jpeg: "libjpeg-dev",
  bzip2: "libbz2-dev",
  liblzma: "liblzma-dev",
  zstd: "libzstd-dev",
  libzstd: "libzstd-dev",
  hiredis: "libhiredis-dev",
  libmosquitto: "libmosquitto-dev",
  libwebsockets: "libwebsockets-dev",
  threads: "",
  git: "",
  pkgconfig: "",
};
/** Libraries a Makefile links by `-l`. */
const LINKED: Readonly<Record<string, string>> = {
  ssl: "libssl-dev",
  crypto: "libssl-dev",
  z: "zlib1g-dev",
  curl: "libcurl4-openssl-dev",
  sqlite3: "libsqlite3-dev",
  pq: "libpq-dev",
  uv: "libuv1-dev",
  event: "libevent-dev",
  microhttpd: "libmicrohttpd-dev",
  jansson: "libjansson-dev",
  xml2: "libxml2-dev",
  png: "libpng-dev",
  jpeg: "libjpeg-dev",
  bz2: "libbz2-dev",
  lzma: "liblzma-dev",
  zstd: "libzstd-dev",
  hiredis: "libhiredis-dev",
  m: "",
  pthread: "",
  dl: "",
  rt: "",
  c: "",
  stdc: "",
  "stdc++": "",
};

interface Built {
  readonly packages: readonly string[];
  readonly build: readonly string[];
  /** The program, relative to the sources. */
  readonly path: string;
}

export const cmake = (app: App): Outcome => program(app, withCmake(app));
export const make = (app: App): Outcome => program(app, withMake(app));

function chooseProgram({ notes }: App, names: readonly string[]): string {
  return notes.choose(
    "program",
    names.length > 1
      ? `there are ${names.length} programs, and nothing says which one the image is for`
      : "it is the only program",
    names.length > 1,
    names.map((id) => ({ id, label: id, what: `The image runs ${id}` })),
  );
}

function unknownPackage(
  names: readonly string[],
  table: Readonly<Record<string, string>>,
): { readonly unknown: string | undefined; readonly packages: readonly string[] } {
  const keys = names.map((name) => name.toLowerCase());
  return {
    unknown: keys.find((key) => !Object.hasOwn(table, key)),
    packages: [...new Set(keys.flatMap((key) => table[key] || []))],
  };
}

function withCmake(app: App): Built | Refusal {
  const { files } = app;
  const project = readCmake(files.read("CMakeLists.txt") ?? "");
  if (project.fetches)
    return refuse(
      "CMakeLists.txt fetches sources while it builds, which the build may not be able to: write the Dockerfile by hand",
    );
  const parts = project.subdirectories.map((folder) => ({
    folder,
    part: readCmake(files.read(`${folder}/CMakeLists.txt`) ?? ""),
  }));
  const isTest = (name: string): boolean => /test|bench|example/i.test(name);
  const programs = [
    ...project.executables.map((name) => ({
      name,
      path: `${project.runtimeOutput ? `${project.runtimeOutput}/` : ""}${name}`,
    })),
    ...parts.flatMap(({ folder, part }) =>
      part.executables.map((name) => ({
        name,
        path: project.runtimeOutput ? `${project.runtimeOutput}/${name}` : `${folder}/${name}`,
      })),
    ),
  ].filter(({ name }) => !isTest(name));
  if (programs.length === 0) return refuse("CMakeLists.txt makes no program that is named literally");
  const { unknown, packages } = unknownPackage(
    [...project.packages, ...project.modules, ...parts.flatMap(({ part }) => [...part.packages, ...part.modules])],
    PACKAGES,
  );
  if (unknown !== undefined)
    return refuse(`which package of Debian ${unknown} is in is not known here: write the Dockerfile by hand`);
  const name = chooseProgram(
    app,
    programs.map((each) => each.name),
  );
  const usesPkgConfig = project.modules.length > 0 || parts.some(({ part }) => part.modules.length > 0);
  return {
    packages: ["build-essential", "cmake", ...(usesPkgConfig ? ["pkg-config"] : []), ...packages],
    build: ["cmake -S . -B build -DCMAKE_BUILD_TYPE=Release", `cmake --build build --parallel --target ${name}`],
    path: `build/${programs.find((each) => each.name === name)?.path ?? name}`,
  };
}

function withMake(app: App): Built | Refusal {
  const { files } = app;
  const name = ["GNUmakefile", "makefile", "Makefile"].find((each) => files.paths.includes(each)) ?? "Makefile";
  const makefile = readMakefile(files.read(name) ?? "");
  if (makefile.includes.length > 0) return refuse(`${name} reads other files, so that what it makes cannot be told`);
  const named = (text: string): string | undefined => {
    const filled = text.replace(/\$[({](\w+)[)}]/g, (_, variable: string) => makefile.variables.get(variable) ?? "$");
    return filled.includes("$") ? undefined : filled;
  };
  const all = makefile.targets.find((target) => target.name === (makefile.first ?? ""));
  const wanted =
    all?.phony || all?.name === "all" ? all.prerequisites.flatMap((each) => named(each) ?? []) : all ? [all.name] : [];
  const text = files.read(name) ?? "";
  // A target that a variable names is not among those that are literal.
  const variables = [...text.matchAll(/^\$[({](\w+)[)}]\s*:(?!=)/gm)].flatMap(
    ([, variable = ""]) => named(`$(${variable})`) ?? [],
  );
  const programs = [...new Set([...wanted, ...(wanted.length === 0 ? variables.slice(0, 1) : [])])].filter(
    (each) => /^[\w./-]+$/.test(each) && !/\.(?:o|a|so|h)$/.test(each),
  );
  if (programs.length === 0)
    return refuse(`what ${name} makes cannot be told from it, because no program is named literally`);
  const libraries = [...text.matchAll(/(?:^|\s)-l([\w+]+)/gm)].map(([, library = ""]) => library);
  const { unknown, packages } = unknownPackage(libraries, LINKED);
  if (unknown !== undefined)
    return refuse(`which package of Debian has the library ${unknown} is not known here: write the Dockerfile by hand`);
  const modules = [...text.matchAll(/pkg-config\s+(?:--\w+\s+)+([\w.-]+)/g)].map(([, module = ""]) => module);
  const found = unknownPackage(modules, PACKAGES);
  if (found.unknown !== undefined)
    return refuse(`which package of Debian ${found.unknown} is in is not known here: write the Dockerfile by hand`);
  const chosen = chooseProgram(app, programs);
  return {
    packages: ["build-essential", ...(modules.length > 0 ? ["pkg-config"] : []), ...packages, ...found.packages],
    build: [`make ${chosen}`],
    path: chosen,
  };
}

function program(app: App, built: Built | Refusal): Outcome {
  if ("refusal" in built) return built;
  const { files, notes } = app;
  if (!isPlain(built.path)) return notPlain("the program", built.path);
  const texts = sourcesOf(files, SOURCES);
  const listening = listeningOf(texts, "c");
  const port = choosePort(notes, listening, 8080, undefined);
  const probe = chooseProbe(notes, port, "bash", healthPathIn(texts));
  const name = built.path.slice(built.path.lastIndexOf("/") + 1);
  notes.note(
    "linking",
    "The image that runs gets the packages of the libraries the program is linked with",
    "they are read from the program itself; what it loads by name while it runs (dlopen) is not among them",
  );
  return {
    ecosystem: "C and C++",
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      [
        from(app.image(IMAGES.debian), "build"),
        unpinnedPackages(notes),
        run(aptInstall([...new Set(built.packages)])),
        "WORKDIR /src",
        copy(["."], "."),
        run([...built.build, `install -D ${built.path} /out/${name}`]),
        ...linkedPackages(`/out/${name}`),
      ],
      [
        from(app.image(IMAGES.debian)),
        installLinked("build"),
        "WORKDIR /app",
        copy([`/out/${name}`], "./", "--from=build"),
        "USER 65532:65532",
        ...portLines(port, texts),
        healthcheck(probe),
        cmd([`./${name}`]),
      ],
    ),
    port,
    probe,
    writes: [],
    init: true,
    sets: ["PORT"],
    libraries: { from: "cargo", names: [] },
    sources: SOURCES,
  };
}

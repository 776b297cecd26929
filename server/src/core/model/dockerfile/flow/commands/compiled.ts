/** Languages that are compiled: Go, Rust, the JVM, .NET, C and C++, Swift, Haskell. */
import { type Act, type Call, has, type Outcome, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { toolPath } from "../around.ts";
import { everythingBelow, files, pathFrom, type Place, type Places } from "../place.ts";

const NOTHING: Act = { does: "nothing" };
const TREE: Act = { does: "build", reads: "./**", writes: "./**", usual: true };
const cleans = (writes: string): Act => ({ does: "cleanup", writes });

// Go

const GO_READS = "./** $GOMODCACHE/** $GOPATH/src/**";
const GO_CACHES = "$GOCACHE/** $GOMODCACHE/**";

const plus = (places: readonly Place[], more: Places): Places => (more === "anything" ? more : [...places, ...more]);

/** `-o FILE`, `-o FOLDER/`, or the last part of the package, which a module's own name may decide. */
function goBuild(call: Call): Outcome {
  const reads = placesOf(call, GO_READS);
  const out = valueOf(call, "-o");
  const names = call.operands.map(({ value }) => goName(value));
  const [only] = names;
  const writes =
    out === undefined
      ? names.length > 1
        ? []
        : [files(pathFrom(call.around.folder, only ?? "*"))]
      : out.endsWith("/") || names.length > 1 || out === "." || out === ".."
        ? (names.length === 0 ? ["*"] : names).map((name) => files(pathFrom(pathOf(call, out), name)))
        : [files(pathOf(call, out))];
  return { does: "build", reads, writes: plus(writes, placesOf(call, GO_CACHES)) };
}

function goInstall(call: Call): Outcome {
  const names = call.operands.length === 0 ? ["*"] : call.operands.map(({ value }) => goName(value));
  const remote = call.operands.some(({ value }) => value.includes("@"));
  const bin = toolPath(call.around, "$GOBIN");
  return {
    does: remote ? "download" : "build",
    reads: remote ? [] : placesOf(call, GO_READS),
    writes: plus(
      names.map((name) => files(pathFrom(bin, name))),
      placesOf(call, GO_CACHES),
    ),
  };
}

/** What Go calls the program of a package: the last part of its path, a version left out; `*` where the module decides. */
function goName(written: string): string {
  const path = written.replace(/@.*$/, "").replace(/\/+$/, "").replace(/\.go$/, "");
  const parts = path.split("/").filter((part) => part !== ".");
  const last = /^v\d+$/.test(parts.at(-1) ?? "") ? parts.at(-2) : parts.at(-1);
  return last === undefined || last === "" || last === ".." || last === "..." ? "*" : last;
}

const GO: Row = {
  programs: "go xx-go",
  syntax: {
    short: "oCp",
    long: new Set(),
  },
  folder: "-C",
  acts: {
    "": NOTHING,
    build: goBuild,
    install: goInstall,
    get: (call) => {
      const { writes } = goInstall(call);
      return {
        does: "dependencies",
        reads: placesOf(call, "go.mod go.sum"),
        writes: plus(placesOf(call, "go.mod go.sum") as readonly Place[], writes),
      };
    },
    "mod download|mod verify": {
      does: "dependencies",
      reads: "go.mod go.sum go.work",
      writes: "$GOMODCACHE/** go.sum",
    },
    "mod tidy": { does: "dependencies", reads: "./**", writes: "$GOMODCACHE/** go.mod go.sum" },
    "mod vendor": { does: "dependencies", reads: "./**", writes: "$GOMODCACHE/** vendor/**" },
    "mod init|mod edit|work init|work use": { does: "files", writes: "go.mod go.work" },
    generate: TREE,
    run: { ...TREE, reads: GO_READS },
    "test|vet|tool": { does: "nothing", reads: GO_READS, writes: "$GOCACHE/**" },
    "env|version|list|fmt|help|doc|telemetry": NOTHING,
    "work sync": {
      does: "dependencies",
      reads: "go.work ./**",
      writes: "go.mod go.sum */go.mod */go.sum $GOMODCACHE/**",
    },
    clean: cleans("$GOCACHE/** $GOMODCACHE/**"),
  },
};

// Rust

const CARGO_READS = "./** $CARGO_HOME/registry/** $CARGO_HOME/git/**";
const CARGO_CACHE = "$CARGO_HOME/registry/** $CARGO_HOME/git/**";
const CARGO_SYNTAX = takes(
  "pFjZ",
  "package bin features target target-dir manifest-path profile jobs path root version git branch tag rev recipe-path example color config",
);

/** `target/release/NAME`, with the triple in between where a target is given. */
function cargoBuild(call: Call): Outcome {
  const target = valueOf(call, "--target-dir") ?? stringOf(call, "CARGO_TARGET_DIR") ?? "target";
  return {
    does: "build",
    reads: placesOf(call, CARGO_READS),
    writes: plus([files(everythingBelow(pathOf(call, target)))], placesOf(call, CARGO_CACHE)),
  };
}

function cargoInstall(call: Call): Outcome {
  const path = valueOf(call, "--path");
  const root = valueOf(call, "--root");
  const bin = pathFrom(root === undefined ? toolPath(call.around, "$CARGO_HOME") : pathOf(call, root), "bin/*");
  return {
    does: path === undefined ? "download" : "build",
    reads: path === undefined ? [] : placesOf(call, `@--path/** ${CARGO_CACHE}`),
    writes: plus([files(bin)], placesOf(call, `${CARGO_CACHE}${path === undefined ? "" : " target/**"}`)),
  };
}

const stringOf = (call: Call, name: string): string | undefined => {
  const value = call.around.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
};

const RUST: readonly Row[] = [
  {
    programs: "cargo xx-cargo cross cargo-zigbuild",
    syntax: CARGO_SYNTAX,
    acts: {
      "": NOTHING,
      "build|b|rustc|check|c|test|t|doc|bench|clippy|zigbuild|run|r|auditable build": cargoBuild,
      install: cargoInstall,
      binstall: cargoInstall,
      fetch: { does: "dependencies", reads: "Cargo.toml Cargo.lock", writes: CARGO_CACHE },
      vendor: { does: "dependencies", reads: "Cargo.toml Cargo.lock", writes: `vendor/** ${CARGO_CACHE}` },
      "update|generate-lockfile": { does: "dependencies", reads: "Cargo.toml", writes: `Cargo.lock ${CARGO_CACHE}` },
      "chef prepare": { does: "build", reads: "./**", writes: "@--recipe-path|recipe.json" },
      "chef cook": (call) => ({ ...cargoBuild(call), reads: placesOf(call, "@--recipe-path|recipe.json") }),
      "new|init|add": { does: "files", writes: "./**" },
      clean: cleans("target/**"),
      "version|--version|metadata|tree|search|fmt|deny|audit": NOTHING,
    },
  },
  {
    programs: "rustup rustup-init",
    syntax: takes("yt", "default-toolchain profile component target default-host toolchain"),
    local: true,
    acts: {
      "show|which|--version": NOTHING,
      "*": { does: "dependencies", writes: "$RUSTUP_HOME/** $CARGO_HOME/**" },
      "": { does: "dependencies", writes: "$RUSTUP_HOME/** $CARGO_HOME/**" },
    },
  },
  {
    programs: "rustc",
    syntax: takes("oCL", "out-dir edition crate-type"),
    acts: { "": NOTHING, "*": { does: "build", reads: "@all", writes: "@-o,--out-dir|./*" } },
  },
  { programs: "sccache", acts: { "*": NOTHING, "": NOTHING } },
];

// JVM

const MAVEN_REPOSITORY = "~/.m2/**";
const mavenActs: Row["acts"] = {
  "*": (call) => {
    const goals = call.operands.map(({ value }) => value);
    const only = goals.every((goal) =>
      /^(?:dependency:|org\.apache\.maven\.plugins:maven-dependency-plugin|verify$|validate$)/.test(goal),
    );
    const fetches = only && goals.some((goal) => goal.includes("dependency"));
    const own = valueOf(call, "-f", "--file");
    const folder =
      own === undefined
        ? call.around
        : { ...call.around, folder: own.endsWith(".xml") ? pathFrom(pathOf(call, own), "..") : pathOf(call, own) };
    const at: Call = { ...call, around: folder };
    if (goals.every((goal) => goal === "clean"))
      return { does: "cleanup", reads: [], writes: placesOf(at, "target/** */target/**") };
    const reads = placesOf(at, fetches ? `pom.xml */pom.xml .mvn/** ${MAVEN_REPOSITORY}` : `./** ${MAVEN_REPOSITORY}`);
    const writes = placesOf(at, fetches ? MAVEN_REPOSITORY : `target/** */target/** **/target/** ${MAVEN_REPOSITORY}`);
    return { does: fetches ? "dependencies" : "build", reads, writes, usual: !fetches };
  },
  "": NOTHING,
};

const GRADLE_HOME = "$GRADLE_USER_HOME/**";
const JVM: readonly Row[] = [
  {
    programs: "mvn mvnw mvnd",
    syntax: takes("fPplsTtb", "file activate-profiles projects settings threads"),
    local: true,
    acts: mavenActs,
  },
  {
    programs: "gradle gradlew",
    syntax: takes("bcpxgPDI", "build-file project-dir exclude-task gradle-user-home init-script console"),
    folder: "-p --project-dir",
    local: true,
    acts: {
      "": (call) =>
        has(call, "--version", "-v", "--stop")
          ? { does: "nothing", reads: [], writes: [] }
          : {
              does: "build",
              reads: placesOf(call, `./** ${GRADLE_HOME}`),
              writes: placesOf(call, `./** ${GRADLE_HOME}`),
              usual: true,
            },
      "dependencies|dependencyInsight|downloadDependencies|resolveDependencies|wrapper": {
        does: "dependencies",
        reads: "./**",
        writes: `${GRADLE_HOME} .gradle/**`,
        usual: true,
      },
      clean: cleans("build/** */build/**"),
      "*": {
        does: "build",
        reads: `./** ${GRADLE_HOME}`,
        writes: `build/** .gradle/** **/build/** ${GRADLE_HOME}`,
        usual: true,
      },
    },
  },
  {
    programs: "sbt lein ant bazel bazelisk mill clojure clj kotlinc scalac groovyc",
    local: true,
    acts: {
      "*": {
        ...TREE,
        reads: `./** ~/.m2/** ~/.ivy2/** $XDG_CACHE_HOME/**`,
        writes: `./** ~/.m2/** ~/.ivy2/** $XDG_CACHE_HOME/**`,
      },
      "": NOTHING,
    },
  },
  {
    programs: "javac",
    syntax: {
      short: "d",
      long: new Set([
        "-cp",
        "-classpath",
        "--class-path",
        "--release",
        "-source",
        "-target",
        "--source",
        "--target",
        "-sourcepath",
        "-encoding",
      ]),
    },
    acts: {
      "": NOTHING,
      "*": (call) => {
        const out = valueOf(call, "-d");
        const beside = call.operands.map(({ value }) => files(pathOf(call, value.replace(/[^/]*$/, "*.class"))));
        return {
          does: "build",
          reads: placesOf(call, "@all ./**"),
          writes: out === undefined ? beside : [files(everythingBelow(pathOf(call, out)))],
        };
      },
    },
  },
  {
    programs: "jar",
    syntax: takes(""),
    acts: {
      // The letters come first, dash or not; with `f` the file is the next word.
      "*": (call) => {
        const words = call.command.args.map(({ value }) => value);
        const letters = (words[0] ?? "").replace(/^-/, "");
        const archive = words[1];
        if (archive === undefined || !letters.includes("f")) return undefined;
        const file = files(pathOf(call, archive));
        if (letters.startsWith("x")) return { does: "files", reads: [file], writes: placesOf(call, "./**") };
        if (letters.startsWith("t")) return { does: "nothing", reads: [file], writes: [] };
        return { does: "build", reads: placesOf(call, "./**"), writes: [file] };
      },
    },
  },
  {
    programs: "java",
    syntax: { short: "", long: new Set(["-jar", "-cp", "-classpath"]) },
    acts: {
      "": NOTHING,
      // Spring Boot's own tool: takes the layers of a jar apart.
      "*": (call) => {
        const words = call.command.args.map(({ value }) => value);
        const jar = words[words.indexOf("-jar") + 1];
        if (words.includes("-version") || words.includes("--version"))
          return { does: "nothing", reads: [], writes: [] };
        if (jar === undefined || !words.some((word) => word.startsWith("-Djarmode="))) return undefined;
        const at = words.indexOf("--destination");
        const into = at === -1 ? "." : (words[at + 1] ?? ".");
        return {
          does: "build",
          reads: [files(pathOf(call, jar))],
          writes: [files(everythingBelow(pathOf(call, into)))],
        };
      },
    },
  },
  {
    programs: "jlink jpackage native-image",
    syntax: takes("o", "output module-path add-modules compress dest"),
    acts: {
      "*": { does: "build", reads: "./**", writes: "@--output,-o,--dest|./**" },
      "": { does: "build", reads: "./**", writes: "@--output,-o,--dest|./**" },
    },
  },
  { programs: "jdeps jshell keytool jarsigner", acts: { "*": NOTHING, "": NOTHING } },
];

// .NET

const DOTNET_SYNTAX = takes(
  "ocrfav",
  "output configuration runtime framework arch os verbosity source version packages tool-path version-suffix",
);
const DOTNET_READS = "@all ./** $NUGET_PACKAGES/**";
function dotnetBuild(fallback: string): (call: Call) => Outcome {
  return (call) => {
    const out = valueOf(call, "-o", "--output");
    const objects = "obj/** **/obj/** $NUGET_PACKAGES/**";
    return {
      does: "build",
      reads: placesOf(call, DOTNET_READS),
      writes: placesOf(call, out === undefined ? `${fallback} ${objects}` : `@-o,--output/** ${objects}`),
    };
  };
}

const DOTNET: readonly Row[] = [
  {
    programs: "dotnet",
    syntax: DOTNET_SYNTAX,
    acts: {
      "": NOTHING,
      restore: {
        does: "dependencies",
        reads: "@all **/*.csproj *.sln Directory.*.props nuget.config NuGet.Config packages.lock.json",
        writes: "$NUGET_PACKAGES/** obj/** **/obj/**",
      },
      "publish|build|msbuild": dotnetBuild("bin/** **/bin/**"),
      pack: dotnetBuild("bin/** **/bin/**"),
      test: { does: "nothing", reads: DOTNET_READS, writes: "bin/** **/bin/** obj/** **/obj/**" },
      run: { ...TREE },
      "tool install|tool update": { does: "dependencies", writes: "@--tool-path|~/.dotnet/tools/**" },
      "tool restore": { does: "dependencies", reads: ".config/dotnet-tools.json", writes: "$NUGET_PACKAGES/**" },
      "new|add|sln": { does: "files", writes: "./**" },
      "nuget|nuget locals|clean": cleans("$NUGET_PACKAGES/**"),
      "dev-certs|dev-certs https|workload|workload install|workload restore|ef": {
        does: "files",
        writes: "~/.dotnet/** ~/.aspnet/** /usr/share/dotnet/**",
      },
      "help|--info|--version": NOTHING,
    },
  },
  {
    programs: "nuget",
    acts: { restore: { does: "dependencies", reads: "./**", writes: "$NUGET_PACKAGES/** packages/**" } },
  },
];

// C and C++

const cmakeActs: Row["acts"] = {
  "": cmake,
  "*": cmake,
};

function cmake(call: Call): Outcome | undefined {
  const folder = valueOf(call, "--build", "--install");
  if (folder === undefined)
    return has(call, "-E")
      ? undefined
      : has(call, "--version")
        ? { does: "nothing", reads: [], writes: [] }
        : configure(call);
  const tree = [files(everythingBelow(pathOf(call, folder)))];
  const targets = call.command.args.map(({ value }) => value);
  const installs = has(call, "--install") || targets.includes("install");
  const sources = placesOf(call, "./**");
  if (!installs) return { does: "build", reads: plus(tree, sources), writes: tree, usual: true };
  return {
    does: "build",
    reads: plus(tree, sources),
    writes: plus(has(call, "--install") ? [] : tree, placesOf(call, PREFIX(call))),
    usual: true,
  };
}

/** `cmake -B build -S .`, `cmake ..`: writes the build folder. */
function configure(call: Call): Outcome {
  const source = valueOf(call, "-S") ?? call.operands.at(-1)?.value ?? ".";
  const build = valueOf(call, "-B") ?? ".";
  return {
    does: "build",
    reads: [files(everythingBelow(pathOf(call, source)))],
    writes: [files(everythingBelow(pathOf(call, build)))],
    usual: true,
  };
}

/** Where an installation goes: what the call says, else the usual folders. */
function PREFIX(call: Call): string {
  const words = call.command.args.map(({ value }) => value);
  const given =
    words.flatMap((word) => /^(?:DESTDIR|PREFIX|prefix|INSTALL_ROOT)=(.+)$/.exec(word)?.[1] ?? [])[0] ??
    valueOf(call, "--prefix", "--destdir") ??
    stringOf(call, "DESTDIR");
  return given === undefined
    ? "/usr/local/** /usr/lib/** /usr/include/** /usr/bin/* /usr/share/** /etc/** /opt/**"
    : `${pathOf(call, given)}/**`;
}

const MAKE_SYNTAX = takes("CfIjlo", "directory file makefile include-dir jobs");

function make(call: Call): Outcome {
  const targets = call.operands.map(({ value }) => value).filter((value) => !value.includes("="));
  const tree = placesOf(call, "./**");
  if (targets.length > 0 && targets.every((target) => /^(?:dist|un)?clean/.test(target)))
    return { does: "cleanup", reads: [], writes: tree };
  const installs = targets.some((target) => target.includes("install"));
  return {
    does: "build",
    reads: tree,
    writes: installs ? plus(placesOf(call, PREFIX(call)) as readonly Place[], tree) : tree,
    usual: true,
  };
}

const COMPILER_SYNTAX = { short: "oIDLlWfmOx", long: new Set(["-isystem", "-include", "-MF", "-MT", "-Xlinker"]) };

function compile(call: Call): Outcome {
  const sources = call.operands.map(({ value }) => files(pathOf(call, value)));
  const out = valueOf(call, "-o");
  const objects = has(call, "-c")
    ? call.operands.map(({ value }) =>
        files(pathFrom(call.around.folder, value.replace(/^.*\//, "").replace(/\.\w+$/, ".o"))),
      )
    : [files(pathFrom(call.around.folder, "a.out"))];
  if (sources.length === 0) return { does: "nothing", reads: [], writes: [] };
  return {
    does: "build",
    reads: plus(sources, placesOf(call, "./**")),
    writes: out === undefined ? objects : [files(pathOf(call, out))],
  };
}

const C: readonly Row[] = [
  {
    programs: "make gmake bmake mingw32-make",
    syntax: MAKE_SYNTAX,
    folder: "-C --directory",
    acts: { "": make, "*": make },
  },
  { programs: "ninja samu", syntax: takes("Cfjklt"), folder: "-C", acts: { "": make, "*": make } },
  {
    programs: "cmake cmake3",
    syntax: {
      short: "BSDGAUTj",
      long: new Set([
        "--build",
        "--install",
        "--target",
        "--config",
        "--prefix",
        "--parallel",
        "--preset",
        "--component",
      ]),
    },
    acts: cmakeActs,
  },
  {
    programs: "ctest cpack",
    syntax: takes("CR"),
    acts: { "": { does: "nothing", reads: "./**" }, "*": { does: "nothing", reads: "./**" } },
  },
  {
    programs: "meson",
    syntax: takes("CDj", "prefix buildtype destdir"),
    folder: "-C",
    acts: {
      "setup|configure": (call) => {
        const [build, source] = call.operands;
        return {
          does: "build",
          reads: [files(everythingBelow(pathOf(call, source?.value ?? ".")))],
          writes: [files(everythingBelow(pathOf(call, build?.value ?? ".")))],
          usual: true,
        };
      },
      compile: TREE,
      install: (call) => ({
        does: "build",
        reads: placesOf(call, "./**"),
        writes: placesOf(call, PREFIX(call)),
        usual: true,
      }),
      "*": TREE,
      "": NOTHING,
    },
  },
  {
    programs:
      "configure config Configure autogen.sh bootstrap autoreconf autoconf automake aclocal libtoolize autoheader qmake phpize scons xmake premake5",
    local: true,
    acts: { "*": TREE, "": TREE },
  },
  {
    programs: "gcc g++ cc c++ clang clang++ musl-gcc tcc gfortran gnat nasm yasm as xx-clang xx-clang++",
    syntax: COMPILER_SYNTAX,
    acts: { "": NOTHING, "*": compile },
  },
  { programs: "ld lld gold mold", syntax: COMPILER_SYNTAX, acts: { "": NOTHING, "*": compile } },
  { programs: "ar", acts: { "*": { does: "build", reads: "@rest", writes: "@rest" } } },
  { programs: "ranlib", acts: { "*": { does: "build", reads: "@all", writes: "@all" } } },
  // What is stripped or packed stays what it was.
  {
    programs: "strip upx patchelf chrpath eu-strip objcopy setcap",
    syntax: takes("oR", "set-rpath set-interpreter output"),
    acts: {
      "": NOTHING,
      "*": {
        does: "build",
        reads: "@all",
        writes: (call) => placesOf(call, valueOf(call, "-o", "--output") === undefined ? "@all" : "@-o,--output"),
      },
    },
  },
  {
    programs: "conan vcpkg vcpkg-bootstrap",
    local: true,
    acts: {
      "*": { does: "dependencies", reads: "./**", writes: "./** ~/.conan2/** ~/.conan/** $XDG_CACHE_HOME/vcpkg/**" },
    },
  },
  { programs: "ccache", acts: { "*": NOTHING, "": NOTHING } },
];

const OTHERS: readonly Row[] = [
  {
    programs: "swift",
    syntax: takes("c", "package-path configuration scratch-path build-path"),
    folder: "--package-path",
    acts: {
      build: { does: "build", reads: "./**", writes: "@--scratch-path,--build-path|.build/**" },
      "package|package resolve": { does: "dependencies", reads: "Package.swift Package.resolved", writes: ".build/**" },
      test: { does: "nothing", reads: "./**" },
      "": NOTHING,
    },
  },
  {
    programs: "stack cabal",
    syntax: takes("", "installdir local-bin-path resolver"),
    acts: {
      "*": {
        does: "build",
        reads: "./** ~/.stack/** ~/.cabal/**",
        writes: "./** ~/.stack/** ~/.cabal/** @--installdir,--local-bin-path|~/.local/bin/**",
        usual: true,
      },
      "": NOTHING,
    },
  },
  { programs: "zig", acts: { "*": { ...TREE, writes: "./** $XDG_CACHE_HOME/zig/**" } } },
  {
    programs: "dart flutter",
    acts: {
      "pub get|pub upgrade|pub global": {
        does: "dependencies",
        reads: "pubspec.yaml pubspec.lock",
        writes: ".dart_tool/** ~/.pub-cache/** pubspec.lock",
      },
      "compile|build": { ...TREE },
      "*": NOTHING,
    },
  },
];

export const COMPILED: readonly Row[] = [GO, ...RUST, ...JVM, ...DOTNET, ...C, ...OTHERS];

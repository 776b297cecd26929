/** C and C++: make, cmake, meson, compilers, and what is done to their products. */
import { type Call, has, type Outcome, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { everythingBelow, files, pathFrom, type Place } from "../place.ts";
import { NOTHING, plus, stringOf, TREE } from "./acts.ts";

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
    writes: plus(has(call, "--install") ? [] : tree, placesOf(call, installFolders(call))),
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
function installFolders(call: Call): string {
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
    writes: installs ? plus(placesOf(call, installFolders(call)) as readonly Place[], tree) : tree,
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

export const C: readonly Row[] = [
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
        writes: placesOf(call, installFolders(call)),
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

/** CMakeLists.txt → the programs and libraries it builds and what it installs: literals and variables set once in it. */

export interface CmakeProject {
  readonly project: string | undefined;
  readonly minimum: string | undefined;
  readonly languages: readonly string[];
  /** Names of programs; those that a variable of elsewhere names are left out. */
  readonly executables: readonly string[];
  readonly libraries: readonly { readonly name: string; readonly kind: "static" | "shared" | "other" }[];
  /** Packages of `find_package`, in order. */
  readonly packages: readonly string[];
  /** Modules of pkg-config. */
  readonly modules: readonly string[];
  readonly links: readonly string[];
  readonly installs: readonly CmakeInstall[];
  readonly subdirectories: readonly string[];
  /** Where the programs go below the build folder, where that is set. */
  readonly runtimeOutput: string | undefined;
  /** It fetches sources while it builds. */
  readonly fetches: boolean;
}

export interface CmakeInstall {
  readonly what: "targets" | "files" | "programs" | "directory";
  readonly names: readonly string[];
  /** Below the prefix, which is `/usr/local` by itself. */
  readonly destination: string | undefined;
}

export function readCmake(text: string): CmakeProject {
  const variables = new Map<string, string | undefined>();
  const state = {
    project: undefined as string | undefined,
    minimum: undefined as string | undefined,
    languages: [] as string[],
    executables: [] as string[],
    libraries: [] as { name: string; kind: "static" | "shared" | "other" }[],
    packages: [] as string[],
    modules: [] as string[],
    links: new Set<string>(),
    installs: [] as CmakeInstall[],
    subdirectories: [] as string[],
    fetches: false,
  };
  const filled = (written: string): string | undefined => fill(written, variables);
  for (const { name, args: written } of commandsOf(text)) {
    const args = written.map(filled);
    const [first, second] = args;
    const known = args.flatMap((arg) => arg ?? []);
    if (name === "project" && state.project === undefined && first !== undefined) {
      state.project = first;
      for (const key of ["PROJECT_NAME", "CMAKE_PROJECT_NAME"]) variables.set(key, first);
      state.languages = known.slice(1).filter((each) => LANGUAGES.has(each));
    } else if (name === "cmake_minimum_required") state.minimum ??= args[args.indexOf("VERSION") + 1];
    else if (name === "set" && first !== undefined) {
      // A second value makes it unknown: which one holds depends on the way there.
      variables.set(first, variables.has(first) || args.length !== 2 ? undefined : second);
    } else if (name === "add_executable" && first !== undefined && second !== "IMPORTED" && second !== "ALIAS")
      state.executables.push(first);
    else if (
      name === "add_library" &&
      first !== undefined &&
      second !== "INTERFACE" &&
      second !== "ALIAS" &&
      second !== "IMPORTED"
    )
      state.libraries.push({
        name: first,
        kind: second === "SHARED" || second === "MODULE" ? "shared" : second === "STATIC" ? "static" : "other",
      });
    else if (name === "find_package" && first !== undefined) state.packages.push(first);
    else if (name === "pkg_check_modules" || name === "pkg_search_module")
      state.modules.push(
        ...known
          .slice(1)
          .filter((each) => !/^[A-Z_]+$/.test(each))
          .map((each) => each.replace(/[<>=].*$/, "")),
      );
    else if (name === "target_link_libraries") for (const each of known.slice(1)) state.links.add(each);
    else if (name === "add_subdirectory" && first !== undefined) state.subdirectories.push(first);
    else if (name === "fetchcontent_declare" || name === "externalproject_add" || name === "cpmaddpackage")
      state.fetches = true;
    else if (name === "install") {
      const install = installOf(args);
      if (install) state.installs.push(install);
    }
  }
  return {
    ...state,
    links: [...state.links].filter((each) => !/^(?:PUBLIC|PRIVATE|INTERFACE|debug|optimized|general)$/.test(each)),
    runtimeOutput: variables.get("CMAKE_RUNTIME_OUTPUT_DIRECTORY")?.replace(/^<build>\/?/, ""),
  };
}

const LANGUAGES: ReadonlySet<string> = new Set(["C", "CXX", "ASM", "Fortran", "CUDA", "OBJC", "Swift", "CSharp"]);

const INSTALLS: Readonly<Record<string, CmakeInstall["what"]>> = {
  TARGETS: "targets",
  FILES: "files",
  PROGRAMS: "programs",
  DIRECTORY: "directory",
};

/** Words of `install` that end the list of names. */
const INSTALL_WORDS: ReadonlySet<string> = new Set([
  "DESTINATION",
  "RUNTIME",
  "LIBRARY",
  "ARCHIVE",
  "EXPORT",
  "PERMISSIONS",
  "COMPONENT",
  "CONFIGURATIONS",
  "OPTIONAL",
  "RENAME",
  "TYPE",
  "INCLUDES",
  "PUBLIC_HEADER",
  "FILES_MATCHING",
  "PATTERN",
  "BUNDLE",
]);

function installOf(args: readonly (string | undefined)[]): CmakeInstall | undefined {
  const [first = ""] = args;
  const what = Object.hasOwn(INSTALLS, first) ? INSTALLS[first] : undefined;
  if (what === undefined) return undefined;
  const end = args.findIndex((each, at) => at > 0 && each !== undefined && INSTALL_WORDS.has(each));
  const names = args.slice(1, end === -1 ? args.length : end).flatMap((each) => each ?? []);
  // Programs go where RUNTIME says, which may stand behind what is said of libraries.
  const place = args.indexOf("DESTINATION", Math.max(0, args.indexOf("RUNTIME")));
  const standard = what === "targets" && place === -1 ? "bin" : undefined;
  return { what, names, destination: place === -1 ? standard : args[place + 1] };
}

/** What CMake and GNUInstallDirs set by themselves. */
const KNOWN: Readonly<Record<string, string>> = {
  CMAKE_INSTALL_BINDIR: "bin",
  CMAKE_INSTALL_SBINDIR: "sbin",
  CMAKE_INSTALL_DATADIR: "share",
  CMAKE_INSTALL_DATAROOTDIR: "share",
  CMAKE_INSTALL_SYSCONFDIR: "etc",
  CMAKE_BINARY_DIR: "<build>",
  PROJECT_BINARY_DIR: "<build>",
};

function fill(written: string, variables: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!written.includes("$")) return written;
  let isKnown = written.length < 1000;
  const filled = written.slice(0, 1000).replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = variables.get(name) ?? (Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined);
    if (value === undefined) isKnown = false;
    return value ?? "";
  });
  return isKnown && filled.length < 1000 && !filled.includes("$") ? filled : undefined;
}

interface Command {
  /** In lower case: CMake does not tell them apart. */
  readonly name: string;
  readonly args: readonly string[];
}

/** A comment of either kind, a bracket argument, a quoted argument, a bracket, a word. */
const TOKEN =
  /#\[(=*)\[[^]*?(?:\]\1\]|$)|#[^\n]*|\[(=*)\[([^]*?)(?:\]\2\]|$)|"((?:[^"\\]|\\[^])*)(?:"|$)|[()]|(?:[^\s()#"\\]|\\[^])+|\\/g;

function* commandsOf(text: string): Iterable<Command> {
  let name = "";
  let args: string[] = [];
  let depth = 0;
  for (const [token, , , bracketed, quoted] of text.matchAll(TOKEN)) {
    if (token.startsWith("#")) continue;
    if (token === "(") {
      if (depth++ === 0) args = [];
    } else if (token === ")") {
      if (depth > 0 && --depth === 0) yield { name, args };
    } else if (depth === 0) name = token.toLowerCase();
    else
      args.push(...(bracketed === undefined && quoted === undefined ? token.split(";") : [bracketed ?? quoted ?? ""]));
  }
}

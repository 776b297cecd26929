/** What comes along with a program that a build makes: files its sources, its arguments and commands of the build name. */
import { contextSources } from "../../model/dockerfile/copies.ts";
import { folderOf, matches, pathFrom } from "../../model/dockerfile/flow/place.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import { pathsNamed } from "../../model/project/go-source.ts";
import { configures, setsSources, setsSystem } from "./kept.ts";
import { contextPath, imagePath, namedFiles, startedBy, unknownStart, workdir, writesOf } from "./look.ts";
import type { Carried, Case, Decision } from "./recipe.ts";
import { commandText } from "./told.ts";

/** A program that starts. */
export interface Artefact {
  /** In the image. */
  readonly path: string;
  /** The RUN that makes it. */
  readonly at: Instruction;
}

/** Folders that programs read at run time, by the names people give them. */
const ASSET_FOLDERS =
  "templates static public views web/static assets config configs conf etc migrations locales i18n translations".split(
    " ",
  );

/** Sources, and manifests that only builds read. */
const NO_DATA =
  /\.(?:go|rs|c|cc|cpp|cxx|h|hpp|java|kt|mod|sum|lock)$|(?:^|\/)(?:Cargo|rust-toolchain|clippy|rustfmt|deny|pyproject)\.toml$/;

/** Files and folders of the context that the program's own sources name, or that usually are read; as they lie in the image. */
export function assetsOf(it: Case, named: readonly string[], at: Instruction): readonly Carried[] {
  const { paths } = it.context;
  if (paths === undefined) return [];
  const folders = new Set(foldersOf(paths));
  const found = [...new Set([...named, ...ASSET_FOLDERS.filter((folder) => folders.has(folder))])].filter(
    (path) => !NO_DATA.test(path),
  );
  const outer = found.filter((path) => !found.some((other) => other !== path && path.startsWith(`${other}/`)));
  return outer.flatMap((path): readonly Carried[] => {
    const to = imagePath(it, path);
    return to === undefined ? [] : [{ from: to, to, folder: folders.has(path), at }];
  });
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

const SOURCE = /\.(?:go|rs|c|cc|cpp|cxx|h|hpp|java|kt|o|a)$/;

/** What commands copied to where it is needed, besides the program; a text where nobody can tell what it is. */
export function madeBeside(it: Case, { path, at }: Artefact): readonly Carried[] | string {
  const carried: Carried[] = [];
  for (const { effect, need, places } of it.needs.answers) {
    if (effect.does !== "files" || effect.command === undefined || need === "build") continue;
    if (/^(?:mkdir|chown|chmod|chgrp|ln|touch|setcap)$/.test(effect.command.name ?? "")) continue;
    const answer = { effect, need, why: "", places };
    if (setsSystem(answer) || setsSources(answer) || configures(answer)) continue;
    for (const place of places) {
      if (place.kind !== "files" || place.realm !== "image" || matches(place.pattern, path)) continue;
      // `echo "fn main() {}" > src/main.rs`
      if (SOURCE.test(place.pattern)) continue;
      const folder = folderOf(place.pattern);
      if (folder === undefined && place.pattern.includes("*"))
        return `${commandText(effect.command)} writes ${place.pattern}, and it is not known what of it runs`;
      const to = folder ?? place.pattern;
      carried.push({
        from: to,
        to,
        folder: folder !== undefined,
        at: effect.instruction.index > at.index ? effect.instruction : at,
      });
    }
  }
  return carried;
}

/** Manifests and settings of builds, which are data to nobody else. */
const BUILD_FILES =
  /^(?:package(?:-lock)?\.json|tsconfig.*\.json|Cargo\.(?:toml|lock)|go\.(?:mod|sum|work)|pom\.xml|requirements.*\.txt|CMakeLists\.txt|.*\.csproj|global\.json|nuget\.config|Makefile)$/i;
const DATA =
  /\.(?:conf|cfg|ini|ya?ml|json|properties|html?|css|js|tmpl|tpl|sql|pem|crt|txt|csv|db|sqlite3?|svg|png|ico|mo|po)$/i;

/** A COPY that names what servers read, and no sources: `COPY templates /app/templates`. */
export function bringsData({ dockerfile }: Case, instruction: Instruction): boolean {
  const sources = contextSources(dockerfile).filter((source) => source.instruction === instruction);
  return (
    sources.length > 0 &&
    sources.every(({ path }) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return ASSET_FOLDERS.includes(name) || (DATA.test(name) && !BUILD_FILES.test(name));
    })
  );
}

/** A COPY of a script or a file alone that starts, or that what starts names: `COPY entrypoint.sh /`. */
export function bringsStarted(it: Case, instruction: Instruction): boolean {
  const writes = writesOf(it, instruction);
  const folder = workdir(it) ?? "/";
  const wanted = new Set([
    ...namedFiles(it, []),
    ...startedBy(it).map(({ argv: [program = ""] }) => pathFrom(folder, program)),
  ]);
  const named = startedBy(it).map(({ argv: [program = ""] }) => program);
  return (
    writes.length > 0 &&
    writes.every(
      (place) =>
        place.kind === "files" &&
        !place.pattern.includes("*") &&
        (wanted.has(place.pattern) ||
          it.needs.runtime.path.some(
            (each) => named.includes(place.pattern.slice(each.length + 1)) && place.pattern.startsWith(`${each}/`),
          )),
    )
  );
}

/** What is copied of a program and its surroundings, as a decision. */
export const filesDecision = ({ context }: Case, carried: readonly Carried[]): Decision => {
  const [program, ...others] = carried.map(({ to }) => to);
  return {
    id: "files",
    what: others.length > 0 ? `${[program, ...others].join(", ")} are copied` : `only ${program} is copied`,
    why:
      context.paths === undefined
        ? "which other files it reads when it runs is not known: the project could not be read"
        : others.length > 0
          ? "the project's sources name these paths, or they are called as what servers read"
          : "the project's sources name no other file",
    doubtful: context.paths === undefined,
    alternatives: [],
  };
};

/** Each place once, and nothing that a folder brings along. */
export const distinct = (carried: readonly Carried[]): readonly Carried[] =>
  [...new Map(carried.map((each) => [each.to, each])).values()].filter(
    ({ to }, _, all) => !all.some((other) => other.folder && other.to !== to && to.startsWith(`${other.to}/`)),
  );

/** A program with everything around it: what its sources name, what commands copied beside it, what arguments name. */
export function carriedWith(
  it: Case,
  artefact: Artefact,
  literals: readonly string[],
  others: readonly Carried[] = [],
): readonly Carried[] | string {
  const { paths } = it.context;
  const unknown = unknownStart(it);
  if (unknown !== undefined) return unknown;
  const named = paths ? pathsNamed(literals, [...paths, ...foldersOf(paths)]) : [];
  const beside = madeBeside(it, artefact);
  if (typeof beside === "string") return beside;
  return distinct([
    carriedFile(artefact.path, artefact.at),
    ...others,
    ...assetsOf(it, named, artefact.at),
    ...beside,
    ...argumentPlaces(it, artefact.at).filter(({ to }) => to !== artefact.path),
  ]);
}

/** String literals of a source in C's manner; raw strings of Rust too. */
export const literalsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\\n]|\\.){1,200})"/g)].map(([, literal = ""]) => literal);

/** Files and folders of the build context that arguments of what starts name: `--config=config/prod.yml`, `-dir migrations`. */
export function argumentPlaces(it: Case, at: Instruction): readonly Carried[] {
  const folder = workdir(it);
  const { paths } = it.context;
  const sure = namedFiles(it, []).map((path) => carriedFile(path, at));
  const folders = new Set(foldersOf(paths ?? []));
  const values = startedBy(it)
    .flatMap(({ argv }) => argv.slice(1))
    .flatMap((word) => word.replace(/^--?[\w.-]+=/, "").split(","))
    .map((word) => word.replace(/^(?:optional:)?(?:file|classpath):(?:\/\/)?/, "").replace(/(?<=.)\/+$/, ""))
    .filter((word) => word !== "" && !/^-|[\s$*;|&<>]/.test(word));
  const named = [...new Set(values)].flatMap((value): readonly Carried[] => {
    if (folder === undefined || paths === undefined) return [];
    const to = pathFrom(folder, value);
    const path = contextPath(it, to);
    if (path === undefined || path === "" || path === "." || NO_DATA.test(path)) return [];
    if (paths.includes(path)) return [carriedFile(to, at)];
    return folders.has(path) ? [{ from: to, to, folder: true, at }] : [];
  });
  const alone = it.stage.instructions.filter(
    (each) => (each.name === "COPY" || each.name === "ADD") && bringsStarted(it, each),
  );
  const brought = new Set(
    alone.flatMap((each) => writesOf(it, each).flatMap((place) => (place.kind === "files" ? [place.pattern] : []))),
  );
  return [...sure, ...named].filter(({ to }) => !brought.has(to));
}

/** A file that a program is, where it was made. */
export const carriedFile = (path: string, at: Instruction): Carried => ({ from: path, to: path, folder: false, at });

/** Every folder above one of the paths. */
export const foldersOf = (paths: readonly string[]): readonly string[] => [...new Set(paths.flatMap(parentsOf))];

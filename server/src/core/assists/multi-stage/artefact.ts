/** Programs a build makes and the image starts: which file it is, what has to be beside it, on what it can run. */
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import { folderOf, matches, pathFrom } from "../../model/dockerfile/flow/place.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { healthPrograms, imagePath, keptPackages, startedBy, workdir } from "./look.ts";
import type { Carried, Case, Decision, Side } from "./recipe.ts";
import { commandText } from "./sides.ts";

export interface Artefact {
  /** In the image. */
  readonly path: string;
  /** The RUN that makes it. */
  readonly at: Instruction;
}

/** The program of ENTRYPOINT or CMD that one of these commands writes; undefined when none of them certainly does. */
export function startedArtefact(it: Case, builds: readonly Answer[]): Artefact | undefined {
  const folder = workdir(it);
  const { path: folders } = it.needs.runtime;
  for (const { argv } of startedBy(it)) {
    const [program = ""] = argv;
    const paths = program.includes("/")
      ? folder === undefined && !program.startsWith("/")
        ? []
        : [pathFrom(folder ?? "/", program)]
      : folders.map((each) => pathFrom(each, program));
    for (const path of paths) {
      const at = lastWriter(builds, path) ?? lastWriter(it.needs.answers.filter(isMove), path);
      if (at) return { path, at };
    }
  }
  return undefined;
}

/** `cp target/release/app /usr/local/bin/app`. */
const isMove = ({ effect }: Answer): boolean => /^(?:cp|mv|install|ln)$/.test(effect.command?.name ?? "");

function lastWriter(answers: readonly Answer[], path: string): Instruction | undefined {
  return answers.findLast(
    ({ effect }) =>
      effect.writes !== "anything" &&
      effect.writes.some(
        (place) =>
          place.kind === "files" && place.realm === "image" && !isCache(place.pattern) && matches(place.pattern, path),
      ) &&
      !effect.lost.some(({ place, to }) => to !== "volume" && place.kind === "files" && matches(place.pattern, path)),
  )?.effect.instruction;
}

const isCache = (pattern: string): boolean => /(?:^|\/)\.cache\/|\/pkg\/mod\//.test(pattern);

/** Folders that programs read at run time, by the names people give them. */
const ASSET_FOLDERS =
  "templates static public views web/static assets config configs conf migrations locales i18n translations".split(" ");

/** Files and folders of the context that the program's own sources name, or that usually are read; as they lie in the image. */
export function assetsOf(it: Case, named: readonly string[], at: Instruction): readonly Carried[] {
  const { paths } = it.context;
  if (paths === undefined) return [];
  const folders = new Set(foldersOf(paths));
  const found = [...new Set([...named, ...ASSET_FOLDERS.filter((folder) => folders.has(folder))])].filter(
    (path) => !/\.(?:go|rs|c|cc|cpp|h|hpp|java|kt|mod|sum|lock|toml)$/.test(path),
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

/** What a program on its own still needs of a distribution: a shell, packages, a user the file makes. Empty: nothing. */
export function distributionNeeds(it: Case): readonly string[] {
  const { needs } = it;
  const needsOf: string[] = [];
  if (needs.runtime.needsShell) needsOf.push("a shell");
  const packages = keptPackages(it);
  if (packages.length > 0) needsOf.push(`the packages ${packages.join(", ")}`);
  const tools = healthPrograms(it).filter((name) =>
    /^(?:curl|wget|sh|bash|nc|test|\[)$/.test(name.slice(name.lastIndexOf("/") + 1)),
  );
  if (tools.length > 0) needsOf.push(`${tools.join(", ")} for its HEALTHCHECK`);
  if (needs.answers.some(({ effect, need }) => effect.does === "accounts" && need !== "build"))
    needsOf.push("the account the file makes");
  const kept = needs.answers.filter((answer) => isRuntimeFolder(answer) && answer.need === "run");
  if (kept.length > 0) needsOf.push("folders that RUN makes");
  return needsOf;
}

/** It prepares folders and owners rather than bringing contents. */
const isRuntimeFolder = ({ effect }: Answer): boolean =>
  effect.does === "files" && /^(?:mkdir|chown|chmod|chgrp|ln|touch|setcap|install)$/.test(effect.command?.name ?? "");

/** What commands copied to where it is needed, besides the program; a text where nobody can tell what it is. */
export function madeBeside(it: Case, { path, at }: Artefact): readonly Carried[] | string {
  const carried: Carried[] = [];
  for (const { effect, need, places } of it.needs.answers) {
    if (effect.does !== "files" || effect.command === undefined || need === "build") continue;
    if (/^(?:mkdir|chown|chmod|chgrp|ln|touch|setcap)$/.test(effect.command.name ?? "")) continue;
    for (const place of places) {
      if (place.kind !== "files" || place.realm !== "image" || matches(place.pattern, path)) continue;
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

/** For recipes whose program stands alone: all commands build, but accounts, packages and folders for what runs. */
export const onlyBuilds =
  (it: Case) =>
  (instruction: Instruction, command: ShellCommand | undefined): Side | undefined => {
    if (instruction.name === "COPY" || instruction.name === "ADD") return "build";
    if (instruction.name !== "RUN") return undefined;
    const answer = it.needs.answers.find(
      ({ effect }) => effect.instruction === instruction && effect.command === command,
    );
    if (!answer) return "build";
    const { effect, need } = answer;
    if (
      effect.does === "packages" ||
      effect.does === "accounts" ||
      effect.does === "cleanup" ||
      effect.does === "nothing"
    )
      return undefined;
    if (effect.does === "download") return undefined;
    return isRuntimeFolder(answer) && need === "run" ? undefined : "build";
  };

/** Data that the full images have and the slim ones do not: certificates for TLS, time zones. */
export const commonData = (it: Case): readonly string[] => {
  const own = keptPackages(it);
  return ["ca-certificates", "tzdata"].filter((name) => !own.includes(name));
};

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

/** Each place once. */
export const distinct = (carried: readonly Carried[]): readonly Carried[] => [
  ...new Map(carried.map((each) => [each.to, each])).values(),
];

/** A file that a program is, where it was made. */
export const carriedFile = (path: string, at: Instruction): Carried => ({ from: path, to: path, folder: false, at });

/** Every folder above one of the paths. */
export const foldersOf = (paths: readonly string[]): readonly string[] => [...new Set(paths.flatMap(parentsOf))];

/** What recipes ask about a file: its commands, what it starts, where files of the context lie in the image. */
import { lastOf } from "../../model/dockerfile/facts.ts";
import { contextSources, isExcluded } from "../../model/dockerfile/copies.ts";
import { originOf } from "../../model/dockerfile/context-files.ts";
import { environmentAt } from "../../model/dockerfile/environment.ts";
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import {
  covers,
  everythingBelow,
  files,
  matches,
  overlap,
  pathFrom,
  type Place,
} from "../../model/dockerfile/flow/place.ts";
import type { Started } from "../../model/dockerfile/flow/starts.ts";
import { flowOf } from "../../model/dockerfile/flow/walk.ts";
import { purposeOf } from "../../model/dockerfile/flow/purposes.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import { plainWords } from "../../model/dockerfile/plain-words.ts";
import { scopeAt } from "../../model/dockerfile/scope.ts";
import { allSystemCalls } from "../../model/dockerfile/system-packages.ts";
import type { Case } from "./recipe.ts";

/** The commands of RUNs whose program is one of these, with what they leave. */
export const commandsNamed = ({ needs }: Case, names: RegExp): readonly Answer[] =>
  needs.answers.filter(({ effect }) => names.test(effect.command?.name ?? ""));

/** What the image itself starts, a HEALTHCHECK left out: in the order of ENTRYPOINT and CMD, then what those start. */
export const startedBy = ({ needs }: Case): readonly Started[] =>
  needs.runtime.started.filter(({ by }) => by !== "HEALTHCHECK");

/** The working folder at the end; undefined where nobody knows it. */
export function workdir({ dockerfile, stage }: Case): string | undefined {
  const folder = flowOf(dockerfile)[stage.index]?.end.folder;
  return folder === undefined || folder.includes("*") ? undefined : folder;
}

/** The value of a variable at the end of the file; undefined where it is not set or not known. */
export function variable({ dockerfile, stage }: Case, name: string): string | undefined {
  const last = stage.instructions.at(-1);
  if (!last) return undefined;
  const { set } = environmentAt(dockerfile, last);
  const value = set.has(name) ? scopeAt(dockerfile, last).get(name) : undefined;
  return typeof value === "string" ? value : undefined;
}

/** The text of a file of the image that the build context brings; undefined where it does not, or nobody knows. */
export function fileOfImage(it: Case, path: string): string | undefined {
  const at = contextPath(it, path);
  return at === undefined ? undefined : it.context.read(at);
}

/** What a path of the image is called in the build context. */
export function contextPath({ dockerfile, stage }: Case, path: string): string | undefined {
  const last = stage.instructions.at(-1);
  const origin = last && originOf(dockerfile, { ...last, index: last.index + 1, flags: [] }, path);
  return origin === undefined || origin.kind === "hidden" ? undefined : origin.path;
}

/** Where a file of the build context comes to lie in the image; the last COPY wins. */
export function imagePath({ dockerfile, stage }: Case, path: string): string | undefined {
  for (const source of contextSources(dockerfile).toReversed()) {
    const { instruction } = source;
    if (instruction.stage !== stage.index || isExcluded(source, path)) continue;
    const folder = flowOf(dockerfile)[stage.index]?.inForce.get(instruction)?.folder ?? "/**";
    const target = instruction.words.at(-1)?.text ?? "";
    if (folder.includes("*") || /[$"']/.test(target)) continue;
    const to = pathFrom(folder, target);
    if (source.path === ".") return pathFrom(to, path);
    if (path.startsWith(`${source.path}/`)) return pathFrom(to, path.slice(source.path.length + 1));
    const name = path.slice(path.lastIndexOf("/") + 1);
    const named = source.path === path || (source.pattern && matches(source.path, path));
    if (named) return target.endsWith("/") || target === "." || instruction.words.length > 2 ? pathFrom(to, name) : to;
  }
  return undefined;
}

/** Packages the file installs that nothing says are for building only. */
export const keptPackages = ({ dockerfile }: Case): readonly string[] =>
  allSystemCalls(dockerfile)
    .filter(({ effect }) => effect === "install")
    .flatMap(({ packages }) => packages.map(({ value }) => value.replace(/[=<>~].*$/, "")))
    .filter((name) => purposeOf(name) === "run");

/** Every package of the distribution the file installs. */
export const installedPackages = ({ dockerfile }: Case): readonly string[] =>
  allSystemCalls(dockerfile)
    .filter(({ effect }) => effect === "install")
    .flatMap(({ packages }) => packages.map(({ value }) => value.replace(/[=<>~].*$/, "")));

/** CMD and ENTRYPOINT that a shell has to read, as the same in exec form: undefined where they need a shell. */
export function execForms({ dockerfile, stage }: Case): ReadonlyMap<Instruction, string> | undefined {
  const forms = new Map<Instruction, string>();
  for (const name of ["ENTRYPOINT", "CMD"]) {
    const instruction = lastOf(dockerfile, stage, name);
    if (!instruction || instruction.json) continue;
    const words = instruction.flags.length > 0 ? undefined : plainWords(instruction.body);
    if (!words || words.length === 0) return undefined;
    const argv = words.map(({ text }) => text);
    const program = argv[0] === "exec" ? argv.slice(1) : argv;
    forms.set(instruction, `${instruction.keyword.text} [${program.map((each) => JSON.stringify(each)).join(", ")}]`);
  }
  return forms;
}

/** A program a HEALTHCHECK of the file starts. */
export const healthPrograms = ({ needs }: Case): readonly string[] =>
  needs.runtime.started.filter(({ by }) => by === "HEALTHCHECK").flatMap(({ argv }) => argv[0] ?? []);

/** The single files, none of `but`, that what runs certainly needs and the build context brings: `--config /app/config.yml`. */
export function namedFiles(it: Case, but: readonly string[]): readonly string[] {
  return it.needs.runtime.wants.flatMap(({ place, sure }) => {
    if (!sure || place.kind !== "files" || place.realm !== "image" || place.pattern.includes("*")) return [];
    const path = place.pattern;
    return !but.includes(path) && contextPath(it, path) !== undefined && copies(it, path) ? [path] : [];
  });
}

/** A COPY of the file writes there. */
const copies = ({ needs }: Case, path: string): boolean =>
  needs.answers.some(
    ({ effect }) =>
      effect.does === "copies context" &&
      effect.writes !== "anything" &&
      effect.writes.some((place) => overlap(place, files(path))),
  );

/** What an instruction writes; nothing where nobody knows. */
export const writesOf = ({ needs }: Case, instruction: Instruction): readonly Place[] =>
  needs.answers.flatMap(({ effect }) =>
    effect.instruction === instruction && effect.writes !== "anything" ? effect.writes : [],
  );

/** The last COPY behind an instruction that writes into a folder; the instruction itself where there is none. */
export const lastCopy = (it: Case, at: Instruction, folder: string): Instruction =>
  it.stage.instructions.findLast(
    (each) =>
      (each.name === "COPY" || each.name === "ADD") &&
      each.index > at.index &&
      writesOf(it, each).some((place) => overlap(place, files(everythingBelow(folder)))),
  ) ?? at;

/** Who a COPY of the file gives a folder to; what is copied from a stage would be root's. */
export function ownerOf(it: Case, folder: string): { readonly owner?: string } {
  const copy = it.stage.instructions.findLast(
    (each) =>
      (each.name === "COPY" || each.name === "ADD") &&
      each.flags.some(({ name }) => name === "--chown") &&
      writesOf(it, each).some((place) => covers(place, files(everythingBelow(folder)))),
  );
  const owner = copy?.flags.find(({ name }) => name === "--chown")?.value?.text;
  return owner === undefined ? {} : { owner };
}

/** What nobody can follow of what it starts; a clause. */
export const unknownStart = ({ needs }: Case): string | undefined =>
  needs.runtime.unknown.find((what) => /^what \S+ starts is not known$/.test(what));

/** A name across files: every place that means the same thing as the one under the cursor. */
import { nameAt, type NameKind, type NamePlace, namesOf } from "../../model/compose/name-index.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { type Files, pathFrom, projectOf } from "./files.ts";

export interface FilePlace extends NamePlace {
  readonly path: string;
}

export interface Meaning {
  readonly kind: NameKind;
  readonly name: string;
  readonly places: readonly FilePlace[];
  /** Every file of the projects it belongs to. */
  readonly files: readonly string[];
}

/** In one file, for anchors and wherever other files do not matter. */
export function meaningHere(path: string, compose: ComposeFile, place: NamePlace): Meaning {
  const places = namesOf(compose).places.filter((each) => isSame(each, place));
  return { kind: place.kind, name: place.name, places: places.map((each) => ({ ...each, path })), files: [path] };
}

/** What the name at an offset means; undefined when there is none. */
export function meaningAt(path: string, offset: number, files: Files): Meaning | undefined {
  const compose = files.compose(path);
  const place = compose && nameAt(compose, offset);
  if (!compose || !place) return undefined;
  if (place.kind === "anchor") return meaningHere(path, compose, place);
  const elsewhere = place.file === undefined ? path : pathFrom(path, place.file);
  if (elsewhere === undefined || (elsewhere !== path && files.kind(elsewhere) !== "file"))
    return meaningHere(path, compose, place);
  return meaningOf(elsewhere, place.kind, place.name, files);
}

/** A kind's name in the project of a file. */
export function meaningOf(path: string, kind: NameKind, name: string, files: Files): Meaning {
  const projects = projectsWith(path, kind, name, files);
  const all = [...new Set([...projects, ...files.around, ...projects.flatMap((each) => extendedFrom(each, files))])];
  const places = all.flatMap((at) => {
    const compose = files.compose(at);
    if (!compose) return [];
    return namesOf(compose)
      .places.filter((each) => each.kind === kind && each.name === name && projects.includes(home(at, each) ?? ""))
      .map((each): FilePlace => ({ ...each, path: at }));
  });
  return { kind, name, places, files: projects };
}

/** The file whose project a name belongs to: its own, or the one it says it extends. */
const home = (path: string, { file }: NamePlace): string | undefined =>
  file === undefined ? path : pathFrom(path, file);

const isSame = (one: NamePlace, other: NamePlace): boolean =>
  one.kind === other.kind && one.name === other.name && one.file === other.file && one.anchor === other.anchor;

/** The files a file extends services of, those of the same project not. */
const extendedFrom = (path: string, files: Files): readonly string[] =>
  extensionsOf(path, files).flatMap(({ to }) => (to === path ? [] : to));

interface Extension {
  /** The file whose service is extended, and that service. */
  readonly to: string;
  readonly service: string;
}

function extensionsOf(path: string, files: Files): readonly Extension[] {
  const compose = files.compose(path);
  if (!compose) return [];
  return namesOf(compose).places.flatMap((place) => {
    const to = place.file === undefined ? undefined : pathFrom(path, place.file);
    return to === undefined || files.kind(to) !== "file" ? [] : [{ to, service: place.name }];
  });
}

/**
 * The files of every project that shares the name. A service that is extended brings along what it uses: its networks, volumes and the
 * services it depends on have to be in both projects, under one name.
 */
function projectsWith(path: string, kind: NameKind, name: string, files: Files): readonly string[] {
  const found = new Set<string>();
  const waiting = [path];
  for (const start of waiting) {
    if (found.has(start)) continue;
    const project = projectOf(start, files);
    for (const file of project) found.add(file);
    for (const file of project)
      for (const { to, service } of extensionsOf(file, files))
        if (!found.has(to) && saysIn(to, service, kind, name, files)) waiting.push(to);
    for (const other of files.around)
      if (!found.has(other))
        for (const { to, service } of extensionsOf(other, files))
          if (project.includes(to) && saysIn(to, service, kind, name, files)) waiting.push(other);
  }
  return [...found];
}

/** Does the service of that file, or what it extends in turn, use the name? */
function saysIn(path: string, service: string, kind: NameKind, name: string, files: Files): boolean {
  const seen = new Set<string>();
  const visit = (file: string, of: string): boolean => {
    if (seen.has(`${file}\0${of}`)) return false;
    seen.add(`${file}\0${of}`);
    const compose = files.compose(file);
    if (!compose) return false;
    const said = namesOf(compose).places.filter(({ services }) => services.includes(of));
    if (said.some((each) => each.kind === kind && each.name === name && !each.extends)) return true;
    return said
      .filter((each) => each.extends)
      .some((base) => {
        const to = home(file, base);
        return to !== undefined && visit(to, base.name);
      });
  };
  return visit(path, service);
}

/** The mounts of a RUN and the volumes of an image: what is written there is not in the layer. */
import type { Instruction } from "../model.ts";
import { mountsOf } from "../mounts.ts";
import { sourceStage } from "../stages.ts";
import type { Value } from "../variables.ts";
import { patternOf } from "./around.ts";
import type { Effect, Lost } from "./effect.ts";
import { everythingBelow, files, folderOf, overlap, pathFrom, type Place, type Places } from "./place.ts";
import type { Ground, Stand } from "./stand.ts";

/** A RUN's mount: what is written below it stays out of the layer, what is read there comes from elsewhere. */
export interface Mounted {
  readonly target: string;
  readonly to: Lost["to"];
  readonly source: Place | undefined;
}

export function mountedAt(
  { dockerfile, stand }: Ground,
  run: Instruction,
  get: (name: string) => Value,
): readonly Mounted[] {
  return mountsOf(dockerfile, run).flatMap(({ type, target, source, flag }): Mounted[] => {
    const field = (...keys: string[]): string | undefined => flag.fields.find(({ key }) => keys.includes(key))?.value;
    const written = field("target", "dst", "destination");
    if (written === undefined || (type !== "cache" && type !== "tmpfs" && type !== "bind")) return [];
    const path =
      target ??
      (patternOf(written, get).text.startsWith("**") ? "/**" : pathFrom(stand.folder, patternOf(written, get).text));
    if (type !== "bind") return [{ target: path, to: `${type} mount`, source: undefined }];
    const from = field("from");
    const stage = from === undefined ? undefined : sourceStage(dockerfile, run.stage, from, false);
    const realm = from === undefined ? "context" : (stage?.index ?? "elsewhere");
    const clean = pathFrom("/", source ?? ".");
    const pattern = everythingBelow(realm === "context" ? clean.slice(1) : clean);
    return [{ target: path, to: "bind mount", source: files(pattern, realm) }];
  });
}

export function mounted(made: Effect, mounts: readonly Mounted[], volumes: Stand["volumes"]): Effect {
  if (mounts.length === 0 && volumes.length === 0) return made;
  const writes = made.writes === "anything" ? [] : made.writes;
  const lost = [
    ...mounts.map(({ target, to }) => ({ target, to })),
    ...volumes.map(({ path }) => ({ target: path, to: "volume" as const })),
  ].flatMap(({ target, to }) => {
    const folder = files(everythingBelow(target));
    return writes
      .filter((place) => place.kind === "files" && isInto(place, folder))
      .map((place): Lost => ({ place, to }));
  });
  const sources = mounts.flatMap(({ target, source }) =>
    source && (made.reads === "anything" || made.reads.some((place) => overlap(place, files(everythingBelow(target)))))
      ? [source]
      : [],
  );
  const reads: Places = made.reads === "anything" ? made.reads : [...made.reads, ...sources];
  return { ...made, reads, lost };
}

/** What is written is, or may be, below the folder; a folder above it is not lost with it. */
function isInto(place: Place, folder: Place): boolean {
  if (!overlap(place, folder) || place.kind !== "files" || folder.kind !== "files") return false;
  const own = folderOf(place.pattern);
  const target = folderOf(folder.pattern);
  return own === undefined || target === undefined || own === target || own.startsWith(`${target}/`) || target === "/";
}

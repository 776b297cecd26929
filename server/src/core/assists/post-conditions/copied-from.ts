/** What is copied or mounted from a stage is made there, and in its layers: a cache mount keeps what is written into it. */
import { knownBase } from "../../model/dockerfile/bases.ts";
import type { Effect } from "../../model/dockerfile/flow/effect.ts";
import {
  covers,
  everythingBelow,
  files,
  type Files,
  folderOf,
  overlap,
  overlaps,
  type Place,
} from "../../model/dockerfile/flow/place.ts";
import { effectsOf, flowOf } from "../../model/dockerfile/flow/walk.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import { rootBase, sourceStage } from "../../model/dockerfile/stages.ts";
import { type Fault, newFaults } from "./declared.ts";

export interface Copied {
  readonly instruction: Instruction;
  readonly from: Stage;
  /** In the image of that stage. */
  readonly source: Files;
}

/** What the file's stages take from each other. */
export function copiedFrom(dockerfile: Dockerfile): readonly Copied[] {
  return dockerfile.stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      instruction.name === "RUN" ? mountedFrom(dockerfile, instruction) : takenBy(dockerfile, instruction),
    ),
  );
}

function takenBy(dockerfile: Dockerfile, instruction: Instruction): readonly Copied[] {
  if (!instruction.flags.some(({ name }) => name === "--from")) return [];
  const effect = flowOf(dockerfile)[instruction.stage]?.effects.find((each) => each.instruction === instruction);
  if (!effect || effect.reads === "anything") return [];
  return effect.reads.flatMap((place) => {
    if (place.kind !== "files" || typeof place.realm !== "number") return [];
    const from = dockerfile.stages[place.realm];
    return from ? [{ instruction, from, source: files(place.pattern) }] : [];
  });
}

function mountedFrom(dockerfile: Dockerfile, instruction: Instruction): readonly Copied[] {
  return mountsOf(dockerfile, instruction).flatMap(({ type, source, flag }) => {
    const name = flag.fields.find(({ key }) => key === "from")?.value;
    const from = name === undefined ? undefined : sourceStage(dockerfile, instruction.stage, name, false);
    if (type !== "bind" || !from || source === undefined || source.includes("$")) return [];
    const path = source.startsWith("/") ? source : `/${source}`;
    return [{ instruction, from, source: files(everythingBelow(path.replace(/\/+$/, ""))) }];
  });
}

const faultsOf = (dockerfile: Dockerfile): readonly Fault[] =>
  copiedFrom(dockerfile).flatMap(({ from, source }) => {
    const what = source.pattern.replace(/\/\*\*$/, "") || "/";
    const wrong = fate(dockerfile, from, source);
    const name = from.name ? `stage ${from.name.text}` : `stage ${from.index}`;
    if (wrong === "unmade")
      return [{ key: what, reason: `nothing in ${name} makes ${what}, which is copied from there` }];
    if (wrong === "lost")
      return [
        { key: what, reason: `${what} is written into a mount in ${name}, so there is nothing to copy from there` },
      ];
    return [];
  });

export const hasWriter = newFaults(faultsOf);

/** What becomes of it is decided by whoever writes it last. */
function fate(dockerfile: Dockerfile, stage: Stage, source: Files): "made" | "lost" | "unmade" {
  const writers = effectsOf(dockerfile, stage).filter(
    ({ does, writes }) => does !== "cleanup" && overlaps(writes, [source]),
  );
  const last = writers.at(-1);
  if (last) return isKept(dockerfile, last, source) ? "made" : "lost";
  return mayBeInBase(dockerfile, stage, source) ? "made" : "unmade";
}

/** Only what is certainly in a mount is lost: a place that a variable hides may be anywhere. */
function isKept(dockerfile: Dockerfile, { writes, lost, instruction }: Effect, source: Files): boolean {
  const mounted = mountsOf(dockerfile, instruction).some(
    ({ type, target }) =>
      (type === "cache" || type === "tmpfs") && target !== undefined && covers(files(everythingBelow(target)), source),
  );
  if (mounted || writes === "anything") return !mounted;
  return writes.some(
    (place) =>
      overlap(place, source) &&
      !(isCertain(place) && lost.some((each) => each.place === place && each.to !== "volume")),
  );
}

const isCertain = (place: Place): boolean =>
  place.kind === "files" && (!place.pattern.includes("*") || folderOf(place.pattern) !== undefined);

/** Folders at the root that images bring files in. */
const SYSTEM =
  /^\/(?:bin|boot|dev|etc|home|lib(?:32|64|x32)?|media|mnt|nix|opt|proc|root|run|s?bin|srv|sys|tmp|usr|var)(?:\/|$)/;
/** Those that people make, below folders that images bring. */
const OWN = /^\/(?:usr\/src\/(?!linux|python|php)|home\/[^/*]+\/[^./*])/;

/** Whether the base image has such a file nobody knows; of images people know, only that they put nothing beside the system's folders. */
function mayBeInBase(dockerfile: Dockerfile, stage: Stage, { pattern }: Files): boolean {
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return false;
  const known = base.kind === "image" ? knownBase(base.reference) : undefined;
  if (!known || pattern.startsWith("/**") || pattern === "/") return true;
  if (OWN.test(pattern)) return false;
  return SYSTEM.test(pattern) || isWorkingFolder(dockerfile, stage, pattern);
}

/** golang's /go, composer's /app: what the image works in, it may have filled. */
function isWorkingFolder(dockerfile: Dockerfile, stage: Stage, pattern: string): boolean {
  const { folder, path } = flowOf(dockerfile)[stage.index]?.end.inherited ?? {};
  const roots = [folder, ...(path ?? [])].flatMap((each) =>
    each === undefined || each === "/" ? [] : [`/${each.split("/")[1]}`],
  );
  return roots.some((root) => pattern === root || pattern.startsWith(`${root}/`));
}

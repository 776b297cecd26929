/** The `--mount` flags of a RUN: which folders are not part of its layer. */
import { normalized } from "./before.ts";
import type { Dockerfile, Flag, Instruction } from "./model.ts";
import { expandIn } from "./scope.ts";

export interface Mount {
  /** `bind` when none is written. */
  readonly type: string;
  /** Absolute; undefined when it is not written, relative or hidden by a variable. */
  readonly target: string | undefined;
  /** A variable hides where it stands. */
  readonly hidden: boolean;
  readonly source: string | undefined;
  readonly flag: Flag;
}

const NO_MOUNTS: readonly Mount[] = [];

export function mountsOf(dockerfile: Dockerfile, instruction: Instruction): readonly Mount[] {
  if (instruction.flags.length === 0) return NO_MOUNTS;
  return instruction.flags
    .filter(({ name }) => name === "--mount")
    .map((flag) => {
      const field = (...keys: string[]): string | undefined => flag.fields.find(({ key }) => keys.includes(key))?.value;
      const written = field("target", "dst", "destination");
      const { text, known } = expandIn(dockerfile, instruction, written ?? "");
      return {
        type: field("type")?.toLowerCase() ?? "bind",
        target: known && text.startsWith("/") ? normalized(text) : undefined,
        hidden: written !== undefined && !known,
        source: field("source", "src"),
        flag,
      };
    });
}

/** True when what is written below the path goes into a cache or memory, not into the layer. A hidden target may be it. */
export const isCached = (mounts: readonly Mount[], path: string): boolean =>
  mounts.some(
    ({ type, target, hidden }) =>
      (type === "cache" || type === "tmpfs") && (hidden || (target !== undefined && isWithin(path, target))),
  );

/** True when the path is the folder or below it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || folder === "/" || path.startsWith(`${folder}/`);

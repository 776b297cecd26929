/** What the lock files of npm, yarn, pnpm and bun have in common, and whether one of them fits its package.json. */
import type { PackageJson } from "./package-json.ts";
import { at, namedTexts } from "./values.ts";

export interface NodeLock {
  readonly kind: "npm" | "yarn classic" | "yarn" | "pnpm" | "bun";
  /** Of its format, as written: `3`, `9.0`. */
  readonly version: string | undefined;
  /**
   * What each project asked for when it was written, by its folder (empty for the root): name → range. Undefined where the format
   * does not say.
   */
  readonly wanted: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
  /** Where it does not: whether a package was locked for this range; undefined where even that is not said. */
  readonly locks: (name: string, range: string) => boolean | undefined;
  /** Every package in it, once; development dependencies included. */
  readonly packages: ReadonlySet<string>;
  /** Those of them that run a script when they are installed; undefined where the format does not say. */
  readonly scripted?: ReadonlySet<string>;
}

/** The dependencies of an entry that has them in groups as package.json does. */
export const wantedOf = (entry: unknown): ReadonlyMap<string, string> =>
  new Map(
    ["devDependencies", "dependencies", "optionalDependencies"].flatMap((group) => [...namedTexts(at(entry, group))]),
  );

export interface Agreement {
  /** Undefined: cannot be told from these two files. */
  readonly inSync: boolean | undefined;
  /** The dependencies that are missing, differ, or are in it too much. */
  readonly differing: readonly string[];
}

/**
 * Whether an install that takes nothing but the lock file succeeds, as `npm ci`, as far as the two files tell: the same ranges
 * for the same names do. Ranges that differ may still both hold the locked version: then nobody knows. `folder` is the project's,
 * relative to the lock file.
 */
export function agreementOf(project: PackageJson, lock: NodeLock, folder = ""): Agreement {
  const asked = new Map([...project.devDependencies, ...project.dependencies, ...project.optionalDependencies]);
  if (!lock.wanted) {
    const answers = [...asked].map(([name, range]) => [name, lock.locks(name, range)] as const);
    const differing = answers.filter(([, locked]) => locked === false).map(([name]) => name);
    if (differing.length > 0) return { inSync: false, differing };
    return { inSync: answers.every(([, locked]) => locked === true) ? true : undefined, differing };
  }
  const wanted = lock.wanted.get(folder);
  if (!wanted) return { inSync: undefined, differing: [] };
  const missing = [...asked.keys()].filter((name) => !wanted.has(name));
  const others = [...asked].filter(([name, range]) => wanted.has(name) && wanted.get(name) !== range);
  // Peer dependencies are in some formats and not in others.
  const surplus = [...wanted.keys()].filter((name) => !asked.has(name) && !project.peerDependencies.has(name));
  const differing = [...missing, ...others.map(([name]) => name), ...surplus];
  if (missing.length > 0)
    return {
      inSync: lock.kind === "npm" && missing.every((name) => lock.packages.has(name)) ? undefined : false,
      differing,
    };
  if (differing.length === 0) return { inSync: true, differing };
  // npm compares versions, the others compare what was asked for.
  return { inSync: lock.kind === "npm" ? undefined : false, differing };
}
